"""Answers in brief say what was answered."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from demo.content import sample_values
from reports.content.brief_answer import MAX_BRIEF, brief_answer
from reports.content.listing import build_content
from reports.content.structure import ReportLine
from survey.instrument.path import resolve_path
from tests.trial import REAL, TRIAL, form

COUNT = re.compile(r"\b\d{1,3}/\d{1,3}\b|^\d+ (รายการ|rows)")


def questions(source: object, filled: float, language: str = "th") -> list[ReportLine]:
    """The questions of a form with sample answers."""
    instrument = form(source)
    content = build_content(resolve_path(instrument, sample_values(instrument, 7, filled)), {}, language=language)
    return [line for line in content.walk() if line.is_question]


def own_fields(line: ReportLine) -> list[ReportLine]:
    """The answered fields of a question, without those of questions below it."""
    below = [field for child in line.children if not child.is_question for field in own_fields(child)]
    return [line, *below] if line.kind in ("field", "cell") and line.state == "answered" else below


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("filled", [0.4, 1.0])
@pytest.mark.parametrize("source", [TRIAL, REAL], ids=lambda p: p.stem)
def test_every_answer_is_told_and_never_counted(source: object, filled: float, language: str) -> None:
    kinds = set()
    for line in questions(source, filled, language):
        state, text = brief_answer(line, language)
        said = own_fields(line)
        if not said:
            assert state in ("unanswered", "off", "closed"), line.code
            assert text, line.code
            continue
        kinds.add(line.kind)
        assert state == "answered", line.code
        assert not COUNT.search(text), (line.code, text)
        assert len(text) <= MAX_BRIEF, line.code
        first = said[0].picked[0] if said[0].picked else said[0].text
        assert first.split(" (")[0][:16] in text or text.count("…"), (line.code, text)
    assert {"field", "table"} <= kinds


def cell(label: str, text: str, kind: str = "single") -> ReportLine:
    state = "answered" if text else "unanswered"
    return ReportLine("cell", "T", "T/a/b", "", label, 2, state, text or "ยังไม่ตอบ", type=kind)


def row(label: str, *cells: ReportLine) -> ReportLine:
    return ReportLine("row", "T", "T/a", "", label, 1, "heading", children=cells)


def table(*rows: ReportLine) -> ReportLine:
    return ReportLine("table", "T", "T", "P1", "ตาราง", 0, "heading", is_question=True, children=rows)


def test_rows_that_say_the_same_are_named_together() -> None:
    names = ["งานสารบรรณ (e-saraban)", "งานงบประมาณ", "งานบุคคล", "งานพัสดุ", "งานคลัง"]
    some = table(*(row(name, cell("สถานะ", "มี")) for name in names), row("งานอื่น", cell("สถานะ", "ไม่มี")))
    assert brief_answer(some, "th") == (
        "answered",
        "มี: งานสารบรรณ, งานงบประมาณ, งานบุคคล และอีก 2 รายการ; ไม่มี: งานอื่น",
    )
    missing = replace(some, children=(*some.children, row("งานใหม่", cell("สถานะ", ""))))
    assert brief_answer(missing, "th")[1].endswith("; ยังไม่ตอบ 1 รายการ")
    assert brief_answer(missing, "en")[1].endswith("; 1 not answered")


def test_figures_are_named_row_by_row_with_their_columns() -> None:
    some = table(
        row("รถ", cell("สถานะ", "มี"), cell("จำนวน", "3 คัน", "number")),
        row("ตู้", cell("สถานะ", "ไม่มี"), cell("จำนวน", "", "number")),
    )
    assert brief_answer(some, "th")[1].startswith("รถ: สถานะ มี, จำนวน 3 คัน; ตู้: สถานะ ไม่มี")


def test_nothing_answered_is_said_in_words() -> None:
    assert brief_answer(table(row("รถ", cell("สถานะ", ""))), "th") == ("unanswered", "ยังไม่ตอบ")
    shut = replace(table(), state="off", text="ข้ามตามเงื่อนไข")
    assert brief_answer(shut, "th") == ("off", "ข้ามตามเงื่อนไข")
