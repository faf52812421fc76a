"""What the page of a province's journal lists, kept by how far the journal of each response has come.

A year of a province has some 14,000 events, and what is read of all of them (how many, whose, of which verbs, which are
the newest) changes only when one is added, which moves the head of its response.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, QuerySet

from accounts.models import User
from dgready.counted_rows import CountedRows
from dgready.lru_cache import LruCache
from dgready.prepared_select import PreparedSelect
from survey.instrument.schema import AnswerValue
from survey.journal.province_journal import (
    JournalFilter,
    as_listed,
    event_lookups,
    round_events,
    values_by_response,
)
from survey.models import Event, Response, Round

_Written = Mapping[tuple[int | None, str], int]  # how many events by whom and of which verb
_written: Final[LruCache[_Written]] = LruCache(32)
_pages: Final[LruCache[list[int]]] = LruCache(64)


# An event in short: its key, the hash that covers all that is stored of it, how far its response has come, and the
# names beside it. While these are the same, so is what a page says of it; what it tells may be long.
EventState = tuple[Any, ...]
_SHORT: Final = (
    *("pk", "hash", "response", "response__version", "response__head"),
    *("response__agency__name_th", "response__agency__name_en"),
    *("by__first_name", "by__last_name", "by__email", "question__item_id", "question__code"),
)
_HEAD: Final = _SHORT.index("response__head")


@dataclass(frozen=True, slots=True)
class EventPage:
    """The events of a page, and the present values of the responses they are about."""

    events: list[Event]
    values: Mapping[int, Mapping[str, AnswerValue]]


_whole_pages: Final[LruCache[EventPage]] = LruCache(64)


def page_state(listed: Sequence[EventState]) -> tuple[EventState, ...] | None:
    """The state of all that a page says of its events; None where a response has none."""
    return tuple(listed) if all(event[_HEAD] for event in listed) else None


def read_page(listed: Sequence[EventState]) -> EventPage:
    """The events of a page with all that they tell, kept by their state. Two queries or none."""

    def read() -> EventPage:
        events = _WHOLE.all([event[0] for event in listed])
        return EventPage(events, values_by_response({event.response_id for event in events}))

    return _whole_pages.get(page_state(listed), read)


@dataclass(frozen=True, slots=True)
class RoundJournal:
    """The journal of a round as far as it has come: key, agency and head of each of its responses."""

    round_id: int
    heads: tuple[tuple[int, int | None, str], ...]

    @property
    def provincial_response(self) -> int | None:
        """The key of the provincial response, if there is one."""
        return next((pk for pk, agency, _head in self.heads if agency is None), None)

    def events(self, criteria: JournalFilter) -> CountedRows[EventState]:
        """The events that pass a filter, newest first, each in short. Two queries at most."""
        asked = event_lookups(criteria)
        names, values = tuple(asked), (self.round_id, *asked.values())
        is_kept = not (criteria.since or criteria.until)  # of some days there are few

        def read(start: int, stop: int) -> list[EventState]:
            found: list[EventState] | None = None

            def read_keys() -> list[int]:
                nonlocal found
                found = _PAGE.all(*values, asked=names, start=start, stop=stop)
                return [event[0] for event in found]

            keys = _pages.get((self, criteria, start, stop) if is_kept else None, read_keys)
            return _BY_KEY.all(keys) if found is None else found

        return CountedRows(self._count(criteria, values, names), read)

    def _count(self, criteria: JournalFilter, values: tuple[Any, ...], names: tuple[str, ...]) -> int:
        if set(names) <= {"by", "verb"}:
            return sum(
                number
                for (by, verb), number in self._written().items()
                if criteria.person in (None, by) and criteria.verb in ("", verb)
            )
        counted = _COUNT.first(*values, asked=names)
        return counted[0] if counted else 0

    def authors(self) -> list[tuple[int, str, str, str]]:
        """The users who caused events, by name: key, names and address of each. One query, or two."""
        return _AUTHORS.all(sorted({by for by, _verb in self._written() if by is not None}))

    def verbs(self) -> list[str]:
        """The verbs of the events, sorted. One query or none."""
        return sorted({verb for _by, verb in self._written()})

    def _written(self) -> _Written:
        return _written.get(self, lambda: {(by, verb): number for by, verb, number in _WRITTEN.all(self.round_id)})


def journal_of(round_: Round) -> RoundJournal:
    """How far the journal of a round has come. One query."""
    return RoundJournal(round_.pk, tuple(_HEADS.all(round_.pk)))


def _in_short(events: QuerySet[Event]) -> QuerySet[Event, EventState]:
    return events.order_by("-at", "-pk").values_list(*_SHORT)


_HEADS: PreparedSelect[tuple[int, int | None, str]] = PreparedSelect(
    lambda round_: Response.objects.filter(round=round_).order_by("pk").values_list("pk", "agency", "head")
)
_WRITTEN: PreparedSelect[tuple[int | None, str, int]] = PreparedSelect(
    lambda round_: (
        round_events(round_, asked=())
        .order_by()
        .values("by", "verb")
        .annotate(n=Count("pk"))
        .values_list("by", "verb", "n")
    )
)
_PAGE: PreparedSelect[EventState] = PreparedSelect(
    lambda *values, asked, start, stop: _in_short(round_events(*values, asked=asked))[start:stop]
)
_BY_KEY: PreparedSelect[EventState] = PreparedSelect(lambda keys: _in_short(Event.objects.filter(pk__in=keys)))
_WHOLE: PreparedSelect[Event] = PreparedSelect(lambda keys: as_listed(Event.objects.filter(pk__in=keys)))
_COUNT: PreparedSelect[tuple[int]] = PreparedSelect(
    lambda *values, asked: (
        round_events(*values, asked=asked).order_by().values("response__round").annotate(n=Count("pk")).values_list("n")
    )
)
_AUTHORS: PreparedSelect[tuple[int, str, str, str]] = PreparedSelect(
    lambda keys: User.objects.filter(pk__in=keys).values_list("pk", "first_name", "last_name", "email")
)
