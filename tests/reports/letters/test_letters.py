"""Letters as they are printed: each agency once with its own questions only, what is sent, the text read back."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Agency
from reports.errors import ReportError
from reports.letters import actions
from reports.letters.letters import LetterRequest, gather_letters
from reports.letters.paper import letters_html
from reports.letters.queries import current_text
from reports.letters.shipped import shipped_text
from reports.models import JobState, LetterKind, ReportKind
from survey.models import Assignment
from tests.factories import AgencyFactory
from tests.flow import Flow
from tests.reports.conftest import fresh, make_job, read_back, squeezed
from tests.reports.documents.ua_rules import faults
from tests.trial import TRIAL, form


@pytest.fixture
def assigned(flow: Flow) -> Flow:
    """T1 and T4 with a1, T8 with a2; nothing with the others."""
    people = flow.people
    for agency, item in ((people.a1, "T1"), (people.a1, "T4"), (people.a2, "T8")):
        Assignment.objects.create(round=flow.round, agency=agency, question=flow.question(item))
    return flow


def ask(item: str) -> str:
    return form(TRIAL).items[item].ask.th


def plain(html: str) -> str:
    return squeezed(re.sub(r"<[^>]+>", "", html))


def html_of(flow: Flow, kind: LetterKind, agency: Agency | None = None, language: str = "th", **more: object) -> str:
    response = fresh(flow.response)
    asked = LetterRequest(kind, language, **more)  # type: ignore[arg-type]
    return letters_html(response, gather_letters(response, asked, agency), language)


def test_each_agency_gets_its_own_questions_and_nobody_elses(assigned: Flow) -> None:
    AgencyFactory(province=assigned.province)  # has no part and gets no letter
    found = gather_letters(fresh(assigned.response), LetterRequest(LetterKind.INVITE))
    asked = {letter.agency_code: [part.line.text for part in letter.parts] for letter in found.letters}
    people = assigned.people
    assert asked == {people.a1.code: [ask("T1"), ask("T4")], people.a2.code: [ask("T8")]}
    assert len(found.letters) == 2
    html = html_of(assigned, LetterKind.INVITE)
    assert html.count('class="letter"') == 2
    assert html.count("แบบตอบกลับ</h1>") == 2
    assert "{" not in plain(html)
    alone = html_of(assigned, LetterKind.INVITE, people.a1)
    assert ask("T1") in alone
    assert ask("T8") not in alone
    assert people.a2.name_th not in alone


def test_a_letter_is_a_record_and_its_number_and_date_are_typed_or_left_blank(assigned: Flow) -> None:
    html = html_of(assigned, LetterKind.INVITE, assigned.people.a1, number="นค 0017/ว 12", day=date(2026, 11, 27))
    assert 'class="record th"' in html
    assert "ที่ นค ๐๐๑๗/ว ๑๒" in html
    assert "๒๗ พฤศจิกายน ๒๕๖๙" in html
    blank = html_of(assigned, LetterKind.INVITE, assigned.people.a1)
    assert "ที่ ……………………………" in blank


def test_a_reminder_lists_what_is_open_and_the_days_left(assigned: Flow) -> None:
    people = assigned.people
    assigned.round.agency_due = timezone.localdate() + timedelta(days=3)
    assigned.round.save(update_fields=["agency_due"])
    Assignment.objects.filter(agency=people.a2).update(state=Assignment.State.SUBMITTED)
    first = Assignment.objects.get(agency=people.a1, question__item_id="T1")
    Assignment.objects.filter(pk=first.pk).update(state=Assignment.State.RETURNED, state_note="ขาด<b>เอกสาร</b>")
    found = gather_letters(fresh(assigned.response), LetterRequest(LetterKind.REMIND))
    (letter,) = found.letters
    assert letter.agency_code == people.a1.code
    assert [part.line.text for part in letter.parts] == [ask("T1"), ask("T4")]
    html = html_of(assigned, LetterKind.REMIND)
    assert "จำนวน ๒ เรื่อง" in html
    assert "เหลือเวลาอีก ๓ วัน" in html
    assert "ขาด&lt;b&gt;เอกสาร&lt;/b&gt;" in html
    assert "ยังไม่ตอบ" in html
    Assignment.objects.filter(agency=people.a1).update(state=Assignment.State.ACCEPTED)
    with pytest.raises(ReportError) as caught:
        html_of(assigned, LetterKind.REMIND)
    assert caught.value.reason == "nothing_open"


def test_no_part_no_letter(flow: Flow) -> None:
    for agency in (None, flow.people.a1):
        with pytest.raises(ReportError) as caught:
            html_of(flow, LetterKind.INVITE, agency)
        assert caught.value.reason == "unassigned"


@pytest.mark.slow
@pytest.mark.once
def test_the_covering_letter_lists_what_was_made_of_the_approved_answer(flow: Flow) -> None:
    draft = html_of(flow, LetterKind.COVER)
    assert 'class="draft th"' in draft
    assert "ยังไม่อนุมัติ" in draft
    old = make_job(
        flow, ReportKind.DGA, state=JobState.DONE, sha256="0" * 64, file_name="ก่อน.xlsx", started_at=timezone.now()
    )
    version = flow.approve()
    later = {"state": JobState.DONE, "size": 2048, "started_at": timezone.now(), "finished_at": timezone.now()}
    make_job(flow, ReportKind.RESULT, **later, sha256="a" * 64, file_name="ผล.pdf")
    make_job(flow, ReportKind.DGA, **later, sha256="b" * 64, file_name="dga.xlsx")
    make_job(flow, ReportKind.DGA, **later, sha256="c" * 64, file_name="dga.xlsx")
    make_job(flow, ReportKind.BLANK, **later, sha256="d" * 64, file_name="เปล่า.pdf")
    html = html_of(flow, LetterKind.COVER)
    assert 'class="approved th"' in html
    assert re.findall(r"[abcd0]{64}", html) == ["c" * 64, "a" * 64]
    assert old.file_name not in html
    assert "จำนวน ๒ ไฟล์" in html
    assert f"SHA-256 {version.sha256}" in html
    assert "คำตอบ ฉบับที่ ๑ เมื่อ" in re.sub(r"<[^>]+>", "", html)


def test_the_memo_says_what_is_to_be_approved(flow: Flow) -> None:
    html = html_of(flow, LetterKind.MEMO)
    text = plain(html)
    for words in ("บันทึกข้อความ", "ส่วนราชการ", "ยังไม่ได้พิจารณาให้ความเห็นชอบ", "ไม่อนุมัติเพราะ", "๓.ข้อพิจารณา"):
        assert squeezed(words) in text, words
    assert "ขอแสดงความนับถือ" not in text


def test_english_is_the_shipped_text_until_the_province_words_its_own(assigned: Flow) -> None:
    agency = assigned.people.a1
    english = html_of(assigned, LetterKind.INVITE, agency, "en")
    assert "Request to answer the" in english
    assert "Reply form" in english
    text = shipped_text("invite")
    worded = type(text)(**{**dict(text.texts()), "body": "ขอความร่วมมือ <script>{agency}</script>"})
    actions.save_text(
        by=assigned.secretariat, province=assigned.province, letter=LetterKind.INVITE, text=worded, base=0
    )
    html = html_of(assigned, LetterKind.INVITE, agency, "en")
    assert "own wording is in Thai only" in html
    assert "ขอความร่วมมือ &lt;script&gt;" in html
    assert "Request to answer the" not in html
    assert current_text(assigned.province, LetterKind.INVITE).to("en")[1] == "th"


def test_letters_of_many_agencies_cost_no_more_queries(assigned: Flow, django_assert_max_num_queries) -> None:
    response = fresh(assigned.response)
    gather_letters(response, LetterRequest(LetterKind.INVITE))
    for _n in range(3):
        agency = AgencyFactory(province=assigned.province)
        Assignment.objects.create(round=assigned.round, agency=agency, question=assigned.question("T1"))
    with django_assert_max_num_queries(2):
        assert len(gather_letters(response, LetterRequest(LetterKind.INVITE)).letters) == 5


@pytest.mark.slow
@pytest.mark.once
def test_the_command_prints_letters_that_read_back_exactly(assigned: Flow, tmp_path: Path) -> None:
    agency, other = assigned.people.a1, assigned.people.a2
    where = ["--province", assigned.province.code, "--year", str(assigned.round.year)]
    out = tmp_path / "letters.pdf"
    call_command("report", "letters", *where, "--out", str(out))
    assert faults(out) == []
    text = squeezed(read_back(out))
    html = html_of(assigned, LetterKind.INVITE)
    for part in re.findall(r'<div class="letter-body">(.*?)</div>', html, re.DOTALL):
        assert plain(part) in text
    assert text.count(squeezed("ขอแสดงความนับถือ")) == 2
    assert "{" not in text
    call_command("report", "letters", *where, "--agency", agency.code.lower(), "--letter", "remind", "--out", str(out))
    text = squeezed(read_back(out))
    assert squeezed(agency.name_th) in text
    assert squeezed(other.name_th) not in text
    for letter in ("cover", "memo"):
        call_command("report", "letters", *where, "--letter", letter, "--out", str(out))
    with pytest.raises(CommandError):
        call_command("report", "letters", *where, "--agency", "NOBODY", "--out", str(tmp_path / "x.pdf"))
