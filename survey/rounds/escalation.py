"""Overdue parts rise to the head of the agency: once for each part, so many days after its day as the round says."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency, User
from accounts.roles import Capability
from survey.assigning.part_notices import part_names
from survey.assigning.queries import ANSWERING_ROLES, OPEN_STATES, assignment_due
from survey.journal import actions as journal
from survey.models import Assignment, Response, Round
from survey.notices import actions as notices
from survey.notices import recipients
from survey.rounds.outstanding import SUBMITTED_STATES, running_rounds


def escalate_overdue_parts(now: datetime | None = None, *, only: Round | None = None) -> int:
    """Tells the heads of agencies of parts that are overdue for as long as their round says; how many parts.

    May run again: a part rises once. Where no head is known, who assigns is told instead. `only`: of this round.
    """
    today = timezone.localdate(now or timezone.now())
    return sum(_escalate_round(round_, today) for round_ in ([only] if only else running_rounds(today)))


def _escalate_round(round_: Round, today: date) -> int:
    if round_.escalate_after is None:
        return 0
    with transaction.atomic():
        provincial = Response.objects.only("pk", "state").get(round=round_, agency=None)
        if provincial.state in SUBMITTED_STATES:
            return 0
        by_agency: dict[Agency, list[Assignment]] = defaultdict(list)
        for part in _overdue_parts(round_, today):
            by_agency[part.agency].append(part)
        for agency, parts in by_agency.items():
            _escalate(round_, provincial, agency, parts)
    return sum(map(len, by_agency.values()))


def _overdue_parts(round_: Round, today: date) -> list[Assignment]:
    """The parts that have not risen and are overdue for long enough, locked.

    A part asked for only "if any" counts only once it was returned, as in `outstanding_parts`.
    """
    days = max(round_.escalate_after or 0, 1)
    rows = Assignment.objects.select_for_update(of=("self",)).select_related("agency__head").order_by("pk")
    found = rows.filter(round=round_, role__in=ANSWERING_ROLES, state__in=OPEN_STATES, escalated_at=None)
    return [
        part
        for part in found
        if (today - assignment_due(round_, part)).days >= days
        and (not part.if_any or part.state == Assignment.State.RETURNED)
    ]


def _escalate(round_: Round, provincial: Response, agency: Agency, parts: list[Assignment]) -> None:
    """Marks the parts of one agency, with one event of the provincial response, and tells its head."""
    now = timezone.now()
    Assignment.objects.filter(pk__in=[part.pk for part in parts]).update(escalated_at=now)
    what, head = part_names(round_, parts), agency.head
    if head is not None and not head.is_active:
        head = None
    data: dict[str, Any] = {"agency": agency.code, "part": what, "assignments": [part.pk for part in parts]}
    if head is not None:
        data["head"] = head.pk
    event = journal.record_event(
        by=None, response=journal.lock_response(provincial.pk), verb="part.escalate", data=data, at=now
    )
    due = min(assignment_due(round_, part) for part in parts)
    coordinators = ", ".join(map(str, recipients.agency_coordinators(agency.pk))) or "–"
    notices.notify(
        users=[head] if head else recipients.users_with_capability(round_.province_id, Capability.ASSIGN),
        kind="part.escalated" if head else "part.headless",
        key=f"escalated:{event.response_id}:{event.seq}",
        round_=round_,
        data={"agency": str(agency), "what": what, "day": due.isoformat(), "who": coordinators},
        url=_page_for(head, round_, agency),
        at_once=True,
    )


def _page_for(head: User | None, round_: Round, agency: Agency) -> str:
    """The agency's page of the board, for whom may read it."""
    if head is not None and not head.has(Capability.RESPONSE_READ, province_id=round_.province_id):
        return reverse("survey:notices")
    return reverse("survey:board-agency", args=[round_.province.code, round_.year, agency.code])
