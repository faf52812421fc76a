"""Reads of bulk acts: how provinces stand in a year, the form to open, acts with their steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Window

from accounts.models import Membership
from accounts.respondents import RespondentKind, of_provinces
from accounts.roles import CENTRAL_ROLES, Capability, Role
from dgready.prepared_select import GREATEST_SMALL, PreparedSelect
from nation.bulk.planning import ProvinceStanding
from nation.figures.provinces import read_province_rows
from nation.models import BulkAct, BulkStep
from survey.models import Instrument, Response, Round
from survey.notices.recipients import roles_with_capability

LISTED_ACTS: Final = 20  # newest, on the page
_DATES: Final = ("opens_on", "agency_due", "committee_on", "closes_at")
DONE_STATES: Final = frozenset({Response.State.SUBMITTED.value, Response.State.APPROVED.value})
REMINDED_ROLES: Final = tuple(sorted(set(roles_with_capability(Capability.SUBMIT)) - CENTRAL_ROLES))


def published_forms() -> QuerySet[Instrument]:
    """The published forms that provinces answer."""
    return Instrument.objects.filter(published_at__isnull=False, respondents=RespondentKind.PROVINCE)


def is_survey_year(year: int) -> bool:
    """Whether the year has a published form or a round. One query."""
    return _SURVEY_YEAR.first(min(year, GREATEST_SMALL)) is not None


def _survey_year(year: Any) -> QuerySet[Any, Any]:
    forms = published_forms().filter(year=year)
    rounds = Round.objects.filter(of_provinces(), year=year)
    return forms.order_by().values_list("year").union(rounds.order_by().values_list("year"))


_SURVEY_YEAR: Final[PreparedSelect[Any]] = PreparedSelect(_survey_year)


def form_to_open(year: int) -> Instrument | None:
    """The newest published form of the year: of the kind that provinces answered before, where there are several."""
    forms = published_forms().filter(year=year).defer("source")
    used = Round.objects.filter(instrument__key=OuterRef("key"))
    return forms.annotate(used=Exists(used)).order_by("-used", "-version", "key").first()


def read_standings(
    year: int, codes: Collection[str] | None = None, roles: Iterable[str] = ()
) -> list[ProvinceStanding]:
    """How provinces stand in a year, in Thai order; `roles`: whose holders would be told. Two or three queries."""
    people = people_with_roles(roles) if roles else {}
    provinces, answers = read_province_rows(), read_answer_dates(year)
    return [
        make_standing(pk, code, answers.get(pk), people.get(pk, frozenset()))
        for pk, code, *_names in provinces
        if codes is None or code in codes
    ]


AnswerDates = tuple[str, date, date, date, datetime]
"""Of a provincial answer: its state, and opening, agencies' day, committee's day and end of its round."""

_ANSWERS: Final[PreparedSelect[Any]] = PreparedSelect(
    lambda year: (
        Response.objects.filter(agency=None, round__year=year)
        .order_by("pk")
        .values_list("round__province", "state", *(f"round__{name}" for name in _DATES))
    )
)


def read_answer_dates(year: int) -> dict[int, AnswerDates]:
    """The provincial answers of a year by key of the province. One query."""
    rows = _ANSWERS.all(min(year, GREATEST_SMALL))
    return {province: (state, *dates) for province, state, *dates in rows}


def make_standing(
    pk: int, code: str, answer: AnswerDates | None, people: frozenset[int] = frozenset()
) -> ProvinceStanding:
    """How a province stands by its answer; `people` would be told."""
    return ProvinceStanding(pk, code, people=people) if answer is None else ProvinceStanding(pk, code, *answer, people)


def people_with_roles(roles: Iterable[str]) -> Mapping[int, frozenset[int]]:
    """By province the ids of active people who hold one of the roles there today. One query."""
    rows = Membership.objects.current().filter(role__in=list(roles), agency=None, user__is_active=True)
    found: dict[int, set[int]] = defaultdict(set)
    for province, user in rows.order_by().values_list("province", "user"):
        if province is not None:
            found[province].add(user)
    return {province: frozenset(users) for province, users in found.items()}


MESSAGE_ROLES: Final = (Role.SECRETARIAT, Role.GOVERNOR, Role.PROVINCE_ADMIN)


@dataclass(frozen=True, slots=True)
class StepCounts:
    """How many provinces of an act are in which state."""

    waiting: int
    left_out: int
    done: int
    failed: int

    @property
    def to_do(self) -> int:
        """Provinces in which something is or was to be done."""
        return self.waiting + self.done + self.failed

    @property
    def percent(self) -> int:
        """Share of these that is behind, 0–100."""
        return (self.to_do - self.waiting) * 100 // self.to_do if self.to_do else 100


def count_steps(steps: Sequence[BulkStep]) -> StepCounts:
    """The counts of steps that were read."""
    states = [step.state for step in steps]
    return StepCounts(*(states.count(state) for state in BulkStep.State.values))


class StartedAct(NamedTuple):
    """An act that was started, with who did, in how many provinces it is done, and in how many it was to be."""

    pk: int
    kind: str
    started_at: datetime
    done_at: datetime | None
    first_name: str
    last_name: str
    email: str
    done_count: int
    all_count: int
    acts_in_all: int

    @property
    def kind_label(self) -> str:
        """What was done, in words."""
        return str(BulkAct.Kind(self.kind).label)

    @property
    def who(self) -> str:
        """The name of who did it."""
        return f"{self.first_name} {self.last_name}".strip() or self.email


def list_started_acts(year: int) -> tuple[StartedAct, ...]:
    """The newest acts of a year that were started; each says how many there are. One query."""
    return tuple(map(StartedAct._make, _STARTED.all(year)))


def _started(year: Any) -> QuerySet[Any, Any]:
    rows = BulkAct.objects.filter(year=year, started_at__isnull=False).order_by("-pk")
    states = BulkStep.State
    counts = {
        "done_count": Count("steps", filter=Q(steps__state=states.DONE)),
        "all_count": Count("steps", filter=~Q(steps__state=states.LEFT_OUT)),
        "acts_in_all": Window(Count("pk")),
    }
    fields = ("pk", "kind", "started_at", "done_at", "by__first_name", "by__last_name", "by__email")
    return rows.annotate(**counts).values_list(*fields, *counts)[:LISTED_ACTS]


_STARTED: Final[PreparedSelect[Any]] = PreparedSelect(_started)


def find_act(year: int, number: int) -> BulkAct | None:
    """An act with who does it, what it undoes and what undid it."""
    rows = BulkAct.objects.filter(year=year, pk=number)
    return rows.select_related("by", "undoes", "undone_by").first()


def read_steps(act: BulkAct) -> list[BulkStep]:
    """The steps of an act with their provinces, in Thai order. One query."""
    return list(act.steps.select_related("province").order_by("province__sort_key"))
