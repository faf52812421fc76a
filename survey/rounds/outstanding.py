"""What agencies of a running round have not handed in yet, by due date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from survey.assigning.queries import ANSWERING_ROLES, OPEN_STATES
from survey.models import Assignment, Response, Round

SUBMITTED_STATES = (Response.State.SUBMITTED, Response.State.APPROVED)


@dataclass(frozen=True, slots=True)
class OutstandingParts:
    """How many parts of one due date an agency has not handed in."""

    round: Round
    agency_id: int
    due: date
    count: int


def running_rounds(today: date) -> Iterable[Round]:
    """The rounds that are open on that day. One query."""
    rows = Round.objects.filter(opens_on__lte=today, closes_at__gte=_midnight(today))
    return list(rows.select_related("province").order_by("pk"))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def outstanding_parts(round_: Round) -> list[OutstandingParts]:
    """The parts that agencies of a round have not handed in, by agency and due date. One query.

    A part asked for only "if any" is not counted once its day has passed.
    """
    rows = Assignment.objects.filter(round=round_, role__in=ANSWERING_ROLES, state__in=OPEN_STATES)
    counts: dict[tuple[int, date], int] = defaultdict(int)
    today = timezone.localdate()
    for agency, due, if_any, state in rows.values_list("agency_id", "due", "if_any", "state"):
        due = due or round_.agency_due
        if due >= today or not if_any or state == Assignment.State.RETURNED:
            counts[agency, due] += 1
    return [OutstandingParts(round_, agency, due, count) for (agency, due), count in sorted(counts.items())]
