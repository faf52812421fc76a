"""Reads of the desk: all provinces of a year in nine queries at most, whatever has been answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, Final

from django.db.models import Count, F, FilteredRelation, Max, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.respondents import RespondentKind, of_provinces
from dgready.thai import BE_OFFSET
from nation.desk.attention import Standing, find_concerns
from nation.desk.official import read_official_totals
from nation.desk.rows import CountedAnswer, DeskRow, RoundStanding
from nation.figures.provinces import list_provinces
from survey.assigning.queries import ANSWERING_ROLES, OPEN_STATES
from survey.instrument.queries import forms_of_each_agency
from survey.models import Assignment, Event, Instrument, Response, Round
from survey.workflow.response_transitions import PROVINCIAL_TRANSITIONS

HAS_FORM, HAS_ROUND, BY_AGENCIES = range(3)  # what a row of years says of its year
_ROUND_FIELDS: Final = ("pk", "province_id", "opens_on", "closes_at")
_ANSWER_FIELDS: Final = ("pk", "state", "version")
_KEPT_FIELDS: Final = (
    *("asked", "answered", "places", "unproven", "open_points"),
    *("total", "low", "high", "level", "counted_at", "version", "state"),
)
_TRANSITION_VERBS: Final = tuple(transition.verb for transition in PROVINCIAL_TRANSITIONS)


@dataclass(frozen=True, slots=True)
class DeskYear:
    """A year of the desk. `by_agencies`: each agency answers its form for itself, not the province."""

    year: int
    by_agencies: bool


def list_desk_years() -> list[int]:
    """The years the desk shows, newest first. One query."""
    return [one.year for one in read_desk_years()]


def read_desk_years() -> list[DeskYear]:
    """The years the desk shows with how each is answered, newest first. One query.

    They are those with rounds, and later ones with a published form; where there is neither, the year it is.
    """
    rounds = Round.objects.filter(of_provinces()).order_by().values_list("year", Value(HAS_ROUND))
    of_any = Instrument.objects.filter(published_at__isnull=False, respondents=RespondentKind.PROVINCE).order_by()
    forms = of_any.values_list("year", Value(HAS_FORM))
    own = forms_of_each_agency().filter(published_at__isnull=False, respondents=RespondentKind.PROVINCE)
    by_agencies = own.values_list("year", Value(BY_AGENCIES))
    years = set(rounds.union(forms, by_agencies))
    opened = {year for year, found in years if found == HAS_ROUND}
    last = max(opened, default=0)
    ahead = {year for year, _found in years if year > last}
    if not opened and ahead:
        ahead = {max(ahead)}  # forms of earlier years are loaded to be compared with, not to be answered
    shown = sorted(opened | ahead, reverse=True) or [timezone.localdate().year + BE_OFFSET]
    return [DeskYear(year, (year, BY_AGENCIES) in years) for year in shown]


def read_desk(year: int, now: datetime | None = None) -> list[DeskRow]:
    """All provinces of a year, in Thai order. Seven queries at most, those of official levels among them."""
    now = now or timezone.now()
    rounds = _read_rounds(year, now)
    official = read_official_totals(year)
    is_year_running = any(not one.is_closed for one in rounds.values())
    today = timezone.localdate(now)
    return [
        DeskRow(
            province,
            round_ := rounds.get(province.id),
            official.get(province.id),
            find_concerns(_standing(round_, today), is_year_running=is_year_running),
        )
        for province in list_provinces(year)
    ]


def _read_rounds(year: int, now: datetime) -> dict[int, RoundStanding]:
    """The rounds of a year by key of the province. Three queries at most."""
    own = FilteredRelation("responses", condition=Q(responses__agency=None))
    fields = [
        *_ROUND_FIELDS,
        *(f"own__{name}" for name in _ANSWER_FIELDS),
        *(f"own__figures__{name}" for name in _KEPT_FIELDS),
    ]
    rounds = Round.objects.filter(of_provinces(), year=year)
    rows = list(rounds.annotate(own=own).order_by().values_list(*fields))
    moved = _last_transitions(year)
    overdue = _count_overdue_parts(year, now) if any(row[3] >= now for row in rows) else {}
    zone = timezone.get_current_timezone()
    return {row[1]: _round_standing(row, moved, overdue.get(row[0], 0), now.astimezone(zone), zone) for row in rows}


def _round_standing(
    row: tuple[Any, ...], moved: Mapping[int, datetime], overdue: int, now: datetime, zone: tzinfo
) -> RoundStanding:
    pk, _province, opens_on, closes_at, response, state, version, *kept = row
    today, closes_on = now.date(), closes_at.astimezone(zone).date()
    since = moved[response].astimezone(zone).date() if response in moved else opens_on
    *figures, counted_version, counted_state = kept
    is_closed = now > closes_at
    is_outdated = (counted_version, counted_state) != (version, state)
    return RoundStanding(
        round_id=pk,
        response=response,
        state=state or Response.State.DRAFT.value,
        since=since,
        opens_on=opens_on,
        closes_on=closes_on,
        is_closed=is_closed,
        # A round closes at a moment: one that closed earlier today is over, not "0 days left".
        days_left=min((closes_on - today).days, -1) if is_closed else (closes_on - today).days,
        days_in_state=max((today - since).days, 0),
        overdue=overdue,
        counted=None if counted_version is None else CountedAnswer._make([*figures, is_outdated]),
    )


def _last_transitions(year: int) -> dict[int, datetime]:
    """When each provincial answer of a year last changed its state, by its key. One query.

    Steps are about no question, so the index of events by response and question finds them among all saves.
    """
    steps = Event.objects.filter(
        response__round__year=year, response__agency=None, question=None, verb__in=_TRANSITION_VERBS
    )
    return dict(steps.order_by().values_list("response").annotate(at=Max("at")))


def _count_overdue_parts(year: int, now: datetime) -> dict[int, int]:
    """How many parts agencies owe past their day, by key of the running round. One query.

    As in survey.rounds.outstanding, a part asked for only "if any" is not owed unless it was returned.
    """
    parts = Assignment.objects.filter(
        round__year=year, round__closes_at__gte=now, role__in=ANSWERING_ROLES, state__in=OPEN_STATES
    ).exclude(if_any=True, state=Assignment.State.OPEN)
    late = parts.annotate(day=Coalesce("due", F("round__agency_due"))).filter(day__lt=timezone.localdate(now))
    return dict(late.order_by().values_list("round").annotate(parts=Count("pk")))


def _standing(round_: RoundStanding | None, today: date) -> Standing:
    """A round as the rules of attention look at it."""
    if round_ is None:
        return Standing(has_round=False, is_open=False, is_with_province=True)
    days, counted = (round_.closes_on - round_.opens_on).days, round_.counted
    days_open = (today - round_.opens_on).days
    return Standing(
        has_round=True,
        is_open=days_open >= 0 and not round_.is_closed,
        is_with_province=round_.is_with_province,
        days_open=days_open,
        days_left=round_.days_left,
        passed=min(days_open * 100 // days, 100) if days > 0 else 100,
        asked=counted.asked if counted else None,
        answered=counted.answered if counted else 0,
        places=counted.places if counted else 0,
        unproven=counted.unproven if counted else 0,
        open_points=counted.open_points if counted else 0,
        overdue=round_.overdue,
    )
