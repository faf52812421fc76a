"""Reads of a province's journal: events of a round by user, question, verb and date, in display form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from dgready.prepared_select import PreparedSelect
from dgready.typed.characters import clean_line
from dgready.typed.dates import read_date
from dgready.typed.result import Understood
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import AnswerValue
from survey.journal.event_texts import JournalEntry, describe_event
from survey.models import Answer, Event, Round

CHUNK_SIZE = 500  # events described at once when exporting


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """Filter of a round's journal; an empty field filters nothing."""

    person: int | None = None
    question: str = ""
    verb: str = ""
    since: date | None = None
    until: date | None = None

    def params(self) -> dict[str, str]:
        """What filters, as text under the names that pages and jobs ask with; a day as ISO says it."""
        given = {
            "person": "" if self.person is None else str(self.person),
            "question": self.question,
            "verb": self.verb,
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
        }
        return {name: text for name, text in given.items() if text}


@dataclass(frozen=True, slots=True)
class ProvinceJournalEntry:
    """An event in display form, with the name of the agency whose response it is about (empty: the province)."""

    entry: JournalEntry
    agency_name: str

    @property
    def event(self) -> Event:
        """The stored event."""
        return self.entry.event


def read_filter(given: Mapping[str, str]) -> JournalFilter:
    """The filter that a page or a job asks with; invalid values filter nothing."""
    person = given.get("person", "")
    return JournalFilter(
        person=int(person) if person.isdecimal() and len(person) < 12 else None,
        question=clean_line(given.get("question", ""))[:60],
        verb=clean_line(given.get("verb", ""))[:60],
        since=_read_day(given.get("since", "")),
        until=_read_day(given.get("until", "")),
    )


def _read_day(text: str) -> date | None:
    result = read_date(text, near=timezone.localdate())
    return result.value if isinstance(result, Understood) else None


def filter_events(round_: Round, criteria: JournalFilter) -> QuerySet[Event]:
    """The events of a round's responses that pass a filter, newest first."""
    asked = event_lookups(criteria)
    return as_listed(round_events(round_.pk, *asked.values(), asked=tuple(asked)))


def event_lookups(criteria: JournalFilter) -> dict[str, int | str | datetime]:
    """What a filter asks of events."""
    asked: dict[str, int | str | datetime] = {}
    if criteria.person is not None:
        asked["by"] = criteria.person
    if criteria.question:
        asked["question__item_id"] = criteria.question
    if criteria.verb:
        asked["verb"] = criteria.verb
    if criteria.since:
        asked["at__gte"] = _midnight(criteria.since)
    if criteria.until:
        asked["at__lt"] = _midnight(criteria.until + timedelta(days=1))
    return asked


def round_events(round_: int, *values: Any, asked: tuple[str, ...]) -> QuerySet[Event]:
    """The events of a round for which each lookup of `asked` has its value."""
    return Event.objects.filter(response__round=round_, **dict(zip(asked, values, strict=True)))


def as_listed(events: QuerySet[Event]) -> QuerySet[Event]:
    """Events the newest first, with the rows beside them that a journal names."""
    return events.select_related("by", "question", "response__agency").order_by("-at", "-pk")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def describe_events(round_: Round, events: Iterable[Event], language: str) -> list[ProvinceJournalEntry]:
    """Events in display form. One query for all the answers they are about."""
    rows = list(events)
    return describe_with(round_, rows, values_by_response({event.response_id for event in rows}), language)


def describe_with(
    round_: Round, rows: Iterable[Event], current: Mapping[int, Mapping[str, AnswerValue]], language: str
) -> list[ProvinceJournalEntry]:
    """Events in display form, by the present values of each response. No query."""
    instrument = compiled_instrument(round_.instrument)
    return [
        ProvinceJournalEntry(
            describe_event(instrument, event, current.get(event.response_id, {}), language), _agency_name(event)
        )
        for event in rows
    ]


def _agency_name(event: Event) -> str:
    agency = event.response.agency
    return agency.name if agency else ""


def values_by_response(responses: Iterable[int]) -> Mapping[int, dict[str, AnswerValue]]:
    """The present values of responses. One query."""
    values: dict[int, dict[str, AnswerValue]] = {}
    for response, value in _VALUES.all(sorted(responses)):
        values.setdefault(response, {}).update(value)
    return values


_VALUES: PreparedSelect[tuple[int, dict[str, AnswerValue]]] = PreparedSelect(
    lambda responses: Answer.objects.filter(response__in=responses).values_list("response", "value")
)


def iterate_entries(round_: Round, events: QuerySet[Event], language: str) -> Iterator[ProvinceJournalEntry]:
    """All given events in display form, oldest first, read in chunks so that memory stays flat."""
    rows = events.reverse()
    chunk: list[Event] = []
    for event in rows.iterator(chunk_size=CHUNK_SIZE):
        chunk.append(event)
        if len(chunk) == CHUNK_SIZE:
            yield from describe_events(round_, chunk, language)
            chunk = []
    yield from describe_events(round_, chunk, language)


def export_row(entry: ProvinceJournalEntry) -> dict[str, Any]:
    """An entry as a row of an export file."""
    event = entry.event
    changes = [f"{c.label}: {c.before or '–'} → {c.after or '–'}" for c in entry.entry.changes]
    return {
        "at": timezone.localtime(event.at),
        "by": event.by.get_full_name() if event.by else "",
        "email": event.by.email if event.by else "",
        "whose": entry.agency_name,
        "what": entry.entry.verb_label,
        "question": event.question.code or event.question.item_id if event.question else "",
        "text": "\n".join(filter(None, [entry.entry.text, *changes])),
        "verb": event.verb,
        "response": event.response_id,
        "seq": event.seq,
        "hash": event.hash,
    }
