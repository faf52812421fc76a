"""Journal entries by the day on which they happened, as pages fold them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils import timezone

from survey.journal.event_texts import JournalEntry
from survey.journal.province_journal import ProvinceJournalEntry

AnyEntry = JournalEntry | ProvinceJournalEntry


@dataclass(frozen=True, slots=True)
class JournalDay:
    """A day and its entries, in the order in which they were given."""

    day: date
    entries: Sequence[AnyEntry]


def entries_by_day(entries: Iterable[AnyEntry]) -> list[JournalDay]:
    """The entries, which come in the order of time, by their day in local time."""
    days = groupby(entries, key=lambda entry: timezone.localdate(entry.event.at))
    return [JournalDay(day, list(some)) for day, some in days]
