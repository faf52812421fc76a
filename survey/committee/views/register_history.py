"""The register's history as its page shows it: who changed what, from what to what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.models import AccountEvent
from dgready import thai
from dgready.language import reader_language
from survey.models import CommitteeMember, CommitteeOrder

_HIDDEN = {"id", "place", "user_id", "order"}  # order in the list, and keys that say nothing to a reader


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """A change of the register: its label, whom or what it is about, and the values that changed."""

    at: datetime
    by: str
    label: str
    about: str
    changes: tuple[tuple[str, str, str], ...]


def history_entries(events: Iterable[AccountEvent]) -> list[RegisterEntry]:
    """The register's events as they are shown, in the order given."""
    return [_entry(event) for event in events]


def _entry(event: AccountEvent) -> RegisterEntry:
    before, after = event.data.get("before") or {}, event.data.get("after") or {}
    is_order = event.verb.startswith("committee_order")
    about = str(after.get("number" if is_order else "post", ""))
    changed = _changes(before, after, is_order) if before else ()
    by = event.by.get_full_name() if event.by else ""
    return RegisterEntry(event.at, by, event.label, about, changed)


def _changes(before: Mapping[str, Any], after: Mapping[str, Any], is_order: bool) -> tuple[tuple[str, str, str], ...]:
    model = CommitteeOrder if is_order else CommitteeMember
    labels = {field.attname: str(field.verbose_name) for field in model._meta.concrete_fields}
    keys = [key for key in after if key not in _HIDDEN and before.get(key) != after[key]]
    return tuple((labels.get(key, key), _text(key, before.get(key)), _text(key, after[key])) for key in keys)


def _text(key: str, value: Any) -> str:
    if value in (None, ""):
        return "–"
    if key == "seat":
        return str(dict(CommitteeMember.Seat.choices).get(value, value))
    if key.endswith("_on"):
        return thai.format_date(date.fromisoformat(str(value)), reader_language(), "short")
    return str(value)
