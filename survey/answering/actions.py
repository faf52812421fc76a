"""Saving answers: one row per question, guarded by an integer revision; nothing is ever overwritten unseen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from dgready.prepared import Prepared, Update
from survey.assigning import queries as parts
from survey.instrument.schema import Value
from survey.instrument.values import tidy
from survey.journal import actions as journal
from survey.models import Answer, Question, Response

_STATE = ("value", "unsure", "note")
_CHANGE = Update(Answer, columns=("revision", "saved_by", "saved_at", *_STATE), where=("id", "revision"))
_STORED = Prepared(Answer.objects.order_by(), "response_id", "question_id")


class NotEditable(Exception):
    """The response or the agency's part is handed in, or the round is closed: answers do not change."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save did. With `conflict` nothing was written and `answer` is what stands in the database."""

    answer: Answer | None
    changed: bool
    conflict: bool = False


def save(
    *,
    by: User,
    response: Response,
    question: Question,
    value: Mapping[str, Value],
    base_revision: int,
    keep: Collection[str] = (),
    unsure: bool = False,
    note: str = "",
    locked: bool = False,
) -> Saved:
    """Saves one question's answer if `base_revision` (0: none yet) is still the newest.

    Addresses in `keep` stay as they are stored. Saving what already stands changes nothing and is no
    conflict. `locked`: the caller's transaction holds the lock of `response`. Raises NotEditable.
    """
    with transaction.atomic(savepoint=not locked):
        mine = editable(response if locked else journal.lock(response.pk), question)
        old = _STORED.first(mine.pk, question.pk)
        stored = old.value if old else {}
        kept = {a: stored[a] for a in keep if a in stored}
        value = tidy({**{a: v for a, v in value.items() if a not in keep}, **kept})
        new = {"value": value, "unsure": unsure, "note": note if unsure else ""}
        if old is not None and _state(old) == new:
            return Saved(old, changed=False)
        if old is None and not value and not unsure and base_revision == 0:
            return Saved(None, changed=False)
        if (old.revision if old else 0) != base_revision:
            return Saved(old, changed=False, conflict=True)
        answer = _write(by=by, response=mine, question=question, old=old, new=new)
        data = difference(_state(old) if old else {}, new)
        event = journal.record(
            by=by, response=mine, verb="answer.save", question=question, data=data, at=answer.saved_at
        )
        response.version, response.head = event.seq, event.hash
        return Saved(answer, changed=True)


def editable(response: Response, question: Question | None = None) -> Response:
    """The same response, or NotEditable: also when the agency has handed in its part with this question."""
    if not response.is_editable or response.round.is_closed(timezone.now()):
        raise NotEditable
    if question is not None and not response.is_provincial and parts.is_handed_in(response, question):
        raise NotEditable
    return response


def _state(answer: Answer) -> dict[str, Any]:
    return {"value": answer.value, "unsure": answer.unsure, "note": answer.note}


def _write(*, by: User, response: Response, question: Question, old: Answer | None, new: Mapping[str, Any]) -> Answer:
    now = timezone.now()
    if old is None:
        return Answer.objects.create(response=response, question=question, revision=1, saved_by=by, saved_at=now, **new)
    revision = old.revision + 1
    if _CHANGE.run(revision, by.pk, now, *(new[c] for c in _STATE), old.pk, old.revision) != 1:
        raise RuntimeError("an answer changed under the response's lock")
    return Answer(pk=old.pk, response=response, question=question, revision=revision, saved_by=by, saved_at=now, **new)


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """What changed, address by address: {"before": {…}, "after": {…}}; unsure and note when they moved."""
    before, after = old.get("value", {}), new["value"]
    moved = [a for a in dict.fromkeys([*before, *after]) if before.get(a) != after.get(a)]
    out: dict[str, Any] = {
        "before": {a: before[a] for a in moved if a in before},
        "after": {a: after[a] for a in moved if a in after},
    }
    for key in ("unsure", "note"):
        if old.get(key, type(new[key])()) != new[key]:
            out[key] = [old.get(key), new[key]]
    return out
