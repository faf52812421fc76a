"""Reads of the desk: all provinces of a year in seven queries at most, whatever has been answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, Final, NamedTuple

from django.db.models import Count, F, FilteredRelation, Max, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.respondents import RespondentKind, of_provinces
from dgready.lru_cache import LruCache
from dgready.prepared_select import PreparedSelect
from dgready.thai import BE_OFFSET
from nation.desk.attention import Standing, find_concerns
from nation.desk.official import PublishedYear, official_totals, read_published_year
from nation.desk.rows import CountedAnswer, DeskRow, RoundStanding
from nation.figures.provinces import ProvinceRow, as_facts, read_province_rows
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
    years = set(_YEARS.all())
    opened = {year for year, found in years if found == HAS_ROUND}
    last = max(opened, default=0)
    ahead = {year for year, _found in years if year > last}
    if not opened and ahead:
        ahead = {max(ahead)}  # forms of earlier years are loaded to be compared with, not to be answered
    shown = sorted(opened | ahead, reverse=True) or [timezone.localdate().year + BE_OFFSET]
    return [DeskYear(year, (year, BY_AGENCIES) in years) for year in shown]


def _every_year() -> QuerySet[Any, Any]:
    rounds = Round.objects.filter(of_provinces()).order_by().values_list("year", Value(HAS_ROUND))
    of_any = Instrument.objects.filter(published_at__isnull=False, respondents=RespondentKind.PROVINCE).order_by()
    forms = of_any.values_list("year", Value(HAS_FORM))
    own = forms_of_each_agency().filter(published_at__isnull=False, respondents=RespondentKind.PROVINCE)
    return rounds.union(forms, own.values_list("year", Value(BY_AGENCIES)))


def _rounds(year: Any) -> QuerySet[Any, Any]:
    """The rounds of a year with their answers and kept figures."""
    own = FilteredRelation("responses", condition=Q(responses__agency=None))
    fields = [
        *_ROUND_FIELDS,
        *(f"own__{name}" for name in _ANSWER_FIELDS),
        *(f"own__figures__{name}" for name in _KEPT_FIELDS),
    ]
    rounds = Round.objects.filter(of_provinces(), year=year)
    return rounds.annotate(own=own).order_by("pk").values_list(*fields)


def _last_transitions(year: Any) -> QuerySet[Any, Any]:
    """When each provincial answer of a year last changed its state, with its key.

    Steps are about no question, so the index of events by response and question finds them among all saves.
    """
    steps = Event.objects.filter(
        response__round__year=year, response__agency=None, question=None, verb__in=_TRANSITION_VERBS
    )
    return steps.order_by("response").values_list("response").annotate(at=Max("at"))


def _overdue_parts(year: Any, now: Any, today: Any) -> QuerySet[Any, Any]:
    """How many parts agencies owe past their day, with the key of the running round.

    As in survey.rounds.outstanding, a part asked for only "if any" is not owed unless it was returned.
    """
    parts = Assignment.objects.filter(
        round__year=year, round__closes_at__gte=now, role__in=ANSWERING_ROLES, state__in=OPEN_STATES
    ).exclude(if_any=True, state=Assignment.State.OPEN)
    late = parts.annotate(day=Coalesce("due", F("round__agency_due"))).filter(day__lt=today)
    return late.order_by("round").values_list("round").annotate(parts=Count("pk"))


_YEARS: Final[PreparedSelect[Any]] = PreparedSelect(_every_year)
_ROUNDS: Final[PreparedSelect[Any]] = PreparedSelect(_rounds)
_TRANSITIONS: Final[PreparedSelect[Any]] = PreparedSelect(_last_transitions)
_OVERDUE: Final[PreparedSelect[Any]] = PreparedSelect(_overdue_parts)


class _StoredDesk(NamedTuple):
    """What is stored of a year, and what the clock makes of it: two that are equal make the same rows."""

    year: int
    today: date
    rounds: tuple[tuple[Any, ...], ...]
    moved: tuple[tuple[int, datetime], ...]
    overdue: tuple[tuple[int, int], ...]
    published: PublishedYear
    provinces: tuple[ProvinceRow, ...]


# The rows of a few years, as long as nothing of them changes: what is kept by the rows is kept by these very objects.
_desks: Final[LruCache[tuple[DeskRow, ...]]] = LruCache(8)


def read_desk(year: int, now: datetime | None = None) -> tuple[DeskRow, ...]:
    """All provinces of a year, in Thai order; the very same rows while nothing changed. Six queries at most."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    rounds = tuple(_with_answer_to_now(row, now) for row in _ROUNDS.all(year))
    is_year_running = any(not row[_IS_CLOSED] for row in rounds)
    stored = _StoredDesk(
        year=year,
        today=today,
        rounds=rounds,
        moved=tuple(_TRANSITIONS.all(year)),
        overdue=tuple(_OVERDUE.all(year, now, today)) if is_year_running else (),
        published=read_published_year(year),
        provinces=tuple(read_province_rows()),
    )
    return _desks.get(stored, lambda: _make_rows(stored))


_IS_CLOSED: Final = len(_ROUND_FIELDS) + 2


def _with_answer_to_now(row: tuple[Any, ...], now: datetime) -> tuple[Any, ...]:
    """A round as it was read, with whether it is closed, and whether its figures are of an earlier answer.

    In place of the versions: a save of a province whose figures are outdated anyway changes nothing here.
    """
    places = len(_ROUND_FIELDS)
    closes_at, state, version = row[places - 1], row[places + 1], row[places + 2]
    *figures, counted_version, counted_state = row[places + 3 :]
    is_outdated = (counted_version, counted_state) != (version, state)
    return (*row[: places + 2], now > closes_at, None if counted_version is None else (*figures, is_outdated))


def _make_rows(stored: _StoredDesk) -> tuple[DeskRow, ...]:
    zone = timezone.get_current_timezone()
    moved, overdue, today = dict(stored.moved), dict(stored.overdue), stored.today
    rounds = {row[1]: _round_standing(row, moved, overdue.get(row[0], 0), today, zone) for row in stored.rounds}
    official = official_totals(stored.published)
    is_year_running = any(not one.is_closed for one in rounds.values())
    return tuple(
        DeskRow(
            province,
            round_ := rounds.get(province.id),
            official.get(province.id),
            find_concerns(_standing(round_, today), is_year_running=is_year_running),
        )
        for province in as_facts(stored.provinces, stored.year)
    )


def _round_standing(
    row: tuple[Any, ...], moved: Mapping[int, datetime], overdue: int, today: date, zone: tzinfo
) -> RoundStanding:
    pk, _province, opens_on, closes_at, response, state, is_closed, counted = row
    closes_on = closes_at.astimezone(zone).date()
    since = moved[response].astimezone(zone).date() if response in moved else opens_on
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
        counted=None if counted is None else CountedAnswer._make(counted),
    )


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
