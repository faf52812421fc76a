"""A journal as a paper: every event in the words of the pages, on each page the chain's head and whether it holds."""

from __future__ import annotations

import re
import tracemalloc
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from reports.errors import ReportError
from reports.journal import pdf
from reports.journal.gathering import JournalExtract, gather_extract
from reports.journal.pdf import extract_html, write_extract_pdf
from survey.journal.actions import lock_response, record_event
from survey.journal.province_journal import JournalFilter, export_row, read_filter
from survey.models import Event, Response
from tests.flow import Flow
from tests.reports.conftest import fresh, read_back, squeezed
from tests.reports.documents.ua_rules import faults

EVERYTHING = JournalFilter()


def words(extract: JournalExtract) -> str:
    """What the paper says, without its pages."""
    return squeezed(re.sub(r"<[^>]+>", "", extract_html(extract, extract.entries(), cover=True)))


def contribute(flow: Flow) -> Response:
    """A contribution with an event of its own."""
    response = Response.objects.create(round=flow.round, agency=flow.people.a1)
    record_event(by=flow.secretariat, response=lock_response(response.pk), verb="response.open", data={})
    return response


def test_it_tells_every_event_in_the_words_of_the_workbook(filled: Flow) -> None:
    extract = gather_extract(fresh(filled.response), EVERYTHING, whole=False)
    assert (extract.count, extract.left_out, extract.fault_count) == (filled_version(filled), 0, extract.fault_count)
    told = words(extract)
    rows = [export_row(entry) for entry in extract.entries()]
    assert [row["seq"] for row in rows] == list(range(1, extract.count + 1))
    for row in rows:
        for said in (row["what"], row["by"], *re.split(r" → |\n", row["text"].replace(": ", "\n"))):
            assert squeezed(said) in told, row
    assert "@" not in told.replace("office@example.org", "")  # an answer, not somebody's address


def filled_version(flow: Flow) -> int:
    """How many events the response has."""
    return fresh(flow.response).version


def test_a_round_has_all_its_chains_and_one_answer_its_own(flow: Flow) -> None:
    flow.fill()
    other = contribute(flow)
    whole = gather_extract(fresh(flow.response), EVERYTHING, whole=True)
    alone = gather_extract(fresh(flow.response), EVERYTHING, whole=False)
    part = gather_extract(fresh(other), EVERYTHING, whole=False)
    assert whole.count == alone.count + part.count
    assert [chain.head for chain in whole.chains] == [fresh(flow.response).head, fresh(other).head]
    assert (alone.head, part.head) == tuple(chain.head for chain in whole.chains)
    assert re.fullmatch("[0-9a-f]{64}", whole.head)
    assert whole.head not in (alone.head, part.head)
    assert alone.fault_count == 0
    assert squeezed("ตรวจแล้ว ถูกต้องทั้งหมด") in words(alone)


def test_what_was_tampered_with_is_said(flow: Flow) -> None:
    flow.fill()
    Event.objects.filter(response=flow.response, seq=2).update(verb="answer.clear")
    extract = gather_extract(fresh(flow.response), EVERYTHING, whole=False)
    assert extract.fault_count > 0
    told = words(extract)
    assert squeezed(f"พบความผิดปกติ {extract.fault_count} รายการ") in told
    assert squeezed(extract.faults[0]) in told


def test_it_is_filtered_by_days_and_question(flow: Flow) -> None:
    flow.fill()
    today, response = timezone.localdate(), fresh(flow.response)
    days = [gather_extract(response, read_filter({"since": str(today + timedelta(n))}), whole=True) for n in (0, 1)]
    assert [extract.count for extract in days] == [response.version, 0]
    assert squeezed("ไม่มีเหตุการณ์") in words(days[1])
    one = gather_extract(response, JournalFilter(question="T1"), whole=True)
    assert {entry.event.question.item_id for entry in one.entries() if entry.event.question} == {"T1"}
    assert 0 < one.count < response.version
    assert squeezed("ข้อคำถาม") in words(one)
    with pytest.raises(ReportError) as caught:
        gather_extract(response, JournalFilter(question="nowhere"), whole=True)
    assert caught.value.reason == "scope"


def test_a_filter_survives_the_job(flow: Flow) -> None:
    given = JournalFilter(3, "T1", "answer.save", timezone.localdate(), timezone.localdate())
    assert read_filter(given.params()) == given


def test_what_the_limit_leaves_out_is_counted(flow: Flow) -> None:
    flow.fill()
    extract = gather_extract(fresh(flow.response), EVERYTHING, whole=True, most=3)
    seqs = [entry.event.seq for entry in extract.entries()]
    assert (extract.shown, extract.left_out, seqs) == (
        3,
        extract.count - 3,
        list(range(extract.count - 2, extract.count + 1)),
    )
    assert squeezed(f"ไม่ได้แสดงเหตุการณ์เก่ากว่า {extract.left_out} รายการ") in words(extract)


@pytest.mark.slow
@pytest.mark.once
def test_each_page_bears_the_head_and_the_outcome(
    filled: Flow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "EVENTS", 4)  # several parts
    path = tmp_path / "a.pdf"
    where = ["--province", "TH-91", "--year", "2570", "--out", str(path)]
    call_command("report", "journal", *where)
    extract = gather_extract(fresh(filled.response), EVERYTHING, whole=True)
    pages = [page for page in read_back(path, "-layout").split("\f") if page.strip()]
    with pypdfium2.PdfDocument(path) as document:
        assert len(pages) == len(document) > 1
    for page in pages:
        assert extract.head in page
        assert squeezed("ตรวจแล้ว") in squeezed(page)
    monkeypatch.undo()
    call_command("report", "journal", *where)
    assert faults(path) == []
    told = squeezed(read_back(path, "-raw"))
    for entry in extract.entries():
        assert squeezed(entry.entry.verb_label) in told
    today = timezone.localdate()
    call_command("report", "journal", *where, "--from", str(today), "--to", str(today), "--question", "T1")
    with pytest.raises(CommandError, match="no such part: T99"):
        call_command("report", "journal", *where, "--question", "T99")
    with pytest.raises(CommandError, match="--from"):
        call_command("report", "journal", *where, "--from", "someday")


@pytest.mark.slow
@pytest.mark.once
def test_a_big_journal_is_read_in_flat_memory(flow: Flow) -> None:
    """Nine times the events take hardly more memory to read; printing goes in batches of the same."""
    peaks = []
    for count in (600, 5400):
        given = {"response": flow.response, "at": timezone.now(), "verb": "response.return", "previous": ""}
        Event.objects.filter(response=flow.response, verb="response.return").delete()
        Event.objects.bulk_create(
            Event(seq=seq, hash=f"{seq:064}", data={"reason": f"{seq} " * 40}, **given)
            for seq in range(1000, 1000 + count)
        )
        extract = gather_extract(fresh(flow.response), EVERYTHING, whole=False)
        tracemalloc.start()
        assert sum(1 for _entry in extract.entries()) == extract.count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 2 * peaks[0]


@pytest.mark.slow
@pytest.mark.once
def test_a_part_holds_so_many_events(flow: Flow, tmp_path: Path) -> None:
    flow.fill()
    extract = gather_extract(fresh(flow.response), EVERYTHING, whole=False, most=2)
    write_extract_pdf(extract, tmp_path / "a.pdf")
    assert "dgready" not in read_back(tmp_path / "a.pdf")
