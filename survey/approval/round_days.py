"""The days of a round as they stand: what was planned, until it happened; then what happened and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from survey.models import Event, Round

_UNDONE_BY: Final = {
    "endorse": ("remand",),
    "submit": ("withdraw", "return", "reopen"),
    "approve": ("reopen",),
}


@dataclass(frozen=True, slots=True)
class RoundDay:
    """A day of a round: a planned one (a field of the round), or a fact (`happened`)."""

    name: str
    label: str | Promise
    day: date
    happened: bool = False


def round_days(round_: Round, steps: Iterable[Event], today: date | None = None) -> list[RoundDay]:
    """The days from opening to approval. `steps`: transition events of the provincial response, newest first."""
    return list(_days(round_, list(steps), today or timezone.localdate()))


def is_approved(days: Iterable[RoundDay]) -> bool:
    """Whether the answer is approved, so that the day by which it must be is of no more interest."""
    return any(day.name == "approve" for day in days)


def _days(round_: Round, steps: list[Event], today: date) -> Iterator[RoundDay]:
    if round_.opens_on <= today:
        yield RoundDay("opens_on", _("เปิดรอบแล้ว"), round_.opens_on, happened=True)
    else:
        yield _planned(round_, "opens_on")
    yield _planned(round_, "agency_due")
    if endorsed := _valid_step(steps, "endorse"):
        yield RoundDay("endorse", _("คณะกรรมการเห็นชอบแล้ว"), endorsed, happened=True)
    else:
        yield _planned(round_, "committee_on")
    if submitted := _valid_step(steps, "submit"):
        yield RoundDay("submit", _("เสนอ%(chief)sแล้ว") % round_.province.words, submitted, happened=True)
    if approved := _valid_step(steps, "approve"):
        yield RoundDay("approve", _("อนุมัติแล้ว"), approved, happened=True)


def _planned(round_: Round, name: str) -> RoundDay:
    return RoundDay(name, Round.date_label(name, round_.province), getattr(round_, name))


def _valid_step(steps: list[Event], name: str) -> date | None:
    """The day of the last such step, unless a later one took it back."""
    verbs = [f"response.{one}" for one in (name, *_UNDONE_BY[name])]
    last = next((event for event in steps if event.verb in verbs), None)
    return timezone.localdate(last.at) if last and last.verb == verbs[0] else None
