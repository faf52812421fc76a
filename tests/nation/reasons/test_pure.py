"""Folding, suggesting and finding personal data, without a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nation.facts.folding import fold_reason
from nation.reasons.personal_data import PersonalMark, personal_marks
from nation.reasons.suggesting import KnownText, Why, suggest_codes

LABELS = {"money": "ขาดงบประมาณ", "people": "ขาดบุคลากร", "plan": "อยู่ระหว่างจัดทำแผน"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ขาดงบประมาณ", " ขาด งบประมาณ. "),
        ("งบปี 2568 ไม่พอ", "งบปี ๒๕๖๘ไม่พอ"),
        ("No budget", "no  BUDGET"),
        ("ไม่มี\u200bแผน", "ไม่มีแผน"),
    ],
)
def test_spellings_of_one_reason_fold_to_one(one: str, other: str) -> None:
    assert fold_reason(one) == fold_reason(other)


def test_different_words_stay_apart() -> None:
    assert fold_reason("no one") != fold_reason("noone")
    assert fold_reason("มีงบประมาณ") != fold_reason("ไม่มีงบประมาณ")


@given(st.text(max_size=500))
def test_a_fold_folds_to_itself_and_fits_its_column(text: str) -> None:
    folded = fold_reason(text)
    assert fold_reason(folded) == folded
    assert len(folded) <= 400


def test_the_surest_source_wins() -> None:
    text = fold_reason("ยังไม่ได้จัดสรรงบประมาณ")
    like = KnownText(fold_reason("ไม่มีงบประมาณจัดสรร"), "people")
    earlier = KnownText(text, "plan", earlier=True, linked=True)
    now = KnownText(text, "money")
    assert suggest_codes([text], [like], LABELS)[text].why == Why.LIKE
    assert suggest_codes([text], [like, earlier], LABELS)[text].why == Why.LAST_YEAR
    found = suggest_codes([text], [now, earlier, like], LABELS)[text]
    assert (found.code, found.why) == ("money", Why.SAME)


def test_a_code_that_left_the_list_is_not_suggested() -> None:
    text = fold_reason("อินเทอร์เน็ตช้า")
    assert suggest_codes([text], [KnownText(text, "gone")], LABELS) == {}


def test_words_of_a_label_are_found_and_words_of_every_reason_are_not_enough() -> None:
    money, lack = fold_reason("ไม่ได้รับจัดสรรงบประมาณประจำปี"), fold_reason("ขาดความเข้าใจ")
    found = suggest_codes([money, lack], [], LABELS)
    assert {text: one.code for text, one in found.items()} == {money: "money"}


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("ติดต่อ somchai@example.go.th", [PersonalMark.MAIL]),
        ("โทร. ๐๔๒-๑๒๓๔๕๖", [PersonalMark.PHONE]),
        ("เลขบัตร 1-4399-00012-34-5", [PersonalMark.CITIZEN]),
        ("วิทยากรคือนายสมชาย ใจดี", [PersonalMark.NAME]),
        ("นายอำเภอและนายกเทศมนตรีร่วมประชุม", []),
        ("งบประมาณ 1,234,567 บาท ปี 2568", []),
    ],
)
def test_personal_data_is_found_by_its_shape(text: str, marks: list[PersonalMark]) -> None:
    assert personal_marks(text) == marks
