"""Reads of bulk acts: how provinces stand in a year, the form to open, acts with their steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import Membership, Province
from accounts.respondents import RespondentKind, of_provinces
from accounts.roles import CENTRAL_ROLES, Capability, Role
from nation.bulk.planning import ProvinceStanding
from nation.models import BulkAct, BulkStep
from survey.models import Instrument, Response, Round
from survey.notices.recipients import roles_with_capability

LISTED_ACTS: Final = 20  # newest, on the page
DONE_STATES: Final = frozenset({Response.State.SUBMITTED.value, Response.State.APPROVED.value})
REMINDED_ROLES: Final = tuple(sorted(set(roles_with_capability(Capability.SUBMIT)) - CENTRAL_ROLES))


def published_forms() -> QuerySet[Instrument]:
    """The published forms that provinces answer."""
    return Instrument.objects.filter(published_at__isnull=False, respondents=RespondentKind.PROVINCE)


def is_survey_year(year: int) -> bool:
    """Whether the year has a published form or a round. One query."""
    forms = published_forms().filter(year=year)
    rounds = Round.objects.filter(of_provinces(), year=year)
    return forms.order_by().values("pk").union(rounds.order_by().values("pk")).exists()


def form_to_open(year: int) -> Instrument | None:
    """The newest published form of the year: of the kind that provinces answered before, where there are several."""
    forms = published_forms().filter(year=year).defer("source")
    used = Round.objects.filter(instrument__key=OuterRef("key"))
    return forms.annotate(used=Exists(used)).order_by("-used", "-version", "key").first()


def read_standings(
    year: int, codes: Collection[str] | None = None, roles: Iterable[str] = ()
) -> list[ProvinceStanding]:
    """How provinces stand in a year, in Thai order; `roles`: whose holders would be told. Two or three queries."""
    provinces = Province.objects.provinces().order_by("sort_key")
    if codes is not None:
        provinces = provinces.filter(code__in=codes)
    people = people_with_roles(roles) if roles else {}
    answers = {answer.round.province_id: answer for answer in _answers(year)}
    return [_standing(pk, code, answers.get(pk), people) for pk, code in provinces.values_list("pk", "code")]


def _answers(year: int) -> QuerySet[Response]:
    """The provincial answers of a year with the dates of their rounds."""
    dates = (f"round__{name}" for name in ("province", "opens_on", "agency_due", "committee_on", "closes_at"))
    return Response.objects.filter(agency=None, round__year=year).select_related("round").only("state", *dates)


def _standing(pk: int, code: str, answer: Response | None, people: Mapping[int, frozenset[int]]) -> ProvinceStanding:
    told = people.get(pk, frozenset())
    if answer is None:
        return ProvinceStanding(pk, code, people=told)
    round_ = answer.round
    dates = (round_.opens_on, round_.agency_due, round_.committee_on, round_.closes_at)
    return ProvinceStanding(pk, code, answer.state, *dates, people=told)


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


def started_acts(year: int) -> QuerySet[BulkAct]:
    """The acts of a year that were started, newest first, each with `done_count` and `all_count`."""
    rows = BulkAct.objects.filter(year=year, started_at__isnull=False).select_related("by")
    states = BulkStep.State
    done = Count("steps", filter=Q(steps__state=states.DONE))
    return rows.annotate(done_count=done, all_count=Count("steps", filter=~Q(steps__state=states.LEFT_OUT)))


def find_act(year: int, number: int) -> BulkAct | None:
    """An act with who does it, what it undoes and what undid it."""
    rows = BulkAct.objects.filter(year=year, pk=number)
    return rows.select_related("by", "undoes", "undone_by").first()


def read_steps(act: BulkAct) -> list[BulkStep]:
    """The steps of an act with their provinces, in Thai order. One query."""
    return list(act.steps.select_related("province").order_by("province__sort_key"))
