"""Reads of the agencies' parts that keep the province's answer from being complete: not handed in, not accepted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from dgready.localized_text import LocalizedText
from survey.assigning.part_notices import join_names, part_name
from survey.assigning.queries import ANSWERING_ROLES, OPEN_STATES, assignment_due, assignment_target, sort_assignments
from survey.models import Assignment, Round


@dataclass(frozen=True, slots=True)
class AgencyParts:
    """The unsettled parts of one agency by name: not handed in, and handed in but not accepted."""

    code: str
    name: LocalizedText
    missing: tuple[str, ...]
    waiting: tuple[str, ...]
    overdue: bool

    @property
    def line(self) -> LocalizedText:
        """The agency and its parts in words."""
        counts = _counts(len(self.missing), len(self.waiting))
        names = join_names([*self.missing, *self.waiting])
        return LocalizedText(f"{self.name.th}: {counts.th} ({names})", f"{self.name.to('en')}: {counts.en} ({names})")


@dataclass(frozen=True, slots=True)
class UnsettledParts:
    """The agencies with unsettled parts, in Thai order, and how many parts the round has. `states`: what was read."""

    agencies: tuple[AgencyParts, ...]
    total: int
    states: tuple[tuple[int, str], ...]

    @property
    def missing(self) -> int:
        """How many parts are not handed in."""
        return sum(len(a.missing) for a in self.agencies)

    @property
    def waiting(self) -> int:
        """How many parts are handed in and not accepted."""
        return sum(len(a.waiting) for a in self.agencies)

    @property
    def counts(self) -> LocalizedText:
        """How many parts are not handed in, and how many not accepted, in words."""
        return _counts(self.missing, self.waiting)


def _counts(missing: int, waiting: int) -> LocalizedText:
    th = [f"ยังไม่ส่ง {missing} ส่วน"] if missing else []
    en = [f"{missing} not handed in"] if missing else []
    if waiting:
        th.append(f"ส่งแล้วยังไม่รับ {waiting} ส่วน")
        en.append(f"{waiting} handed in and not accepted")
    return LocalizedText(" ".join(th), ", ".join(en))


def read_unsettled_parts(round_: Round) -> UnsettledParts:
    """The unsettled parts of a round. One query.

    A declined part is settled. So is one that is asked for only "if any", once its day has passed without a word.
    """
    rows = Assignment.objects.filter(round=round_, role__in=ANSWERING_ROLES).select_related("agency")
    parts = list(rows.order_by("agency__sort_key", "agency_id", "pk"))
    today = timezone.localdate()
    unsettled = [p for p in parts if _is_unsettled(p, assignment_due(round_, p), today)]
    by_agency: dict[int, list[Assignment]] = {}
    for part in unsettled:
        by_agency.setdefault(part.agency_id, []).append(part)
    agencies = tuple(_agency_parts(round_, some, today) for some in by_agency.values())
    return UnsettledParts(agencies, len(parts), tuple((p.pk, p.state) for p in unsettled))


def _is_unsettled(part: Assignment, due: date, today: date) -> bool:
    if part.state == Assignment.State.OPEN and part.if_any and today > due:
        return False
    return part.state in (*OPEN_STATES, Assignment.State.SUBMITTED)


def _agency_parts(round_: Round, parts: Iterable[Assignment], today: date) -> AgencyParts:
    ordered = sort_assignments(round_.instrument, parts)
    agency = ordered[0].agency
    missing = [p for p in ordered if p.state in OPEN_STATES]
    return AgencyParts(
        agency.code,
        LocalizedText(agency.name_th, agency.name_en),
        tuple(part_name(round_, assignment_target(round_.instrument, p)) for p in missing),
        tuple(part_name(round_, assignment_target(round_.instrument, p)) for p in ordered if p not in missing),
        any(today > assignment_due(round_, p) for p in missing),
    )
