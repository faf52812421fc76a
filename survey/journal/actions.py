"""Appends events to the journal of a response: each event's hash covers the hash of the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from dgready.arrival import deadline_now
from dgready.canonical import canonical_json, sha256_hex
from dgready.prepared_queries import PreparedInsert, PreparedInsertWithUpdates, PreparedQuery, PreparedUpdate
from dgready.stale_page import StalePage
from survey.models import Event, Question, Response, Round

_LOCKED_RESPONSE_QUERY = PreparedQuery(
    Response.objects.select_for_update(of=("self",)).select_related("round").defer("open_points").order_by(), "pk"
)

_INSERT_EVENT = PreparedInsert(Event)
_ADVANCE = PreparedUpdate(Response, columns=("version", "head"), where=("id", "version", "head"))
_APPEND_EVENT = PreparedInsertWithUpdates(_INSERT_EVENT, _ADVANCE)


class FormMoved(StalePage):
    """What is recorded is about a question of the version from which the round moved meanwhile; nothing is written."""


class NeedsLock(Exception):
    """What is written must be written under the response's lock: somebody else has written since it was read."""


def require_one_statement() -> None:
    """Raises NeedsLock where the database does not write several tables in one statement."""
    if transaction.get_connection().vendor != "postgresql":
        raise NeedsLock


class AppendWithUpdate:
    """An event is appended and a row updated in one statement of PostgreSQL, which writes both or nothing."""

    def __init__(self, update: PreparedUpdate) -> None:
        self.statement = PreparedInsertWithUpdates(_INSERT_EVENT, _ADVANCE, update)


def lock_response(response_id: int) -> Response:
    """Lock a response until the transaction ends, so that its writers run one after another. Raises DoesNotExist."""
    response = _LOCKED_RESPONSE_QUERY.first(response_id)
    if response is None:
        raise Response.DoesNotExist
    refresh_moved_round(response)
    return response


def refresh_moved_round(response: Response) -> None:
    """Reads the round of a locked response again where it moved to another version of its form meanwhile.

    PostgreSQL gives a statement that waited for a lock the newest locked row, but the round as it was before. No query
    where nothing moved.
    """
    if response.form_moves != response.round.form_moves:
        rounds = Round.objects.select_related("instrument", "province").defer("instrument__source")
        response.round = rounds.get(pk=response.round_id)


def record_event(
    *,
    by: User | None,
    response: Response,
    verb: str,
    question: Question | None = None,
    data: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    together: tuple[AppendWithUpdate, Sequence[Any]] | None = None,
) -> Event:
    """Append an event in the caller's transaction and advance the response's version and head.

    `response` comes from `lock_response`, so that no one else appends in between. `together`: what the event records
    is written by the same statement, with these values; on PostgreSQL that may be all of the transaction, and the
    response need not be locked: raises NeedsLock, with nothing written, where it is not as it was read.
    """
    if not transaction.get_connection().in_atomic_block:
        if together is None:
            raise RuntimeError("an event is recorded in the transaction of what it records")
        require_one_statement()
    if question is not None and question.instrument_id != response.round.instrument_id:
        raise FormMoved
    moment = at or timezone.now()
    event = Event(
        response=response,
        seq=response.version + 1,
        at=moment,
        by=by,
        verb=verb,
        question=question,
        data={**(data or {}), **_arrival_over_close(response.round, verb, moment)},
        previous=response.head,
    )
    event.hash = compute_event_hash(event)
    _append(event, response, together)
    response.version, response.head = event.seq, event.hash
    return event


def _append(event: Event, response: Response, together: tuple[AppendWithUpdate, Sequence[Any]] | None) -> None:
    """Writes the event, the response's version and head, and what is written together with them. Raises NeedsLock."""
    advance = (event.seq, event.hash, response.pk, response.version, response.head)
    if together is None:
        is_written = _APPEND_EVENT.run(event, advance)
    else:
        is_written = together[0].statement.run(event, advance, together[1])
    if not is_written:
        raise NeedsLock


def _arrival_over_close(round_: Round, verb: str, at: datetime) -> dict[str, str]:
    """The arrival of a request whose turn came after the round had closed: it says why the event is later than that."""
    arrived = deadline_now()
    if not round_.is_closed(at) or round_.is_closed(arrived) or verb.startswith("round."):
        return {}
    return {"arrived": timezone.localtime(arrived).isoformat(timespec="microseconds")}


def compute_event_hash(event: Event) -> str:
    """The SHA-256 over the content of an event and the hash of the event before it."""
    return sha256_hex(
        canonical_json(
            {
                "response": event.response_id,
                "seq": event.seq,
                "at": event.at.astimezone(timezone.get_default_timezone()).isoformat(timespec="microseconds"),
                "by": event.by_id,
                "verb": event.verb,
                "question": event.question_id,
                "data": event.data,
                "previous": event.previous,
            }
        )
    )
