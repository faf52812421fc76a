"""The listing: every item once and for all, with what became of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.content import sample_values
from reports.content.listing import build_content
from reports.content.structure import EvidenceItem, EvidenceMark, ReportContent, ReportLine
from survey.instrument.path import resolve_path
from survey.instrument.schema import CompiledInstrument
from tests.trial import REAL, TRIAL, form

FORMS = [TRIAL, REAL]
seeds = st.integers(0, 10_000)
PROOF = EvidenceItem("แผน.pdf", "a" * 64, 10, marks=(EvidenceMark("3", "ข้อความ"),))


@cache
def instrument(path: Path) -> CompiledInstrument:
    return form(path)


def listing(values: dict, path: Path = TRIAL, **more) -> ReportContent:
    return build_content(resolve_path(instrument(path), values), more.pop("evidence", {}), **more)


def line(content: ReportContent, address: str) -> ReportLine:
    """The one field, cell, table or repeat at an address."""
    (found,) = [x for x in content.walk() if x.address == address and x.kind not in ("row", "heading")]
    return found


@pytest.mark.parametrize("path", FORMS, ids=lambda p: p.stem)
def test_every_item_is_listed_when_nothing_is_answered(path: Path) -> None:
    lines = list(listing({}, path).walk())
    assert {x.item for x in lines} == set(instrument(path).items)
    assert {x.state for x in lines} <= {"heading", "unanswered", "closed", "off"}


@pytest.mark.parametrize("path", FORMS, ids=lambda p: p.stem)
@settings(max_examples=15)
@given(seed=seeds, share=st.sampled_from([0.2, 0.66, 1.0]))
def test_lines_agree_with_the_path(path: Path, seed: int, share: float) -> None:
    values = sample_values(instrument(path), seed, share)
    found = resolve_path(instrument(path), values)
    evidence = {place: [PROOF] for place in found.places}
    content = build_content(found, evidence)
    lines = [x for x in content.walk() if x.kind in ("field", "cell", "repeat")]
    assert {x.item for x in content.walk()} == set(instrument(path).items)
    assert {x.address for x in lines if x.state in ("answered", "unanswered")} == set(found.fields)
    assert {x.address: x.value for x in lines if x.state == "answered"} == found.values
    addresses = [x.address for x in lines if x.address]
    assert len(addresses) == len(set(addresses))
    places = [s for x in content.walk() for s in x.places]
    assert {s.address for s in places} == set(found.places)
    assert all(s.is_satisfied for s in places)
    assert all(x.reason for x in content.walk() if x.state in ("off", "closed"))


def test_skipped_by_a_go_to() -> None:
    content = listing({"T1": "none", "T1.1": "เหตุผล"})
    assert line(content, "T1.1").text == "เหตุผล"
    skipped = line(content, "T2")
    assert (skipped.state, skipped.text) == ("off", "ข้ามตามเงื่อนไข")
    assert skipped.reason == "เพราะข้อ T1 ตอบว่า “ไม่มีแผน”"
    assert line(content, "T2.1").state == "off"


def test_skipped_by_its_condition() -> None:
    skipped = line(listing({"T1": "doing", "T2": ["evening"]}), "T3")
    assert skipped.state == "off"
    assert "T2" in skipped.reason


def test_not_asked_unless_the_option_is_picked() -> None:
    content = listing({"T1": "doing"})
    assert line(content, "T1.2").state == "unanswered"
    assert line(content, "T1.1").reason == "ถามเมื่อเลือก “ไม่มีแผน”"


def test_values_as_people_read_them() -> None:
    content = listing({"T1": "doing", "T1.2": "2026-09", "T2": ["evening", "weekend"], "T3": "12.5"})
    assert line(content, "T1").text == "กำลังจัดทำ"
    assert line(content, "T1.2").text == "กันยายน 2569"
    assert line(content, "T2").picked == ("ช่วงค่ำ", "เสาร์และอาทิตย์")
    assert line(content, "T3").text == "12.5 ชั่วโมงต่อวัน"


def test_optional_and_required_gaps_differ() -> None:
    content = listing({})
    assert line(content, "T0.mail").text == "ยังไม่ตอบ"
    assert line(content, "T0.phone").text == "ไม่ได้ตอบ (ไม่บังคับ)"


def test_repeat_rows_and_the_rows_inside_them() -> None:
    values = {
        "T1": "doing",
        "T6": ["r1", "r2"],
        "T6#r1/T6.name": "ก",
        "T6#r2/T6.name": "ข",
        "T6#r2/T6.rounds": ["r9"],
        "T6#r2/T6.rounds#r9/T6.seats": "5",
        "T6#r2/T6.rounds#r9/T6.came": "5",
    }
    content = listing(values, evidence={"T6#r2": [PROOF]})
    entries = [x for x in content.walk() if x.kind == "entry"]
    assert [(x.address, x.label) for x in entries] == [
        ("T6#r1", "รายการที่ 1"),
        ("T6#r2", "รายการที่ 2"),
        ("T6#r2/T6.rounds#r9", "รายการที่ 1"),
    ]
    assert [s.is_satisfied for x in entries for s in x.places] == [False, True]
    full = [x for x in content.walk() if x.item == "T6.full"]
    assert [x.state for x in full] == ["closed", "unanswered"]
    assert [x.address for x in full] == ["", "T6#r2/T6.rounds#r9/T6.full"]


def test_condition_inside_a_repeat_is_judged_row_by_row() -> None:
    values = {"T1": "doing", "T6": ["r1"], "T6#r1/T6.rounds": ["ra", "rb"]}
    values |= {"T6#r1/T6.rounds#ra/T6.seats": "5", "T6#r1/T6.rounds#ra/T6.came": "5"}
    values |= {"T6#r1/T6.rounds#rb/T6.seats": "5", "T6#r1/T6.rounds#rb/T6.came": "4"}
    full = [x for x in listing(values).walk() if x.item == "T6.full"]
    assert [x.state for x in full] == ["unanswered", "off"]


def test_table_cells_and_what_they_open() -> None:
    values = {"T1": "doing", "T4/kiosk/state": "yes", "T4/kiosk/use": ["pay", "other"], "T4/van/state": "no"}
    content = listing(values)
    assert line(content, "T4/kiosk/use").picked == ("ชำระเงิน", "อื่น ๆ")
    assert [s.option for s in line(content, "T4/kiosk/use").places] == ["ชำระเงิน"]
    assert line(content, "T4/kiosk/place").state == "unanswered"
    assert line(content, "T4/van/amount").reason == "ถามเมื่อเลือก “มี”"
    assert line(content, "T4.kiosk.use").state == "unanswered"
    assert line(content, "T4.van.use").state == "closed"


def test_url_stands_for_the_file_where_it_may() -> None:
    content = listing({"T1": "done", "T1.3": "https://a.example.org/"})
    (place,) = line(content, "T1").places
    assert place.has_url_answer
    assert place.is_satisfied


def test_unsure_note_stands_at_its_question() -> None:
    content = listing({}, notes={"T1": "ขอดูอีกครั้ง"})
    assert line(content, "T1").note == "ขอดูอีกครั้ง"


def test_english() -> None:
    content = listing({"T1": "none"}, language="en")
    assert line(content, "T1").text == "No plan"
    assert line(content, "T2").reason == "because T1 was answered “No plan”"
