"""What a department's people read calls it no province and its head no governor: pages, notices, letters, papers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import load_workbook

from accounts.respondents import RespondentKind
from accounts.roles import Role
from reports.documents import paper
from reports.jobs.makers import make_job_file
from reports.journal import pdf as journal_pdf
from reports.letters.shipped import shipped_text
from reports.letters.wording import ALL
from reports.models import Job, ReportKind
from survey.models import Instrument, Notice
from survey.notices.notice_texts import NOTICE_KINDS, notice_text
from survey.rounds.role_letters import current_work
from tests.matrix_rows import Row
from tests.matrix_urls import ROWS
from tests.matrix_world import World
from tests.nation.respondents.world import Department, make_department
from tests.people import People
from tests.test_matrix import ask, signed_in

pytestmark = pytest.mark.django_db
# A placeholder that nobody filled in is as wrong as the wrong word.
WORDS: Final = {
    "th": re.compile(r"จังหวัด|PCIO|%\("),
    "en": re.compile(r"provinc|governor|PCIO|%\(", re.IGNORECASE),
}
READERS: Final = (Role.SECRETARIAT, Role.COORDINATOR, Role.PROVINCE_ADMIN, Role.GOVERNOR)
# Where a province is meant, or where somebody else wrote the words.
MEANT: Final = (
    *("สำนักงานจังหวัด", "ราชการส่วนกลางที่ตั้งในจังหวัด"),  # kinds of agencies
    "จังหวัดหรือส่วนราชการ",
    "หนึ่งแถวต่อจังหวัด",  # the official results of provinces
    "ชื่อจังหวัด เช่น TH-43",
    "จังหวัดมีแผนเพิ่มจุดบริการ",  # the made-up form's own words, and the title of an older form
    "ความพร้อมรัฐบาลอิเล็กทรอนิกส์ระดับจังหวัด",
    *("ผู้ว่าราชการจังหวัดเอ", "คลังจังหวัดเอ", "หัวหน้าสำนักงานจังหวัดเอ"),  # members that the test's register names
    *("ศาลากลางจังหวัด", "ปลัดจังหวัด", "สถิติจังหวัด"),  # where the tests meet, and who came
)
CAME: Final = {"survey:meeting-amend": {"ผู้ว่าราชการจังหวัด"}}  # the tests' attendance
# Help is written for provinces and says at its head what it is called in a department; the desk of the centre, the
# national report and the right of reply to published results are of provinces.
NOT_OF_DEPARTMENTS: Final = ("nation:", "survey:guide", "survey:help", "survey:glossary")


def leftovers(html: str, language: str = "th") -> set[str]:
    """The texts and attributes of a page that say the words."""
    html = re.sub(r"(?s)<(script|style)\b.*?</\1>|<!--.*?-->", "", html)
    texts = re.findall(r">([^<>]+)<", html) + re.findall(r'(?:title|aria-label|placeholder|alt)="([^"<>]+)"', html)
    said = {" ".join(text.split()) for text in texts if WORDS[language].search(text)}
    return {text for text in said if not any(meant in text for meant in MEANT)}


def as_department(people: People) -> World:
    """The world of all pages, its province a department, with no more than two open rounds."""
    world = World(people)
    rounds = (world.trial.round, world.evidence.response.round)  # opened with forms of provinces
    people.a.kind, people.a.code, people.a.region = RespondentKind.DEPARTMENT, "D-AAA", ""
    people.a.name_th, people.a.name_en = "กรมเอ", "Department A"
    people.a.save()
    for round_ in rounds:
        round_.province = people.a
    Instrument.objects.update(respondents=RespondentKind.DEPARTMENT)
    return world


def pages(world: World, name: str, row: Row) -> Iterator[HttpResponse]:
    """A page as its first reader sees it; the first page as everybody does."""
    users = [user for role in READERS if row.lets_in(world, user := world.people.who(role))]
    for user in users if name == "survey:home" else users[:1]:
        response = ask(signed_in(user), "get", reverse(name, kwargs=row.kwargs(world)) + row.query, row.data)
        if not response.streaming and "html" in response.get("Content-Type", ""):
            yield response


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.parametrize("part", range(4))
def test_no_page_of_a_department_says_province(people: People, part: int) -> None:
    rows = [(name, row) for name, row in sorted(ROWS.items()) if not name.startswith(NOT_OF_DEPARTMENTS)]
    rows = [(name, row) for name, row in rows if row.method == "get" and not row.public and not row.by_token]
    made, found = as_department(people), {}
    for name, row in rows[part::4]:
        with transaction.atomic():  # what one page needs may be in the way of another
            world = World(people)
            world.__dict__ |= {"trial": made.trial, "evidence": made.evidence}
            said = {text for page in pages(world, name, row) for text in leftovers(page.content.decode())}
            transaction.set_rollback(True)
        if said - CAME.get(name, set()):
            found[name] = said
    assert found == {}


@pytest.mark.any_database
@pytest.mark.parametrize("language", ["th", "en"])
def test_no_notice_of_a_department_says_province(language: str) -> None:
    data = dict.fromkeys(("what", "agency", "who", "reason", "text", "place", "state", "count"), "x")
    days = {"day": "2026-07-01", "until": "2026-07-02"}
    with translation.override(language):
        said = {kind: notice_text(kind, data | days, None, RespondentKind.DEPARTMENT) for kind in NOTICE_KINDS}
    said.pop("objection.filed")  # of published results, which are of provinces
    assert {kind: text for kind, text in said.items() if WORDS[language].search(text)} == {}


@pytest.mark.parametrize("letter", ALL)
@pytest.mark.parametrize("language", ["th", "en"])
def test_no_shipped_letter_of_a_department_says_province(letter: str, language: str) -> None:
    ours = dict(shipped_text(letter, language, department=True).texts())
    assert [text for text in ours.values() if WORDS[language].search(text.replace("{province}", ""))] == []
    theirs = dict(shipped_text(letter, language).texts())
    braces = re.compile(r"\{\w+\}")
    assert {*braces.findall(str(ours))} <= {*braces.findall(str(theirs))}
    assert {name for name, text in ours.items() if text} == {name for name, text in theirs.items() if text}


@pytest.fixture
def department() -> Department:
    """An approved department."""
    made = make_department()
    made.approve()
    return made


def test_what_one_does_in_a_department(department: Department) -> None:
    said = [work for user in (department.head, department.secretariat) for _row, work in current_work(user)]
    assert said == [
        "อ่านสรุป ส่งกลับให้แก้ไข หรืออนุมัติคำตอบของส่วนราชการ",
        "มอบหมายงาน กรอกและรวมคำตอบของส่วนราชการ บันทึกการประชุม และเสนอหัวหน้าส่วนราชการ",
    ]
    notice = Notice.objects.get(kind="response.submit", user=department.head)
    assert "เสนอคำตอบของส่วนราชการเพื่ออนุมัติ" in notice_text(notice.kind, notice.data, None, department.row.kind)


PAPERS: Final = (
    (ReportKind.BLANK, {}),
    (ReportKind.ASSIGNMENTS, {}),
    (ReportKind.QUESTIONNAIRE, {}),
    (ReportKind.JOURNAL, {}),
    (ReportKind.DGA, {}),
    (ReportKind.INDEX_SHEET, {}),
    *((ReportKind.LETTERS, {"letter": letter}) for letter in ("invite", "cover")),
)


@pytest.mark.parametrize("language", ["th", "en"])
def test_no_paper_of_a_department_says_province(
    department: Department, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []

    def lay_out(html: str, *_rest: Any) -> Any:
        written.append(html)
        return SimpleNamespace(pages=[1])

    def write_pdf(html: str, path: Path, *_rest: Any, **_more: Any) -> int:
        written.append(html)
        path.write_bytes(b"%PDF-1.7")
        return 1

    monkeypatch.setattr(paper, "lay_out", lay_out)
    for module in (journal_pdf,):
        monkeypatch.setattr(module, "write_pdf", write_pdf)
    monkeypatch.setattr(paper, "save_pdf", lambda _document, path, *_rest: path.write_bytes(b"%PDF-1.7"))
    found = {}
    for number, (kind, more) in enumerate(PAPERS):
        params = {**more, **({"language": "en"} if language == "en" else {})}
        job = Job(kind=kind, response=department.response, by=department.secretariat, params=params)
        job.created_at = timezone.now()
        path = tmp_path / f"{number}.xlsx"  # workbooks are opened by their suffix
        make_job_file(job, path, lambda *_progress: None)
        text = written.pop() if not kind.value.endswith(("dga", "sheet")) else _sheets(path)
        said = leftovers(_without_form(text, department), "th" if kind is ReportKind.DGA else language)
        if said:
            found[kind, *more.values()] = said
    assert found == {}


def _sheets(path: Path) -> str:
    cells = (cell for sheet in load_workbook(path) for row in sheet.iter_rows(values_only=True) for cell in row)
    return "".join(f"<p>{cell}</p>" for cell in cells if cell is not None)


def _without_form(text: str, department: Department) -> str:
    """The text without the form's own words, which speak of provinces."""
    for words in sorted(_texts(department.round.instrument.source), key=len, reverse=True):
        text = text.replace(words, "")
    return text


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        if any(pattern.search(node) for pattern in WORDS.values()):
            yield node
    elif isinstance(node, dict | list):
        for inner in node.values() if isinstance(node, dict) else node:
            yield from _texts(inner)
