"""The list of assignments from Excel: what it says, every fault with its cell, files that mean harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from openpyxl import Workbook, load_workbook

from accounts.actions import create_agency
from demo.assignment_rows import sample_assignments
from demo.sample_file import load_sample
from dgready.guard.readers.workbooks import read_table_sheet
from survey.assigning import targets
from survey.assigning.assignment_list import (
    AssignmentEntry,
    ListContext,
    ListedAgency,
    ParsedList,
    parse_assignment_list,
)
from survey.assigning.list_actions import apply_assignment_list
from survey.assigning.queries import assignment_target, list_context
from survey.assigning.targets import AssignmentTarget
from survey.assigning.template_workbook import write_template
from survey.instrument.schema import CompiledInstrument
from survey.models import Assignment, Event
from tests.factories import ProvinceFactory
from tests.trial import REAL, TRIAL, make_trial
from tests.trial import form as compiled_form

LIMITS = settings.WORKBOOK_LIMITS
HEAD = ["หน่วยงาน", "ตัวชี้วัดหรือข้อ", "บทบาท", "ถ้ามี", "กำหนดส่ง", "หมายเหตุ"]
FIRST, LAST = date(2025, 6, 5), date(2025, 7, 4)
AGENCIES = (
    ListedAgency("PO", ("สำนักงานจังหวัด", "Provincial Office"), is_provincial=True),
    ListedAgency("SO", ("สำนักงานสถิติจังหวัด",), is_provincial=True),
    ListedAgency("PH", ("สำนักงานสาธารณสุขจังหวัด",), is_provincial=True),
    ListedAgency("TOWN", ("เทศบาลเมือง",), is_provincial=False),
    ListedAgency("OLD", ("หน่วยงานเดิม",), is_provincial=True, active=False),
)


def form(name: str = "real") -> CompiledInstrument:
    return compiled_form(REAL if name == "real" else TRIAL)


def known(name: str = "real") -> ListContext:
    return ListContext(form(name), AGENCIES, FIRST, LAST)


def book(*rows: Iterable[Any], head: Iterable[Any] = HEAD) -> bytes:
    made = Workbook()
    listed = made.active
    listed.title = "รายการ"
    for row in (head, *rows):
        listed.append(list(row))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def understood(*rows: Iterable[Any], head: Iterable[Any] = HEAD, name: str = "real") -> ParsedList:
    found, faults = read_table_sheet(book(*rows, head=head), LIMITS)
    assert found is not None, faults
    result = parse_assignment_list(found, known(name))
    result.faults[:0] = faults
    return result


def faults(*rows: Iterable[Any], **more: Any) -> dict[str, str]:
    """Fault texts by cell."""
    return {f.ref: f.say.th for f in understood(*rows, **more).faults}


def test_a_row_says_who_what_and_as_what() -> None:
    result = understood(
        ["PO", "1.1", "R", None, None, None],
        ["สำนักงานสถิติจังหวัด", "P6.2.1.2a", "สนับสนุน (S)", "ใช่", "24/6/2568", "กรอบสากล"],
        ["provincial office", 2.2, "a", "no", date(2025, 6, 20), None],
        ["PH, SO", "p1.4", "I", None, "๒๕ มิ.ย. ๒๕๖๘", None],
    )
    assert result.faults == []
    assert result.entries == [
        AssignmentEntry("PO", AssignmentTarget("1.1"), "R"),
        AssignmentEntry(
            "SO", AssignmentTarget(question="P6.2.1", item="P6.2.1.2a"), "S", True, date(2025, 6, 24), "กรอบสากล"
        ),
        AssignmentEntry("PO", AssignmentTarget("2.2"), "A", due=date(2025, 6, 20)),
        AssignmentEntry("PH", AssignmentTarget(question="P1.4"), "I", due=date(2025, 6, 25)),
        AssignmentEntry("SO", AssignmentTarget(question="P1.4"), "I", due=date(2025, 6, 25)),
    ]


@pytest.mark.parametrize("word", ["ALL", "all", "ทุกหน่วยงาน", "ALL?", "ทุกหน่วยงาน (ถ้ามี)", "every agency (if any)"])
def test_every_agency_leaves_out_those_named_for_the_same(word: str) -> None:
    result = understood([word, "1.1", "S"], ["PO", "1.1", "R"], ["SO", "P1.1", "R"])
    assert result.faults == []
    of_it = {(e.agency, e.role, e.if_any) for e in result.entries if e.target == AssignmentTarget("1.1")}
    loose = word not in ("ALL", "all", "ทุกหน่วยงาน")
    assert of_it == {("PO", "R", False), ("SO", "S", loose), ("PH", "S", loose)}


def test_headings_may_stand_in_any_order_and_language() -> None:
    result = understood(["R", "x", "1.1", "PO"], head=["Role", "ของเราเอง", "Sub-pillar or question *", "Agency"])
    assert result.entries == [AssignmentEntry("PO", AssignmentTarget("1.1"), "R")]


def test_each_fault_names_its_cell() -> None:
    found = faults(
        ["XX", "1.1", "R"],
        ["PO", "9.9", "R"],
        ["PO", "3.3", "R"],
        ["PO", "1.2", "Z"],
        ["PO", "1.3", "R", "บางที"],
        ["PO", "1.4", "R", None, "31/2/2568"],
        ["PO", "2.1", "R", None, "24/6/2567"],
        ["PO", "2.2", "R", None, None, "ก" * 501],
        [None, "2.3", None],
        ["OLD", "2.4", "R"],
        ["PO, YY", date(2025, 1, 4), "R"],
        [None, None, None],
        ["PO", "5.1", "R"],
        ["PO", "5.1", "S"],
    )
    assert {ref: text.split()[0][:14] for ref, text in found.items()}.keys() == {
        *("A2", "B3", "B4", "C5", "D6", "E7", "E8", "F9", "A10", "C10", "A11", "A12", "B12", "A15")
    }
    assert "XX" in found["A2"]
    assert "ไม่มีข้อคำถาม" in found["B4"]
    assert "ปิดใช้งาน" in found["A11"]
    assert "แถว 14" in found["A15"]


def test_a_code_that_several_items_have_is_asked_back() -> None:
    assert set(faults(["PO", "T4.1", "R"], name="trial")) == {"B2"}  # no such item
    twice = faults(["PO", "4.2", "R"], name="trial")["B2"]
    assert "T4.kiosk.use" in twice
    assert "T4.van.use" in twice


def test_missing_headings_and_rows() -> None:
    assert len(understood(["PO", "1.1"], head=["หน่วยงาน", "ข้อ"]).faults) == 2
    assert list(faults(["PO"], head=["หน่วยงาน", "หน่วยงาน", "บทบาท", "ตัวชี้วัดหรือข้อ"])) == ["B1"]
    assert list(faults()) == ["A2"]


def test_formulas_and_errors_are_refused() -> None:
    assert faults(["PO", "1.1", "=LOWER(A1)"])["C2"].startswith("ช่องนี้เป็นสูตร")
    assert "B2" in faults(["PO", "#REF!", "R"])


# -- files that mean harm ---------------------------------------------------------------------------


def refused(content: bytes) -> str:
    found, faults = read_table_sheet(content, LIMITS)
    assert found is None
    (fault,) = faults
    return fault.say.en


def repacked(change: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(["PO", "1.1", "R"]))) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in dict.fromkeys([*given.namelist(), *change]):
            made.writestr(name, change[name] if name in change else given.read(name))
    return out.getvalue()


def test_what_is_no_workbook_is_refused() -> None:
    for content in (b"", b"PK", b"<html>", b"%PDF-1.7", book()[:500], b"\xd0\xcf\x11\xe0" * 100):
        assert "neither an Excel workbook" in refused(content)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("word/document.xml", "<a/>")
    assert "neither an Excel workbook" in refused(archive.getvalue())
    assert "neither an Excel workbook" in refused(repacked({"xl/workbook.xml": b"<broken"}))
    assert "neither an Excel workbook" in refused(repacked({"xl/worksheets/sheet1.xml": b"<broken"}))


def test_a_file_too_large_is_refused() -> None:
    assert "larger than 2 MB" in refused(b"0" * (LIMITS.size + 1))


def test_a_bomb_is_not_unpacked() -> None:
    assert "unpacks" in refused(repacked({"xl/bomb.xml": b"0" * (LIMITS.unpacked + 1)}))
    assert "unpacks" in refused(repacked({f"xl/{n}.xml": b"0" for n in range(LIMITS.members)}))


def test_entities_and_macros_are_refused() -> None:
    laugh = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aa">]><sst/>'
    assert "neither an Excel workbook" in refused(repacked({"xl/sharedStrings.xml": laugh}))
    assert "neither an Excel workbook" in refused(repacked({"xl/styles.xml": laugh.decode().encode("utf-16")}))
    assert "macros" in refused(repacked({"xl/vbaProject.bin": b"0"}))


def test_rows_and_columns_are_limited() -> None:
    _found, faults = read_table_sheet(book(*(["PO", "1.1", "R"] for _n in range(LIMITS.rows + 1))), LIMITS)
    assert "more than 5000 rows" in faults[-1].say.en
    far = Workbook()
    far.active["A1"], far.active["XFD9"], far.active["A1048576"] = "หน่วยงาน", "x", "y"
    out = io.BytesIO()
    far.save(out)
    found, faults = read_table_sheet(out.getvalue(), LIMITS)
    assert found is not None
    assert [c.value for row in found.rows for c in row.values()] == ["หน่วยงาน"]
    assert faults == []


def test_a_lying_dimension_is_not_believed() -> None:
    with zipfile.ZipFile(io.BytesIO(book(["PO", "1.1", "R"]))) as given:
        xml = given.read("xl/worksheets/sheet1.xml").decode()
    lying = xml.replace('ref="A1:F2"', 'ref="A1:XFD1048576"')
    assert lying != xml
    found, _faults = read_table_sheet(repacked({"xl/worksheets/sheet1.xml": lying.encode()}), LIMITS)
    assert found is not None
    assert len(found.rows) == 2


# -- the template -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_template_reads_back(language: str) -> None:
    entries = [
        AssignmentEntry("PO", AssignmentTarget("1.1"), "R", due=date(2025, 6, 24), note="=1+1"),
        AssignmentEntry("SO", AssignmentTarget(question="P6.2.1", item="P6.2.1.2a"), "S", if_any=True),
        AssignmentEntry("PH", AssignmentTarget("4.1.1"), "A"),
    ]
    content = write_template(instrument=form(), agencies=AGENCIES, entries=entries, language=language, rows=9)
    found, faults = read_table_sheet(content, LIMITS)
    assert faults == []
    assert found is not None
    result = parse_assignment_list(found, known())
    assert (result.entries, result.faults) == (entries, [])
    names = load_workbook(io.BytesIO(content)).worksheets[2]
    codes = [row[0] for row in names.iter_rows(min_row=2, values_only=True)]
    assert all(targets.find_targets(form(), str(code)) for code in codes)
    assert {"1.1", "4.1.1", "P6.2.1", "G1", "cover"} <= set(codes)


# -- the sample province ----------------------------------------------------------------------------


def sample_rows(data: Mapping[str, Any]) -> list[list[Any]]:
    """The sample's list as a person would type it: one row per agency or group."""
    out = []
    for row in data["assignments"]:
        what = row.get("part") or ", ".join(row.get("questions", ())) or row.get("sub_pillar") or row["pillar"]
        for to in row["to"]:
            who = to.get("agency") or ("ALL?" if to.get("if_any") else "ALL")
            out.append([who, what, to["role"], None, None, row.get("note", {}).get("th")])
    return out


@pytest.mark.django_db
def test_the_sample_provinces_list_goes_through_the_importer() -> None:
    data = load_sample()
    world = make_trial(REAL, ProvinceFactory(code="TH-43"))
    for row in data["agencies"]:
        fields = {k: row[k] for k in ("code", "kind", "name_th", "name_en")}
        create_agency(by=None, province=world.province, **fields)
    found, faults = read_table_sheet(book(*sample_rows(data)), LIMITS)
    assert found is not None
    result = parse_assignment_list(found, list_context(world.round))
    assert (faults, result.faults) == ([], [])
    done = apply_assignment_list(by=world.secretariat, round_=world.round, entries=result.entries, replace=False)
    assert {c.kind for c in done} == {"add"}

    def plainly(rows: Iterable[Assignment]) -> set[tuple[Any, ...]]:
        return {(a.agency.code, assignment_target(world.round.instrument, a), a.role, a.if_any, a.note) for a in rows}

    stored = Assignment.objects.filter(round=world.round).select_related("agency")
    assert plainly(stored) == plainly(sample_assignments(world.round, data))
    assert stored.count() == len(done) > 300
    by_name = {(a.agency.code, str(assignment_target(world.round.instrument, a))): a.role for a in stored}
    assert by_name["PH", "P6.2.1.2a"] == by_name["PO", "P6.2.1.2b"] == "R"
    assert ("TOWN-NONGKHAI", "1.1") not in by_name  # local government is not the province
    event = Event.objects.get(verb="assignment.import")
    assert event.response == world.response
    assert len(event.data["add"]) == len(done)
    again = apply_assignment_list(by=world.secretariat, round_=world.round, entries=result.entries, replace=True)
    assert {c.kind for c in again} == {"same"}
    assert Event.objects.filter(verb="assignment.import").count() == 1
