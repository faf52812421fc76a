"""What agencies of a running round have not handed in yet, by due date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from survey.assigning.part_notices import join_names, part_name
from survey.assigning.queries import ANSWERING_ROLES, OPEN_STATES, assignment_target, sort_assignments
from survey.models import Assignment, Response, Round

SUBMITTED_STATES = (Response.State.SUBMITTED, Response.State.APPROVED)


@dataclass(frozen=True, slots=True)
class OutstandingParts:
    """The parts of one due date that an agency has not handed in, and what they are called. `agency`: its code."""

    round: Round
    agency_id: int
    agency: str
    due: date
    names: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.names)

    @property
    def data(self) -> dict[str, str | int]:
        """What a notice about them says: their names, number and day."""
        return {"what": join_names(self.names), "count": self.count, "day": self.due.isoformat()}

    @property
    def url(self) -> str:
        """The desk of the agency, where they are answered."""
        return f"{reverse('survey:desk', args=[self.round.province.code, self.round.year])}?agency={self.agency}"


def running_rounds(today: date) -> Iterable[Round]:
    """The rounds that are open on that day. One query."""
    rows = Round.objects.filter(opens_on__lte=today, closes_at__gte=_midnight(today))
    return list(rows.select_related("province", "instrument").defer("instrument__source").order_by("pk"))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def outstanding_parts(round_: Round) -> list[OutstandingParts]:
    """The parts that agencies of a round have not handed in, by agency and due date. One query.

    A part asked for only "if any" is not counted once its day has passed.
    """
    rows = Assignment.objects.filter(round=round_, role__in=ANSWERING_ROLES, state__in=OPEN_STATES)
    names: dict[tuple[int, str, date], list[str]] = defaultdict(list)
    today = timezone.localdate()
    for part in sort_assignments(round_.instrument, rows.select_related("agency")):
        due = part.due or round_.agency_due
        if due >= today or not part.if_any or part.state == Assignment.State.RETURNED:
            name = part_name(round_, assignment_target(round_.instrument, part))
            names[part.agency_id, part.agency.code, due].append(name)
    return [OutstandingParts(round_, pk, code, due, tuple(some)) for (pk, code, due), some in sorted(names.items())]
