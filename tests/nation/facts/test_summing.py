"""The blocks of a made-up year: counted as other code counts, denominators told, nothing of a real year known."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from dgready.localized_text import LocalizedText
from nation.facts.comparing import PublishedFigure, compare_blocks, compare_published, translate
from nation.facts.folding import fold_reason
from nation.facts.form_facts import read_form_facts
from nation.facts.tally import Picked
from nation.facts.types import BlockKind
from survey.linking.link_file import parse_links
from tests.nation.facts.recount import check, countable
from tests.nation.facts.worlds import Values, answers, blocks_of, contributions
from tests.trial import REAL, ROOT, TRIAL, form

NEXT = ROOT / "tests/instruments/dg-trial-2571.yaml"
LINKS = ROOT / "tests/instruments/links/dg-trial-2570-2571.yaml"
KINDS = {BlockKind.ONE, BlockKind.SEVERAL, BlockKind.TABLE, BlockKind.REASONS, BlockKind.YEARS, BlockKind.NUMBERS}


@pytest.mark.parametrize("path", [TRIAL, NEXT, REAL], ids=["2570", "2571", "real"])
def test_fifty_random_figures_are_what_the_stored_answers_say(path: Path) -> None:
    """A form that no code knows has its report, and each figure is what counting the answers gives."""
    made = form(path)
    stored = answers(made, 30)
    blocks = blocks_of(made, contributions(made, stored))
    assert {block.kind for block in blocks.values()} >= KINDS | {BlockKind.REPEATS, BlockKind.RATES}
    figures = list(countable(list(blocks.values())))
    for block, row in Random(7).sample(figures, min(50, len(figures))):
        check(stored, block, row)


def say(*values: Values) -> Any:
    """The blocks of the made-up form for these answers."""
    made = form(TRIAL)
    return blocks_of(made, contributions(made, values))


def test_off_the_path_and_not_answered_are_never_none() -> None:
    off = {"T1": "none", "T1.1": "ก", "T2": ["evening"]}  # T1 = none skips to T4
    blocks = say(off, {"T1": "done", "T2": ["weekend"]}, {"T1": "doing"}, {})
    one, several = blocks["question.T1"], blocks["question.T2"]
    assert (one.asked, one.answered, one.n) == (4, 3, 3)
    assert [(row.key, row.count, row.percent) for row in one.rows] == [
        ("none", 1, Decimal("33.33")),
        ("doing", 1, Decimal("33.33")),
        ("done", 1, Decimal("33.33")),
    ]
    assert "1" in one.note.th
    assert (several.asked, several.answered, several.n) == (3, 1, 3)  # asked of all but the one it is skipped for
    assert {row.key: row.count for row in several.rows if row.count} == {"weekend": 1}


def test_a_contradicted_answer_is_asked_and_not_answered() -> None:
    wrong = {"T8": "yes", "T8.1": "6", "T8.1.of": "5"}
    right = {"T8": "yes", "T8.1": "4", "T8.1.of": "5"}
    block = say(wrong, right, {"T8": "no"})["satisfaction.T8"]
    assert (block.asked, block.n) == (3, 1)
    assert {row.key: row.count for row in block.rows if row.count} == {"80-89": 1, "no": 1}


def test_reasons_are_told_by_the_list_of_the_centre() -> None:
    made, texts = form(TRIAL), ("ไม่มีงบ", "ไม่มีงบ ", "ยังไม่พร้อม", "")
    found = contributions(made, [{"T1": "none", "T1.1": text} for text in texts] + [{"T1": "done"}])
    coding = {("T1.1", fold_reason("ไม่มีงบ")): ("budget", LocalizedText("ขาดงบประมาณ", "No budget"))}
    block = blocks_of(made, found, Picked(coding))["reasons.T1"]
    assert (block.asked, block.n) == (5, 4)
    assert [(row.key, row.count, row.percent) for row in block.rows] == [
        ("budget", 2, Decimal("50.00")),
        ("uncoded", 1, Decimal("25.00")),
        ("blank", 1, Decimal("25.00")),
    ]
    assert found["TH-00"]["reasons"] == {"T1.1": "ไม่มีงบ"}


def test_sums_are_of_those_that_know_both_numbers() -> None:
    made = form(REAL)
    known = [{"P4.1": "count", "P4.1.count": str(n), "P4.1.1": "count", "P4.1.1.count": "10"} for n in (10, 30)]
    half = {"P4.1": "count", "P4.1.count": "1000", "P4.1.1": "unknown"}
    zero = {"P4.1": "count", "P4.1.count": "0", "P4.1.1": "count", "P4.1.1.count": "0"}
    block = blocks_of(made, contributions(made, [*known, half, zero]))["numbers.P4.1.1.count"]
    rows = {row.key: (row.value, row.percent) for row in block.rows}
    assert (block.asked, block.n) == (4, 3)  # zero is known
    assert rows["whole"] == (Decimal(40), None)
    assert rows["part"] == (Decimal(20), Decimal("50.00"))
    assert next(row.count for row in block.rows if row.key == "unknown") == 1


def test_reasons_are_found_by_data() -> None:
    facts = read_form_facts(form(REAL))
    assert facts.reasons["P6.1.A"].option.key == "A.1"  # its key does not say so; what it opens does
    assert facts.reasons["P5.2"].listed is not None
    assert "G2.resolution" not in facts.reason_items
    assert "P1.3.3" not in facts.reason_items


def test_levels_say_mode_strongest_and_weakest() -> None:
    made = form(TRIAL)
    found = contributions(made, [{}] * 4)
    for one, first, second in zip(found.values(), (1, 2, 3, 3), (1, 1, 5, 4), strict=True):
        one["levels"] = {"total": 2, "1": first, "2": second, "2.1": second, "2.2": 4}
        one["official"] = ["total"]
    blocks = blocks_of(made, found)
    assert [row.count for row in blocks["levels.1"].rows] == [1, 1, 2, 0, 0]
    assert {row.key: row.percent for row in blocks["levels.high"].rows}["2"] == Decimal("50.00")
    assert {row.key: row.percent for row in blocks["levels.low"].rows}["1"] == Decimal("50.00")
    said = blocks["levels.2"].sentence.en
    assert "Strongest is 2.2" in said
    assert "weakest is 2.1" in said
    assert "50.00 % at level 1" in said
    assert blocks["levels.total"].note.en == "Levels as published."


def test_last_year_is_counted_by_this_years_form() -> None:
    old, new = form(TRIAL), form(NEXT)
    links, faults = parse_links(LINKS.read_text(encoding="utf-8"), old, new)
    assert links is not None, faults
    last = contributions(old, [{"T1": "doing", "T4/van/state": "yes"}, {"T1": "done", "T4/van/state": "no"}])
    now = contributions(new, [{"T1": "started"}, {"T1": "started", "T9/bus/state": "yes"}, {"T1": "started"}])
    before = blocks_of(new, translate(links, old, new, last))
    blocks = {block.key: block for block in compare_blocks(list(blocks_of(new, now).values()), before.values())}
    started = next(row for row in blocks["question.T1"].rows if row.key == "started")
    assert (started.percent, started.before) == (Decimal("100.00"), Decimal("50.00"))
    assert "เพิ่มขึ้นจากร้อยละ 50.00 เป็น 100.00" in blocks["question.T1"].sentence.th
    bus = next(row for row in blocks["question.T9"].rows if row.key == "bus:state")
    assert {part.key: part.before for part in bus.parts}["bus:state:yes"] == Decimal("50.00")


def test_a_published_share_stands_only_beside_one_of_the_same_base() -> None:
    made = form(TRIAL)
    blocks = blocks_of(made, contributions(made, [{"T1": "none"}, {"T1": "done"}]))
    figures = [
        PublishedFigure("question.T1", "done", Decimal("40.00"), of_all=True),
        PublishedFigure("question.T2", "evening", Decimal("40.00"), of_all=True),  # T2 is not asked of all
    ]
    told = {block.key: block for block in compare_published(list(blocks.values()), figures)}
    assert {row.key: row.before for row in told["question.T1"].rows}["done"] == Decimal("40.00")
    assert {row.key: row.before for row in told["question.T2"].rows}["evening"] is None
