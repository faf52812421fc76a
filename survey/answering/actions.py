"""Saves answers: one row per question, guarded by an integer revision, so that no change is overwritten unseen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from dgready.arrival import deadline_now
from dgready.prepared_queries import PreparedQuery, PreparedUpdate
from survey.answering.three_way import note_of_mark
from survey.assigning import queries as parts
from survey.instrument.queries import compiled_instrument, is_answered_by_each_agency
from survey.instrument.schema import AnswerValue
from survey.instrument.values import drop_empty_rows
from survey.journal import actions as journal
from survey.models import Answer, Instrument, Question, Response

_ANSWER_FIELDS = ("value", "unsure", "note")
_UPDATE_ANSWER = PreparedUpdate(
    Answer, columns=("revision", "saved_by", "saved_at", *_ANSWER_FIELDS), where=("id", "revision")
)
_APPEND_WITH_ANSWER = journal.AppendWithUpdate(_UPDATE_ANSWER)
_STORED_ANSWERS_QUERY = PreparedQuery(Answer.objects.order_by(), "response_id", "question_id__in")


class NotEditable(Exception):
    """Answers cannot change: response or part is submitted, the round closed, or each agency answers for itself."""


@dataclass(frozen=True, slots=True)
class SaveResult:
    """Result of a save. With `conflict` nothing was written, and `answer` is the one in the database.

    `touched`: the addresses that it changed; `beside`: the stored values of the question that was read along,
    by its key.
    """

    answer: Answer | None
    changed: bool
    conflict: bool = False
    touched: Collection[str] = ()
    beside: Mapping[int, Mapping[str, AnswerValue]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Given:
    """What is to be saved, by whom, and how the event tells it."""

    by: User
    form: Instrument
    question: Question
    value: Mapping[str, AnswerValue]
    base_revision: int
    keep: Collection[str]
    unsure: bool
    note: str
    beside: Question | None
    verb: str
    details: Mapping[str, Any]


def save_answer(
    *,
    by: User,
    response: Response,
    question: Question,
    value: Mapping[str, AnswerValue],
    base_revision: int,
    keep: Collection[str] = (),
    unsure: bool = False,
    note: str = "",
    locked: bool = False,
    beside: Question | None = None,
    verb: str = "answer.save",
    details: Mapping[str, Any] | None = None,
) -> SaveResult:
    """Save the answer to a question if `base_revision` (0: none yet) is still the newest.

    Addresses in `keep` stay as stored. Saving an unchanged answer writes nothing and is no conflict. `locked`: the
    caller holds the lock of `response`. `beside`: another question, read along. Raises NotEditable.
    """
    given = _Given(
        by, response.round.instrument, question, value, base_revision, keep, unsure, note, beside, verb, details or {}
    )
    _require_answered_here(response)
    if locked:  # before the block without a savepoint: an exception out of it would end the caller's transaction
        require_editable(response, question)
    with transaction.atomic(savepoint=not locked):
        held = response if locked else require_editable(journal.lock_response(response.pk), question)
        saved = _save(held, given)
        if saved.changed:
            response.version, response.head = held.version, held.head
        return saved


def save_stored_answer(
    *,
    by: User,
    response: Response,
    question: Question,
    value: Mapping[str, AnswerValue],
    base_revision: int,
    unsure: bool = False,
    note: str = "",
    beside: Question | None = None,
) -> SaveResult:
    """As `save_answer`, for an answer that is stored already, of a provincial response that is not locked.

    What is written is one statement, which writes nothing unless the response's version and head are those that were
    read. All that decides whether a provincial answer may change is written under the response's lock together with an
    event of it (its state, the days of its round, the version of its form), so a response that is as it was read might
    as well have been locked since. Raises NeedsLock, with nothing written, where it is not; and NotEditable.
    """
    journal.require_one_statement()
    if not response.is_provincial:
        raise journal.NeedsLock
    _require_answered_here(response)
    given = _Given(
        by, response.round.instrument, question, value, base_revision, (), unsure, note, beside, "answer.save", {}
    )
    return _save(require_editable(response, question), given, is_stored=True)


def _save(response: Response, given: _Given, *, is_stored: bool = False) -> SaveResult:
    """Write an answer and its event, where it changes. `is_stored`: raises NeedsLock for one that is new."""
    found = _read_answers(response, given.question, given.beside)
    old = found.get(given.question.pk)
    new = {"value": _new_value(given, old), **_mark_fields(given.unsure, given.note, old)}
    if _answer_fields(old) == new if old is not None else not (new["value"] or given.unsure or given.base_revision):
        return SaveResult(old, changed=False)
    if (old.revision if old else 0) != given.base_revision:
        return SaveResult(old, changed=False, conflict=True)
    if old is None and is_stored:
        raise journal.NeedsLock
    answer, together = _write_answer(by=given.by, response=response, question=given.question, old=old, new=new)
    data = {**diff_answers(_answer_fields(old) if old else {}, new), **given.details}
    journal.record_event(
        by=given.by,
        response=response,
        verb=given.verb,
        question=given.question,
        data=data,
        at=answer.saved_at,
        together=together,
    )
    touched = {*data["before"], *data["after"]}
    return SaveResult(answer, changed=True, touched=touched, beside=_value_beside(given.beside, found))


def _require_answered_here(response: Response) -> None:
    """Raises NotEditable for the provincial answer of a year that each agency answers for itself."""
    if response.is_provincial and is_answered_by_each_agency(response.round.instrument):
        raise NotEditable


def _read_answers(response: Response, question: Question, beside: Question | None) -> dict[int, Answer]:
    keys = (question.pk, (beside or question).pk)
    return {answer.question_id: answer for answer in _STORED_ANSWERS_QUERY.all(response.pk, *keys)}


def _new_value(given: _Given, old: Answer | None) -> dict[str, AnswerValue]:
    """What is to be stored: the value without the addresses to keep, which stay as they are."""
    stored = old.value if old else {}
    kept = {address: stored[address] for address in given.keep if address in stored}
    taken = {address: v for address, v in given.value.items() if address not in given.keep}
    return drop_empty_rows({**taken, **kept}, compiled_instrument(given.form).items)


def _value_beside(beside: Question | None, found: Mapping[int, Answer]) -> Mapping[int, Mapping[str, AnswerValue]]:
    if beside is None:
        return {}
    return {beside.pk: found[beside.pk].value if beside.pk in found else {}}


def require_editable(response: Response, question: Question | None = None) -> Response:
    """Return the response; raises NotEditable, also when the agency has submitted its part with this question."""
    if not response.is_editable or response.round.is_closed(deadline_now()):
        raise NotEditable
    if question is not None and not response.is_provincial and parts.is_handed_in(response, question):
        raise NotEditable
    return response


def _answer_fields(answer: Answer) -> dict[str, Any]:
    return {"value": answer.value, "unsure": answer.unsure, "note": answer.note}


def _mark_fields(unsure: bool, note: str, old: Answer | None) -> dict[str, Any]:
    """The unsure mark and its note as they are to be stored."""
    kept = note_of_mark(unsure, note, old.note if old is not None and old.unsure else None)
    return {"unsure": kept is not None, "note": kept or ""}


def _write_answer(
    *, by: User, response: Response, question: Question, old: Answer | None, new: Mapping[str, Any]
) -> tuple[Answer, tuple[journal.AppendWithUpdate, list[Any]] | None]:
    """The answer as it is to be; a new one is inserted, a stored one updated together with its event."""
    now = timezone.now()
    if old is None:
        fields: dict[str, Any] = {"revision": 1, "saved_by": by, "saved_at": now, **new}
        return Answer.objects.create(response=response, question=question, **fields), None
    revision = old.revision + 1
    update = [revision, by.pk, now, *(new[field] for field in _ANSWER_FIELDS), old.pk, old.revision]
    answer = Answer(
        pk=old.pk, response=response, question=question, revision=revision, saved_by=by, saved_at=now, **new
    )
    return answer, (_APPEND_WITH_ANSWER, update)


def diff_answers(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Changes between two states of an answer: {"before": {…}, "after": {…}} by address; unsure, note if changed."""
    before, after = old.get("value", {}), new["value"]
    changed = [address for address in dict.fromkeys([*before, *after]) if before.get(address) != after.get(address)]
    changes: dict[str, Any] = {
        "before": {address: before[address] for address in changed if address in before},
        "after": {address: after[address] for address in changed if address in after},
    }
    for key in ("unsure", "note"):
        if old.get(key, type(new[key])()) != new[key]:
            changes[key] = [old.get(key), new[key]]
    return changes
