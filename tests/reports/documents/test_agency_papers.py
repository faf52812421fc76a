"""The blank form for handwriting and the list of assignments."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from reports.content.assignments import gather_assignments
from reports.content.blank import BlankLine, BlankSection, blank_sections
from reports.documents.agency_papers import assignments_html, blank_html
from reports.errors import ReportError
from survey.models import Assignment
from tests.factories import AgencyFactory
from tests.flow import Flow, make_flow
from tests.people import People
from tests.reports.conftest import fresh, read_back, squeezed
from tests.trial import REAL, TRIAL, form


def lines_of(sections: tuple[BlankSection, ...]) -> list[BlankLine]:
    """All lines, those below table rows too."""
    found: list[BlankLine] = []
    waiting = [line for section in sections for line in section.lines]
    while waiting:
        line = waiting.pop()
        found.append(line)
        waiting += [below for row in line.rows for below in row.below]
    return found


@pytest.mark.parametrize("source", [TRIAL, REAL], ids=lambda p: p.stem)
def test_every_item_and_option_of_the_form_is_in_it(source: Path) -> None:
    instrument = form(source)
    lines = lines_of(blank_sections(instrument, "th"))
    said = {(line.code, line.label) for line in lines}
    items = [item for item in instrument.items.values() if not item.own]
    assert [i.id for i in items if (i.code or "", i.ask.th) not in said] == []
    labels = {line.label for line in lines if line.kind == "option"}
    picked = [i for i in items if i.kind in ("single", "multi")]
    assert [o.key for i in picked for o in i.options if not o.own and o.title.th not in labels] == []
    assert all(line.single == (item.kind == "single") for item in picked for line in lines if line.label == item.ask.th)


def test_a_part_asks_only_what_the_agency_answers(flow: Flow) -> None:
    response = fresh(flow.response)
    with pytest.raises(ReportError) as caught:
        blank_html(response, flow.people.a1, "th")
    assert caught.value.reason == "unassigned"
    Assignment.objects.create(round=flow.round, agency=flow.people.a1, question=flow.question("T1"))
    part = blank_html(response, flow.people.a1, "th")
    whole = blank_html(response, None, "th")
    asked = form(TRIAL).items["T1"].ask.th
    assert asked in part
    other = form(TRIAL).items["T8"].ask.th
    assert other in whole
    assert other not in part
    assert flow.people.a1.name_th in part
    assert "tick round" in part


def test_the_list_says_who_what_and_what_level_five_means(flow: Flow) -> None:
    response = fresh(flow.response)
    with pytest.raises(ReportError):
        gather_assignments(response, "th")
    others = [flow.people.a1, *(AgencyFactory(province=flow.province) for _n in range(5))]
    for agency in others[1:]:
        Assignment.objects.create(round=flow.round, agency=agency, question=flow.question("T1"), role="S", if_any=True)
    Assignment.objects.create(round=flow.round, agency=others[0], question=flow.question("T1"))
    Assignment.objects.create(round=flow.round, agency=others[0], question=flow.question("T8"), role="A")
    listed = gather_assignments(response, "th")
    questions = {q.code: q for pillar in listed.pillars for sub in pillar.subs for q in sub.questions}
    first = questions[form(TRIAL).items["T1"].code or ""]
    assert [(h.role.role, h.agencies if not h.others else "others") for h in first.roles] == [
        ("R", (others[0].code,)),
        ("S", "others"),
    ]
    assert any(q.level_five for q in questions.values())
    html = re.sub(r"<[^>]+>", "", assignments_html(response, None, "th"))
    for words in ("หน่วยงานอื่นทั้งหมดถ้ามี", "น้ำหนัก", "ระดับ 5 หมายถึง", "ตรวจและรับรองคำตอบก่อนส่ง", "ผู้รับมอบหมาย"):
        assert squeezed(words) in squeezed(html), words
    for role in ("R", "A", "S", "C", "I"):
        assert f"({role})" in html, role
    assert all(agency.name_th in html.split("ผู้รับมอบหมาย")[1] for agency in others)
    own = gather_assignments(response, "en", others[1])
    shown = [q for pillar in own.pillars for sub in pillar.subs for q in sub.questions]
    assert len(shown) == 1
    assert own.agency == (others[1].name_en or others[1].name_th)


def test_each_subject_says_its_purpose_its_weight_and_whether_the_score_comes_from_outside(
    people: People,
) -> None:
    real = make_flow(people, REAL)
    Assignment.objects.create(round=real.round, agency=real.people.a1, question=real.question("P4.2"))
    listed = gather_assignments(fresh(real.response), "th")
    subs = {sub.code: sub for pillar in listed.pillars for sub in pillar.subs}
    assert all(sub.about for code, sub in subs.items() if code)
    assert {code: sub.mark for code, sub in subs.items() if sub.mark} == {"3.3": "*", "4.2": "*", "4.3": "**"}
    assert (subs["4.1.1"].part_of, subs["4.1.1"].weight) == ("4.1", "14")
    html = assignments_html(fresh(real.response), None, "th")
    for words in (f"วัตถุประสงค์: {subs['3.3'].about}", "เครื่องหมาย *<", "เครื่องหมาย **<", "ส่วนหนึ่งของ 4.1 น้ำหนัก 14", "◆"):
        assert words in html, words


@pytest.mark.slow
@pytest.mark.once
def test_the_commands_print_them_for_an_agency(flow: Flow, tmp_path: Path) -> None:
    agency = flow.people.a1
    Assignment.objects.create(round=flow.round, agency=agency, question=flow.question("T1"))
    where = ["--province", flow.province.code, "--year", str(flow.round.year), "--agency", agency.code.lower()]
    for kind in ("blank", "assignments"):
        call_command("report", kind, *where, "--out", str(tmp_path / f"{kind}.pdf"))
        assert squeezed(agency.name_th) in squeezed(read_back(tmp_path / f"{kind}.pdf"))
    with pytest.raises(CommandError):
        call_command("report", "blank", *where[:-1], "NOBODY", "--out", str(tmp_path / "x.pdf"))
