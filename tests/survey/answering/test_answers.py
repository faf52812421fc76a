"""Saving answers: revisions, conflicts, the journal, frozen states."""

import itertools
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from survey.answering import actions as answers
from survey.journal import actions as journal
from survey.models import Answer, Event, Response
from tests.trial import Trial, make_trial


@pytest.fixture
def world(db: None) -> Trial:
    return make_trial()


def save(world: Trial, value: dict[str, Any], base: int, **more: Any) -> answers.SaveResult:
    return answers.save_answer(
        by=world.secretariat,
        response=world.response,
        question=world.question(),
        value=value,
        base_revision=base,
        **more,
    )


def test_first_save_second_save_and_no_change(world: Trial) -> None:
    item = world.question().item_id
    first = save(world, {item: "a"}, 0)
    assert first.changed
    assert first.answer
    assert first.answer.revision == 1
    again = save(world, {item: "a"}, 0)
    assert not again.changed
    assert not again.conflict
    assert Event.objects.filter(verb="answer.save").count() == 1
    second = save(world, {item: "b"}, 1)
    assert second.answer
    assert second.answer.revision == 2
    event = Event.objects.get(verb="answer.save", seq=world.response.version)
    assert event.data == {"before": {item: "a"}, "after": {item: "b"}}
    assert event.by == world.secretariat


def test_stale_revision_is_a_conflict_and_writes_nothing(world: Trial) -> None:
    item = world.question().item_id
    save(world, {item: "a"}, 0)
    late = save(world, {item: "b"}, 0)
    assert late.conflict
    assert late.answer
    assert late.answer.value == {item: "a"}
    assert Answer.objects.get().value == {item: "a"}
    assert Event.objects.filter(verb="answer.save").count() == 1


def test_kept_addresses_stay_as_stored(world: Trial) -> None:
    item = world.question().item_id
    save(world, {item: "a", "other": "x"}, 0)
    save(world, {item: "b"}, 1, keep=["other", "absent"])
    assert Answer.objects.get().value == {item: "b", "other": "x"}


@pytest.mark.parametrize("state", [Response.State.SUBMITTED, Response.State.APPROVED])
def test_nothing_is_saved_once_handed_in(world: Trial, state: str) -> None:
    Response.objects.filter(pk=world.response.pk).update(state=state)
    with pytest.raises(answers.NotEditable):
        save(world, {world.question().item_id: "a"}, 0)


def test_nothing_is_saved_after_the_last_minute(world: Trial) -> None:
    round_ = world.response.round
    round_.closes_at = timezone.now()
    round_.save()
    with pytest.raises(answers.NotEditable):
        save(world, {world.question().item_id: "a"}, 0)


def test_unsure_carries_a_note_only_while_it_is_set(world: Trial) -> None:
    item = world.question().item_id
    save(world, {item: "a"}, 0, unsure=True, note="ขอให้ดูอีกครั้ง")
    answer = Answer.objects.get()
    assert (answer.unsure, answer.note) == (True, "ขอให้ดูอีกครั้ง")
    save(world, {item: "a"}, 1, unsure=False, note="ขอให้ดูอีกครั้ง")
    answer = Answer.objects.get()
    assert (answer.unsure, answer.note) == (False, "")
    # Typed without the tick it is not dropped: it sets the mark.
    save(world, {item: "a"}, 2, unsure=False, note="พิมพ์ใหม่")
    answer = Answer.objects.get()
    assert (answer.unsure, answer.note) == (True, "พิมพ์ใหม่")


def test_the_chain_of_events(world: Trial) -> None:
    item = world.question().item_id
    for revision in range(3):
        save(world, {item: str(revision)}, revision)
    events = list(Event.objects.filter(response=world.response))
    assert [e.seq for e in events] == list(range(1, len(events) + 1))
    for before, after in itertools.pairwise(events):
        assert after.previous == before.hash
    assert all(journal.compute_event_hash(e) == e.hash for e in events)
    stored = Response.objects.get(pk=world.response.pk)
    assert (stored.version, stored.head) == (events[-1].seq, events[-1].hash)


def test_events_need_the_transaction_of_what_they_record(transactional_db: None) -> None:
    world = make_trial()
    with pytest.raises(RuntimeError):
        journal.record_event(by=None, response=world.response, verb="x")


def test_one_answer_per_question_in_the_database(world: Trial) -> None:
    save(world, {world.question().item_id: "a"}, 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.create(
            response=world.response,
            question=world.question(),
            saved_by=world.secretariat,
            saved_at=timezone.now(),
        )


def test_a_save_costs_few_queries(world: Trial, django_assert_max_num_queries: Any) -> None:
    item = world.question().item_id
    save(world, {item: "a"}, 0)
    with django_assert_max_num_queries(7):  # savepoint and release of the test's own transaction are among them
        save(world, {item: "b"}, 1)
