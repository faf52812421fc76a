"""The journal of a province: its events by year, person, question, verb and time, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from survey.instrument.queries import instrument_of
from survey.instrument.schema import Value
from survey.journal.words import Entry, entry
from survey.models import Answer, Event, Round

CHUNK = 500  # events described at once, for files


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a round's journal is wanted; empty is everything."""

    person: int | None = None
    question: str = ""
    verb: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """An event in words, with whose answer it is about."""

    entry: Entry
    whose: str

    @property
    def event(self) -> Event:
        """The event itself."""
        return self.entry.event


def events(round_: Round, asked: Asked) -> QuerySet[Event]:
    """The events of a round's responses that are asked for, newest first."""
    rows = Event.objects.filter(response__round=round_)
    if asked.person is not None:
        rows = rows.filter(by=asked.person)
    if asked.question:
        rows = rows.filter(question__item_id=asked.question)
    if asked.verb:
        rows = rows.filter(verb=asked.verb)
    if asked.since:
        rows = rows.filter(at__gte=_midnight(asked.since))
    if asked.until:
        rows = rows.filter(at__lt=_midnight(asked.until + timedelta(days=1)))
    return rows.select_related("by", "question", "response__agency").order_by("-at", "-pk")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def people(round_: Round) -> list[User]:
    """Who has events in a round, by name."""
    return list(User.objects.filter(pk__in=Event.objects.filter(response__round=round_).values("by")))


def verbs(round_: Round) -> list[str]:
    """The verbs there are in a round."""
    rows = Event.objects.filter(response__round=round_).order_by()
    return sorted(rows.values_list("verb", flat=True).distinct())


def lines(round_: Round, found: Iterable[Event], language: str) -> list[Line]:
    """Those events in words. One query for all their answers."""
    rows = list(found)
    instrument = instrument_of(round_.instrument)
    current = _values({event.response_id for event in rows})
    return [
        Line(entry(instrument, event, current.get(event.response_id, {}), language), _whose(event)) for event in rows
    ]


def _whose(event: Event) -> str:
    agency = event.response.agency
    return agency.name if agency else ""


def _values(responses: Iterable[int]) -> Mapping[int, dict[str, Value]]:
    out: dict[int, dict[str, Value]] = {}
    for response, value in Answer.objects.filter(response__in=responses).values_list("response", "value"):
        out.setdefault(response, {}).update(value)
    return out


def in_chunks(round_: Round, found: QuerySet[Event], language: str) -> Iterator[Line]:
    """All of them, oldest first, a chunk at a time; memory stays flat."""
    rows = found.reverse()
    waiting: list[Event] = []
    for event in rows.iterator(chunk_size=CHUNK):
        waiting.append(event)
        if len(waiting) == CHUNK:
            yield from lines(round_, waiting, language)
            waiting = []
    yield from lines(round_, waiting, language)


def row(line: Line) -> dict[str, Any]:
    """A line as a file has it."""
    event = line.event
    changes = [f"{c.label}: {c.before or '–'} → {c.after or '–'}" for c in line.entry.changes]
    return {
        "at": timezone.localtime(event.at),
        "by": event.by.get_full_name() if event.by else "",
        "email": event.by.email if event.by else "",
        "whose": line.whose,
        "what": line.entry.what,
        "question": event.question.code or event.question.item_id if event.question else "",
        "text": "\n".join(filter(None, [line.entry.text, *changes])),
        "verb": event.verb,
        "response": event.response_id,
        "seq": event.seq,
        "hash": event.hash,
    }
