"""A save without the response's lock writes all or nothing, and nothing where anybody else wrote since it read."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.roles import Capability, Role
from survey import access
from survey.answering import actions as answers
from survey.answering.views import save as saving
from survey.journal import actions as journal
from survey.models import Answer, Event, Response
from survey.verifying.verify import verify_journal
from tests.trial import Trial, make_trial

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
JSON = {"HTTP_ACCEPT": "application/json"}
CHOICE, REASON = "T1", "T1.1"  # the question that is saved, and what is asked beside its choice "none"


@pytest.fixture
def world(transactional_db: None) -> Trial:
    trial = make_trial()
    store(trial, "a", 0)
    return trial


def store(world: Trial, text: str, base: int) -> answers.SaveResult:
    question, response = world.question(CHOICE), Response.objects.select_related("round__instrument").get()
    value = {question.item_id: text}
    return answers.save_answer(
        by=world.secretariat, response=response, question=question, value=value, base_revision=base
    )


def read(world: Trial) -> Response:
    return access.get_unlocked_response(world.secretariat, world.response.pk, Capability.ANSWER_EDIT)


def save(world: Trial, response: Response, text: str, base: int) -> answers.SaveResult:
    question = world.question(CHOICE)
    value = {question.item_id: text}
    return answers.save_stored_answer(
        by=world.secretariat, response=response, question=question, value=value, base_revision=base
    )


def post(world: Trial, client: Client, revision: int, text: str, **fields: str) -> Any:
    item = world.question(CHOICE).item_id
    posted = {"_revision": str(revision), item: "none", REASON: text, **fields}
    return client.post(f"/r/{world.response.pk}/answer/{item}/", posted, **JSON)


def stored(world: Trial) -> tuple[Any, int, int, str, int]:
    answer, response = Answer.objects.get(question=world.question(CHOICE)), Response.objects.get()
    return answer.value, answer.revision, response.version, response.head, Event.objects.count()


def test_one_statement_writes_answer_event_and_head(world: Trial) -> None:
    response = read(world)
    with CaptureQueriesContext(connection) as asked:
        saved = save(world, response, "b", 1)
    assert [q["sql"].split("_")[0] for q in asked] == ["EXECUTE dgready"] * 2, "read, write; no transaction around it"
    event = Event.objects.get(seq=response.version)
    assert (saved.changed, event.data["after"]) == (True, {world.question(CHOICE).item_id: "b"})
    assert stored(world)[:4] == ({world.question(CHOICE).item_id: "b"}, 2, event.seq, event.hash)
    assert not verify_journal().faults


def test_nothing_is_written_where_somebody_wrote_meanwhile(world: Trial) -> None:
    def other_question() -> None:
        row = world.question(world.compiled.questions[-1].id)
        response = Response.objects.select_related("round__instrument").get()
        with transaction.atomic():
            locked = journal.lock_response(response.pk)
            journal.record_event(by=world.secretariat, response=locked, verb="answer.save", question=row)

    response = read(world)
    other_question()
    before = stored(world)
    with pytest.raises(journal.NeedsLock):
        save(world, response, "b", 1)
    assert stored(world) == before


def test_an_answer_that_is_not_as_it_was_read_undoes_the_event(world: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not by any act of ours: somebody wrote into the database."""
    response, row = read(world), answers._read_answers(read(world), world.question(CHOICE), None)
    Answer.objects.update(revision=7)
    before = stored(world)
    monkeypatch.setattr(answers, "_read_answers", lambda *args: row)
    with pytest.raises(DatabaseError):
        save(world, response, "b", 1)
    assert stored(world) == before


def test_what_is_new_or_of_an_agency_needs_the_lock(world: Trial) -> None:
    Answer.objects.all().delete()
    with pytest.raises(journal.NeedsLock):
        save(world, read(world), "b", 0)
    response = read(world)
    response.agency_id = 1
    with pytest.raises(journal.NeedsLock):
        save(world, response, "b", 0)


@pytest.mark.parametrize("state", [Response.State.SUBMITTED, Response.State.APPROVED])
def test_a_page_is_refused_what_was_submitted_after_it_read(
    world: Trial, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_first: Callable[..., Response] = access.get_unlocked_response

    def overtaken(*args: Any) -> Response:
        response = read_first(*args)
        with transaction.atomic():
            locked = journal.lock_response(response.pk)
            Response.objects.filter(pk=locked.pk).update(state=state)
            journal.record_event(by=None, response=locked, verb="response.submit")
        return response

    monkeypatch.setattr(access, "get_unlocked_response", overtaken)
    client = Client()
    client.force_login(world.secretariat)
    assert post(world, client, 1, "b").status_code == 403
    assert stored(world)[:2] == ({world.question(CHOICE).item_id: "a"}, 1)


def test_many_at_once_lose_nothing(world: Trial) -> None:
    people = [world.user(Role.SECRETARIAT) for _ in range(4)]
    start = threading.Barrier(len(people))
    given: list[Any] = []

    def press(number: int) -> None:
        client = Client()
        client.force_login(people[number])
        start.wait()
        try:
            for turn in range(6):
                revision = Answer.objects.get(question=world.question(CHOICE)).revision
                given.append(post(world, client, revision, f"{number}-{turn}"))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=(number,)) for number in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    saved = [answer.json() for answer in given if answer.status_code == 200]
    assert len(given) == 24
    assert {answer.status_code for answer in given} <= {200, 409}
    revisions = sorted(one["revision"] for one in saved)
    assert revisions == list(range(2, 2 + len(saved))), "each acknowledged save has a revision of its own"
    assert stored(world)[1] == 1 + len(saved)
    assert Event.objects.filter(verb="answer.save").count() == 1 + len(saved)
    assert not verify_journal().faults


def test_elsewhere_the_lock_is_taken(world: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    locked: list[int] = []
    under_lock = saving._save_under_lock
    monkeypatch.setattr(saving, "_save_under_lock", lambda *args: locked.append(1) or under_lock(*args))
    client = Client()
    client.force_login(world.secretariat)
    assert post(world, client, 1, "b").json()["revision"] == 2
    assert not locked
    assert post(world, client, 1, "c").status_code == 409
    assert len(locked) == 1
    post(world, client, 2, "b", _clear="1")
    assert len(locked) == 2
