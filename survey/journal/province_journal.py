"""The journal of a province: its events by year, person, question, verb and time, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import AnswerValue
from survey.journal.event_texts import JournalEntry, describe_event
from survey.models import Answer, Event, Round

CHUNK_SIZE = 500  # events described at once, for files


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """What of a round's journal is wanted; empty is everything."""

    person: int | None = None
    question: str = ""
    verb: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ProvinceJournalEntry:
    """An event in words, with whose answer it is about."""

    entry: JournalEntry
    whose: str

    @property
    def event(self) -> Event:
        """The event itself."""
        return self.entry.event


def filter_events(round_: Round, asked: JournalFilter) -> QuerySet[Event]:
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


def event_authors(round_: Round) -> list[User]:
    """Who has events in a round, by name."""
    return list(User.objects.filter(pk__in=Event.objects.filter(response__round=round_).values("by")))


def event_verbs(round_: Round) -> list[str]:
    """The verbs there are in a round."""
    rows = Event.objects.filter(response__round=round_).order_by()
    return sorted(rows.values_list("verb", flat=True).distinct())


def describe_events(round_: Round, found: Iterable[Event], language: str) -> list[ProvinceJournalEntry]:
    """Those events in words. One query for all their answers."""
    rows = list(found)
    instrument = compiled_instrument(round_.instrument)
    current = _current_values({event.response_id for event in rows})
    return [
        ProvinceJournalEntry(
            describe_event(instrument, event, current.get(event.response_id, {}), language), _agency_name(event)
        )
        for event in rows
    ]


def _agency_name(event: Event) -> str:
    agency = event.response.agency
    return agency.name if agency else ""


def _current_values(responses: Iterable[int]) -> Mapping[int, dict[str, AnswerValue]]:
    out: dict[int, dict[str, AnswerValue]] = {}
    for response, value in Answer.objects.filter(response__in=responses).values_list("response", "value"):
        out.setdefault(response, {}).update(value)
    return out


def iterate_entries(round_: Round, found: QuerySet[Event], language: str) -> Iterator[ProvinceJournalEntry]:
    """All of them, oldest first, a chunk at a time; memory stays flat."""
    rows = found.reverse()
    waiting: list[Event] = []
    for event in rows.iterator(chunk_size=CHUNK_SIZE):
        waiting.append(event)
        if len(waiting) == CHUNK_SIZE:
            yield from describe_events(round_, waiting, language)
            waiting = []
    yield from describe_events(round_, waiting, language)


def export_row(line: ProvinceJournalEntry) -> dict[str, Any]:
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
