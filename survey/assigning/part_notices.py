"""Notices about parts: assigned, changed, moved, due on another day. Made in the transaction of the action."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Capability, Role
from survey.assigning.queries import ANSWERING_ROLES, OPEN_STATES, assignment_target
from survey.assigning.targets import AssignmentTarget
from survey.instrument.queries import compiled_instrument
from survey.models import Assignment, Event, Meeting, Round
from survey.notices import actions as notices
from survey.notices import recipients as audience

MAX_NAMES = 8  # parts named in one notice; more are counted
TermsValues = tuple[str, bool, date | None, str]  # of an assignment: role, only if any, own due date, note
AGENCY_STEPS = frozenset({"submit", "nothing", "withdraw", "decline"})  # steps of the agency, told to who assigns
STEPS_BACK = frozenset({"return", "reopen"})  # after which the agency has to act, by a day that is told


def part_name(round_: Round, target: AssignmentTarget) -> str:
    """The short name of a part: its printed code, or its id where it has none."""
    item = compiled_instrument(round_.instrument).items.get(target.item or target.question)
    return (item.code or item.id) if item else str(target)


def join_names(names: Iterable[str]) -> str:
    """The names of parts in one line: each once, MAX_NAMES of them, the rest counted."""
    distinct = list(dict.fromkeys(names))
    remainder = f" +{len(distinct) - MAX_NAMES}" if len(distinct) > MAX_NAMES else ""
    return ", ".join(distinct[:MAX_NAMES]) + remainder


def part_names(round_: Round, parts: Iterable[Assignment]) -> str:
    """The short names of parts, joined; a few of many."""
    return join_names(part_name(round_, assignment_target(round_.instrument, part)) for part in parts)


def notify_part_moved(*, by: User, parts: Iterable[Assignment], name: str, event: Event, reason: str = "") -> None:
    """Notifies whoever acts next that parts of one agency were moved, once for all of them.

    `event`: of the (last) step; it makes the notice one of its kind.
    """
    moved_parts = list(parts)
    first_part = moved_parts[0]
    round_, agency = first_part.round, first_part.agency
    if name in AGENCY_STEPS:
        users = audience.users_with_capability(round_.province_id, Capability.ASSIGN)
        url = reverse("survey:board-agency", args=[round_.province.code, round_.year, agency.code])
    else:
        users = audience.agency_coordinators(agency.pk)
        url = reverse("survey:desk", args=[round_.province.code, round_.year]) + f"?agency={agency.code}"
    what = part_names(round_, moved_parts)
    data: dict[str, str | int] = {"agency": str(agency), "what": what, "reason": reason}
    if name in STEPS_BACK:
        data["count"] = len(moved_parts)
        data["day"] = min(a.due or round_.agency_due for a in moved_parts).isoformat()
    notices.notify(
        users=users,
        kind=f"part.{name}",
        key=f"part:{event.response_id}:{event.seq}",
        round_=round_,
        data=data,
        url=f"{url}#part-{first_part.pk}",
        but=by,
    )


def notify_assigned(
    *, by: User | None, round_: Round, event: Event, targets: Mapping[int, Iterable[AssignmentTarget]]
) -> None:
    """Notifies agencies of parts assigned to them, one notice each; `targets` is by key of the agency.

    It names the parts and the day they are due: the first one, where they are due on several.
    """
    days = _due_days(round_, targets)
    for several, kind in ((False, "assignment"), (True, "assignment.days")):
        given = {agency: parts for agency, parts in targets.items() if (len(days[agency]) > 1) == several}
        _notify_agencies(by, round_, event, kind, given, days=days)


def _due_days(round_: Round, targets: Mapping[int, Iterable[AssignmentTarget]]) -> dict[int, list[date]]:
    """The days on which the named parts of each agency are due, in order. One query."""
    wanted = {agency: set(named) for agency, named in targets.items()}
    found: dict[int, set[date]] = {agency: set() for agency in wanted}
    for row in Assignment.objects.filter(round=round_, agency__in=wanted):
        if assignment_target(round_.instrument, row) in wanted[row.agency_id]:
            found[row.agency_id].add(row.due or round_.agency_due)
    return {agency: sorted(days) or [round_.agency_due] for agency, days in found.items()}


def notify_unassigned(
    *, by: User | None, round_: Round, event: Event, targets: Mapping[int, Iterable[AssignmentTarget]]
) -> None:
    """Notifies agencies of assignments that were removed."""
    _notify_agencies(by, round_, event, "assignment.remove", targets)


def notify_terms_changed(
    *, by: User | None, round_: Round, event: Event, targets: Mapping[int, Iterable[AssignmentTarget]]
) -> None:
    """Notifies agencies of changed terms, due dates aside."""
    _notify_agencies(by, round_, event, "assignment.change", targets)


def notify_due_changed(
    *, by: User | None, round_: Round, event: Event, targets: Mapping[tuple[int, date], Iterable[AssignmentTarget]]
) -> None:
    """Notifies agencies of changed due dates; `targets` is by agency and new day."""
    for day in sorted({day for _agency, day in targets}):
        given = {agency: due_targets for (agency, due), due_targets in targets.items() if due == day}
        _notify_agencies(by, round_, event, "assignment.due", given, days={agency: [day] for agency in given})


def _notify_agencies(
    by: User | None,
    round_: Round,
    event: Event,
    kind: str,
    targets_by_agency: Mapping[int, Iterable[AssignmentTarget]],
    *,
    days: Mapping[int, list[date]] | None = None,
) -> None:
    """One notice for each agency, to its coordinators. `days`: on which the parts are due; the first is named."""
    people = audience.coordinators_by_agency(targets_by_agency)
    url = reverse("survey:desk", args=[round_.province.code, round_.year])
    for agency, targets in targets_by_agency.items():
        if not people[agency]:
            continue
        names = list(dict.fromkeys(part_name(round_, t) for t in targets))
        data: dict[str, str | int] = {"what": join_names(names), "count": len(names)}
        key = [kind, str(event.response_id), str(event.seq), str(agency)]
        if days:
            data["day"] = days[agency][0].isoformat()
        if kind == "assignment.due":  # of one step there is one for each new day
            key.append(str(data["day"]))
        notices.notify(users=people[agency], kind=kind, key=":".join(key), round_=round_, data=data, url=url, but=by)


# -- lists and rounds -----------------------------------------------------------------------------


class AssignmentNotices:
    """Changes of assignments collected by agency, to be sent as one notice of each kind."""

    def __init__(self, round_: Round) -> None:
        self.round = round_
        self.assigned: dict[int, list[AssignmentTarget]] = defaultdict(list)
        self.unassigned: dict[int, list[AssignmentTarget]] = defaultdict(list)
        self.terms_changed: dict[int, list[AssignmentTarget]] = defaultdict(list)
        self.due_changed: dict[tuple[int, date], list[AssignmentTarget]] = defaultdict(list)

    def add_change(self, agency: int, target: AssignmentTarget, before: TermsValues, after: TermsValues) -> None:
        """Adds a change of terms (role, if any, own due date, note) of one part."""
        if before[2] != after[2]:
            self.due_changed[agency, after[2] or self.round.agency_due].append(target)
        if (*before[:2], before[3]) != (*after[:2], after[3]):
            self.terms_changed[agency].append(target)

    def send(self, *, by: User | None, event: Event) -> None:
        """Sends the notices to the agencies concerned."""
        notify_assigned(by=by, round_=self.round, event=event, targets=self.assigned)
        notify_unassigned(by=by, round_=self.round, event=event, targets=self.unassigned)
        notify_terms_changed(by=by, round_=self.round, event=event, targets=self.terms_changed)
        notify_due_changed(by=by, round_=self.round, event=event, targets=self.due_changed)


def notify_round_dates_changed(*, by: User, round_: Round, changed_fields: Iterable[str], event: Event) -> None:
    """Notifies agencies, committee and governor of the changed dates of a round that concern them."""
    recipients: dict[str, Callable[[], tuple[list[User], date]]] = {
        "agency_due": lambda: (_coordinators_with_open_parts(round_), round_.agency_due),
        "committee_on": lambda: (_committee_members(round_), round_.committee_on),
        "closes_at": lambda: (
            audience.users_with_capability(round_.province_id, Capability.SUBMIT, Capability.APPROVE),
            timezone.localdate(round_.closes_at),
        ),
    }
    for name in changed_fields:
        if name in recipients:
            users, day = recipients[name]()
            notices.notify(
                users=users,
                kind=f"round.{name}",
                key=f"round.{name}:{event.response_id}:{event.seq}",
                round_=round_,
                data={"day": day.isoformat()},
                url=reverse("survey:round", args=[round_.province.code, round_.year]),
                but=by,
            )


def _coordinators_with_open_parts(round_: Round) -> list[User]:
    """Coordinators of agencies with open parts that are due on the round's date."""
    rows = Assignment.objects.filter(round=round_, due=None, role__in=ANSWERING_ROLES, state__in=OPEN_STATES)
    agencies = rows.order_by().values_list("agency", flat=True).distinct()
    users_by_key = {u.pk: u for users in audience.coordinators_by_agency(agencies).values() for u in users}
    return list(users_by_key.values())


def _committee_members(round_: Round) -> list[User]:
    """Committee, secretariat and governor; nobody once a meeting is recorded, which announces its own day."""
    if Meeting.objects.filter(round=round_).exists():
        return []
    return audience.users_with_role(round_.province_id, Role.COMMITTEE, Role.SECRETARIAT, Role.GOVERNOR)
