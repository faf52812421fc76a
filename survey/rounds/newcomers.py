"""Tells people who join an agency what it was given before they came."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from accounts.access import agency_ids_with_capability
from accounts.models import Agency, User
from accounts.roles import Capability
from survey.assigning.part_notices import join_names, part_name
from survey.assigning.queries import ANSWERING_ROLES, OPEN_STATES, assignment_target, sort_assignments
from survey.models import Assignment, Notice, Round
from survey.notices import actions as notices
from survey.notices.notice_texts import time_left_text
from survey.rounds.outstanding import running_rounds

JOINED_KIND = "assignment.joined"


@dataclass(frozen=True, slots=True)
class GivenBefore:
    """The parts that wait for an agency in a running round when somebody joins it. `due`: the first day."""

    round: Round
    agency: Agency
    names: tuple[str, ...]
    due: date

    @property
    def data(self) -> dict[str, str | int]:
        """What the notice says."""
        return {
            "agency": str(self.agency),
            "agency_id": self.agency.pk,
            "what": join_names(self.names),
            "count": len(self.names),
            "day": self.due.isoformat(),
        }

    @property
    def left(self) -> str:
        """How long it is until the first day."""
        return time_left_text((self.due - timezone.localdate()).days)

    @property
    def url(self) -> str:
        """The agency's desk."""
        desk = reverse("survey:desk", args=[self.round.province.code, self.round.year])
        return f"{desk}?agency={self.agency.code}"


def tell_newcomer(*, user: User, in_letter: bool = False) -> list[GivenBefore]:
    """Notifies a person of the parts that wait for their agencies and of which they were not told; returns them.

    May run again: nothing is told twice. `in_letter`: the caller's letter names them.
    """
    given = _given_before(user, agency_ids_with_capability(user, Capability.CONTRIBUTION_EDIT))
    for one in given:
        notices.notify(
            users=[user],
            kind=JOINED_KIND,
            key=f"joined:{one.round.pk}:{one.agency.pk}",
            round_=one.round,
            data=one.data,
            url=one.url,
            in_letter=in_letter,
        )
    return given


def _given_before(user: User, agencies: Iterable[int]) -> list[GivenBefore]:
    """The open parts of agencies in running rounds of which the person got no notice. One query for each round."""
    wanted = set(agencies)
    if not wanted:
        return []
    provinces = set(Agency.objects.filter(pk__in=wanted).values_list("province", flat=True))
    rounds = [round_ for round_ in running_rounds(timezone.localdate()) if round_.province_id in provinces]
    told = set(
        Notice.objects.filter(user=user, round__in=rounds, kind__in=("assignment", "assignment.days")).values_list(
            "round", flat=True
        )
    )
    found = []
    for round_ in rounds:
        if round_.pk in told:
            continue
        rows = Assignment.objects.filter(
            round=round_, agency__in=wanted, role__in=ANSWERING_ROLES, state__in=OPEN_STATES
        )
        by_agency: dict[Agency, list[Assignment]] = {}
        for part in sort_assignments(round_.instrument, rows.select_related("agency")):
            by_agency.setdefault(part.agency, []).append(part)
        for agency, parts in by_agency.items():
            names = tuple(part_name(round_, assignment_target(round_.instrument, part)) for part in parts)
            due = min(part.due or round_.agency_due for part in parts)
            found.append(GivenBefore(round_, agency, names, due))
    return found
