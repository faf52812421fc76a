"""Pages of events as kept blocks show them: what they are made of."""

from __future__ import annotations

from collections.abc import Iterable

from dgready.templatetags.keep import digest_of
from survey.models import Event


def digest_of_events(events: Iterable[Event]) -> bytes:
    """Of all that a page shows of events: as they are stored, with the names beside them."""
    return digest_of([(_stored(event), _around(event)) for event in events])


def _stored(event: Event) -> tuple[object, ...]:
    return event.pk, event.response_id, event.seq, event.verb, event.at, event.data, event.hash


def _around(event: Event) -> tuple[object, ...]:
    by, question = event.by, event.question
    who = (by.first_name, by.last_name, by.email) if by else ()
    return who, (question.item_id, question.code) if question else ()
