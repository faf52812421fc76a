"""What level 5 asks of each question and how far answers are from it, read off the score sheet."""

from __future__ import annotations

from decimal import Decimal

import pytest

from scoring.engine.level_five import REACHED, level_five_standing
from scoring.scheme.check import check_scheme
from scoring.scheme.level_five import asks_by_criterion, asks_by_question
from scoring.scheme.load import parse_scheme
from tests.scoring.worlds import FILES, criterion, full_answers, sheet_of, text, world


@pytest.mark.parametrize("name", ["real", "trial"])
def test_everything_answered_and_proven_reaches_level_five(name: str) -> None:
    asks, sheet = asks_by_criterion(*world(name)), sheet_of(name, full_answers(name))
    for score in sheet.criteria:
        if score.id in asks and score.kind != "external" and score.points == score.maximum == 100:
            standing = level_five_standing(asks[score.id], score)
            assert standing.is_reached
            assert standing.standing == REACHED


def test_every_scored_question_of_the_real_form_has_a_sentence_with_its_source() -> None:
    instrument, scheme = world("real")
    asked, left_out = asks_by_question(instrument, scheme), {u.question for u in scheme.not_counted}
    for criterion_ in scheme.criteria:
        assert criterion_.level5 is not None, criterion_.id
        assert criterion_.level5.text.en
        assert criterion_.level5.source
    for question in instrument.questions:
        if question.scored and question.pillar not in (None, "8") and question.id not in left_out:
            assert asked.get(question.id), question.id


def test_published_sentences_stand_where_the_last_step_is_published() -> None:
    """A sentence is marked official only where the scheme's own full points are."""
    for criterion_ in world("real")[1].criteria:
        if criterion_.level5 is None or criterion_.external:
            continue
        full = [s.points for s in criterion_.steps] or list(criterion_.points.values())
        top = max(full, key=lambda figure: figure.value)
        assert (criterion_.level5.origin == "official") == (top.origin == "official"), criterion_.id


def test_a_scheme_without_sentences_makes_them_of_its_steps() -> None:
    asks = asks_by_criterion(*world("trial"))
    assert asks["hours"].text.th == "เวลาเปิดนอกราชการ: อย่างน้อย 3 ช่วง"
    assert asks["longest"].text.en == "Longest hours: at least 12.5 hours"
    assert asks["plan"].text.en == "Plan for service points: There is a plan"
    assert asks["plan"].is_published


def test_what_is_missing_is_the_sheets_own_figure() -> None:
    asks = asks_by_criterion(*world("real"))
    values = {"P4.4": "yes", "P4.4.2": ["1", "2", "3"], "G1": "yes", "P4.2": "count", "P4.2.count": "4"}
    sheet = sheet_of("real", values, marked=frozenset({"P4.4.2=1"}))
    kinds = level_five_standing(asks["vulnerable-kinds"], criterion(sheet, "vulnerable-kinds"))
    assert kinds.missing == Decimal(3)
    assert "1 จาก 4 ประเภท" in kinds.standing.th
    assert "ขาดหลักฐาน 2" in kinds.standing.th
    committee = level_five_standing(asks["committee"], criterion(sheet, "committee"))
    assert committee.missing == 1
    assert "หลักฐาน" in committee.standing.th
    share = level_five_standing(asks["digital-share"], criterion(sheet, "digital-share"))
    assert share.missing is None
    assert share.standing.th
    ways = level_five_standing(asks["paperless-ways"], criterion(sheet, "paperless-ways"))
    assert (ways.missing, ways.standing.th) == (None, "")  # it cannot reach level 5 by itself


def test_how_a_score_is_made_is_said_of_scores_from_outside_only() -> None:
    scheme, _faults = parse_scheme(text(FILES["real"][1]).replace("level5: {th: แผนของ", "method: {th: แผนของ", 1))
    assert scheme is not None
    told = [str(fault) for fault in check_scheme(scheme, world("real")[0])]
    assert any("`method` stands beside `external` only" in line for line in told), told


def test_a_share_is_told_in_per_cent() -> None:
    values = {"P4.2": "count", "P4.2.count": "4", "P4.2.1": "count", "P4.2.1.count": "1"}
    asks, sheet = asks_by_criterion(*world("real")), sheet_of("real", values)
    standing = level_five_standing(asks["digital-share"], criterion(sheet, "digital-share"))
    assert standing.standing.th == "ตอนนี้ร้อยละ 25 ต้องถึงร้อยละ 100"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    level5: {th:", "    level5: {text:", "`level5` is {th: …, en: …, from: …}"),
        ("from: external, source", "from: rumour, source", "`from` is one of"),
        ('address: "https://dg-sa', 'address: "http://dg-sa', "`address` begins with https://"),
    ],
)
def test_faults_of_the_sentences_are_told(old: str, new: str, message: str) -> None:
    file = text(FILES["real"][1])
    assert old in file
    _scheme, faults = parse_scheme(file.replace(old, new, 1))
    found = [fault for fault in faults if message in fault.message]
    assert found, faults
    assert all(fault.line for fault in found)
