"""Tampering with rows behind the application's back shows; honest work never does."""

import json
import tracemalloc
from threading import Thread

import pytest
from django.db import connection

from accounts.models import Province
from survey.approval.actions import approve_response, reopen_response, return_response
from survey.instrument.queries import questions_by_item_id
from survey.models import Event, FrozenResponse, Response
from survey.threads import actions as threads
from survey.threads.actions import ThreadSubject
from survey.verifying import response_replay, verify
from tests.factories import ProvinceFactory
from tests.flow import Flow, make_flow, outside
from tests.kept_worlds import kept
from tests.people import People


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        assert cursor.rowcount > 0, "the tampering hit nothing"


def faults() -> list[tuple[str, str]]:
    """The code of each fault, with the field, version or question that it names."""
    return [(f.code, f.field or f.subject or f.question) for f in verify.verify_journal().faults]


@pytest.fixture
def year(people: People) -> Flow:
    """A year with everything in it: saves, comments, return, approval, reopening, approval."""
    return _make_year(people)


@kept
def _make_year(people: People) -> Flow:
    flow = make_flow(people)
    flow.save("T8", {"T8": "yes"}, unsure=True, note="ขอตรวจเอกสาร")
    flow.save("T8", {"T8": "no"})
    question = questions_by_item_id(flow.round.instrument)["T1"]
    said = threads.start_thread(
        by=flow.governor, response=flow.response, text="ตรวจอีกครั้ง", about=ThreadSubject(question)
    )
    threads.resolve_thread(by=flow.secretariat, response=flow.response, thread=said)
    flow.submit()
    return_response(by=flow.governor, response=flow.response, comments=[], text="ขอแก้ไข")
    flow.answer_remarks()
    flow.approve()
    reopen_response(by=flow.governor, response=flow.response, reason="พบข้อผิดพลาด")
    flow.save("T5.2", {"T5.2": "ไม่มี"})
    flow.approve()
    return flow


def test_an_honest_year_holds(year: Flow) -> None:
    report = verify.verify_journal()
    assert report.faults == []
    assert (report.responses, report.events) == (1, Event.objects.count())


CONTENT = 'UPDATE survey_frozenresponse SET content = replace(content, \'"T8":"no"\', \'"T8":"yes"\') '
TAMPERINGS: dict[str, tuple[str, tuple[str, str]]] = {
    "an event's data": (
        "UPDATE survey_event SET data = '{}' WHERE verb = 'comment.add'",
        ("chain.hash", "T1"),
    ),
    "an event's person": (
        "UPDATE survey_event SET by_id = NULL WHERE seq = 2",
        ("chain.hash", "T8"),
    ),
    "an event's hash": ("UPDATE survey_event SET hash = 'x' WHERE seq = 2", ("chain.link", "")),
    "an event removed": ("DELETE FROM survey_event WHERE seq = 3", ("chain.gap", "")),
    "the newest event removed": (
        "DELETE FROM survey_event WHERE verb = 'response.approve' AND data LIKE '%: 2,%'",
        ("chain.head", ""),
    ),
    "an answer's value": (
        "UPDATE survey_answer SET value = '{\"T8\": \"yes\"}' WHERE value LIKE '%T8%'",
        ("answer.changed", "T8"),
    ),
    "an answer's note": ("UPDATE survey_answer SET note = 'x'", ("answer.changed", "note")),
    "an answer's saver": ("UPDATE survey_answer SET saved_by_id = saved_by_id + 1", ("answer.changed", "saved_by")),
    "an answer's revision": ("UPDATE survey_answer SET revision = 9", ("answer.changed", "revision")),
    "an answer removed": ("DELETE FROM survey_answer WHERE value LIKE '%T8%'", ("answer.missing", "T8")),
    "the state": ("UPDATE survey_response SET state = 'draft'", ("response.changed", "state")),
    "the head": ("UPDATE survey_response SET head = 'x'", ("chain.head", "")),
    "the open points": (
        "UPDATE survey_response SET open_points = '[1]'",
        ("response.changed", "open_points"),
    ),
    "a valid version": (CONTENT + "WHERE number = 2", ("version.hash", "2")),
    "a void version": (CONTENT + "WHERE number = 1", ("version.hash", "1")),
    "a version made valid": (
        "UPDATE survey_frozenresponse SET voided_at = CURRENT_TIMESTAMP WHERE number = 2",
        ("version.changed", "voided_at"),
    ),
    "the reason of a void": (
        "UPDATE survey_frozenresponse SET void_reason = 'x' WHERE number = 1",
        ("version.changed", "void_reason"),
    ),
    "a version removed": ("DELETE FROM survey_frozenresponse WHERE number = 1", ("version.missing", "1")),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_shows(name: str, year: Flow) -> None:
    statement, expected = TAMPERINGS[name]
    if connection.vendor == "postgresql":
        statement = statement.replace("value LIKE", "value::text LIKE").replace("data LIKE", "data::text LIKE")
    if "saved_by_id + 1" in statement:
        statement = f"UPDATE survey_answer SET saved_by_id = {year.governor.pk}"
    sql(statement)
    assert expected in faults()


def test_a_forged_hash_does_not_help(year: Flow) -> None:
    """Rewriting an event with a fitting hash breaks the link of the next one."""
    from survey.journal.actions import compute_event_hash

    event = Event.objects.get(seq=1)
    event.data = {"before": {}, "after": {"T8": "other"}}
    sql("UPDATE survey_event SET data = %s, hash = %s WHERE seq = 1", json.dumps(event.data), compute_event_hash(event))
    assert ("chain.link", "") in faults()


def test_a_frozen_version_rewritten_with_its_hash_shows(year: Flow) -> None:
    from survey.approval import snapshot as frozen

    row = FrozenResponse.objects.get(number=2)
    data = frozen.read_snapshot(row)
    data["answers"]["T8"]["value"] = {"T8": "yes"}
    text, digest = frozen.seal_snapshot(data)
    sql("UPDATE survey_frozenresponse SET content = %s, sha256 = %s WHERE number = 2", text, digest)
    assert ("version.changed", "sha256") in faults()


def test_live_answers_are_compared_with_the_frozen_ones(flow: Flow) -> None:
    """Even when an answer and its journal agree, the approved version must say the same."""
    flow.submit()

    def forged(response: Response) -> dict[str, object]:
        return outside(response)

    approve_response(by=flow.governor, response=flow.response, compose=forged)
    Response.objects.update(state="draft")
    flow.response.state = "draft"
    flow.save("T8", {"T8": "yes"})
    Response.objects.update(state="approved")
    assert ("version.answers", "1") in faults()


def test_many_faults_are_counted_not_listed(flow: Flow) -> None:
    for number in range(60):
        flow.save("T5.2", {"T5.2": str(number)})
    sql("UPDATE survey_event SET verb = 'answer.none'")
    report = verify.verify_journal()
    assert len(report.faults) == verify.MAX_LISTED_FAULTS + 1
    assert report.events == 61


@pytest.mark.slow
def test_memory_stays_flat(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(response_replay, "CHUNK_ROWS", 10)
    text = "ข้อความยาว" * 100

    def peak(saves: int) -> int:
        for number in range(saves):
            flow.save("T5.2", {"T5.2": f"{text}{number}{saves}"})
        tracemalloc.start()
        verify.verify_journal()
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(1)
    few = peak(50)
    assert peak(100) < few * 1.2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_the_verification_and_it_sees_one_moment() -> None:
    def write() -> None:
        ProvinceFactory(code="TH-99")
        connection.close()

    with verify.one_moment():
        before = Province.objects.count()
        thread = Thread(target=write)
        thread.start()
        thread.join(10)
        assert not thread.is_alive()
        assert Province.objects.count() == before
    assert Province.objects.count() == before + 1
