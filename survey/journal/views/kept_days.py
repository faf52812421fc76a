"""Pages of events as kept blocks show them: what they are made of, and the present values that number repeats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from dgready.lru_cache import LruCache
from dgready.templatetags.keep import digest_of
from survey.answering.queries import response_state_key
from survey.instrument.schema import AnswerValue
from survey.journal.province_journal import values_by_response
from survey.models import Event

Values = Mapping[int, Mapping[str, AnswerValue]]
_values: Final[LruCache[Values]] = LruCache(8)


def current_values(events: Iterable[Event]) -> Values:
    """The present values of the responses that events are about; the very same object while none has changed.

    One query or none.
    """
    responses = {event.response_id: event.response for event in events}
    states = [response_state_key(responses[pk]) for pk in sorted(responses)]
    return _values.get(None if None in states else tuple(states), lambda: values_by_response(responses))


def digest_of_events(events: Iterable[Event]) -> bytes:
    """Of all that a page shows of events: as they are stored, with the names beside them."""
    return digest_of([(_stored(event), _around(event)) for event in events])


def _stored(event: Event) -> tuple[object, ...]:
    return event.pk, event.response_id, event.seq, event.verb, event.at, event.data, event.hash


def _around(event: Event) -> tuple[object, ...]:
    by, question = event.by, event.question
    who = (by.first_name, by.last_name, by.email) if by else ()
    return who, (question.item_id, question.code) if question else ()
