"""Telling people about parts of the form: given out, moved, due on another day. In the transaction of the step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Capability, Role
from survey.assigning import queries as parts
from survey.assigning.targets import AssignmentTarget
from survey.instrument.queries import compiled_instrument
from survey.models import Assignment, Event, Meeting, Round
from survey.notices import actions as notices
from survey.notices import recipients as audience

MAX_NAMES = 8  # parts named in one notice; more are counted
TermsValues = tuple[str, bool, date | None, str]  # of an assignment: role, only if any, own due date, note
AGENCY_STEPS = frozenset({"submit", "withdraw", "decline"})  # steps of the agency, told to who assigns


def part_name(round_: Round, target: AssignmentTarget) -> str:
    """What people call a part: the printed code, or the item's name where it has none."""
    item = compiled_instrument(round_.instrument).items.get(target.item or target.question)
    return (item.code or item.id) if item else str(target)


def _join_names(names: Iterable[str]) -> str:
    some = list(dict.fromkeys(names))
    more = f" +{len(some) - MAX_NAMES}" if len(some) > MAX_NAMES else ""
    return ", ".join(some[:MAX_NAMES]) + more


def notify_part_moved(*, by: User, found: Iterable[Assignment], name: str, event: Event, reason: str = "") -> None:
    """Parts of one agency took a step: whoever has the next one is told, once for all of them.

    `event`: of the (last) step; it makes the notice one of its kind.
    """
    some = list(found)
    first = some[0]
    round_, agency = first.round, first.agency
    if name in AGENCY_STEPS:
        users = audience.users_with_capability(round_.province_id, Capability.ASSIGN)
        url = reverse("survey:board-agency", args=[round_.province.code, round_.year, agency.code])
    else:
        users = audience.agency_coordinators(agency.pk)
        url = reverse("survey:desk", args=[round_.province.code, round_.year]) + f"?agency={agency.code}"
    what = _join_names(part_name(round_, parts.assignment_target(round_.instrument, a)) for a in some)
    notices.notify(
        users=users,
        kind=f"part.{name}",
        key=f"part:{event.response_id}:{event.seq}",
        round_=round_,
        data={"agency": str(agency), "what": what, "reason": reason},
        url=f"{url}#part-{first.pk}",
        but=by,
    )


def notify_assigned(
    *, by: User | None, round_: Round, event: Event, given: Mapping[int, Iterable[AssignmentTarget]]
) -> None:
    """Agencies were given parts: one notice each, whatever their number. By key of the agency."""
    _notify_agencies(by, round_, event, "assignment", given)


def notify_unassigned(
    *, by: User | None, round_: Round, event: Event, gone: Mapping[int, Iterable[AssignmentTarget]]
) -> None:
    """Parts were taken from agencies."""
    _notify_agencies(by, round_, event, "assignment.remove", gone)


def notify_terms_changed(
    *, by: User | None, round_: Round, event: Event, terms: Mapping[int, Iterable[AssignmentTarget]]
) -> None:
    """What agencies are asked for, or as what, was changed; not the day."""
    _notify_agencies(by, round_, event, "assignment.change", terms)


def notify_due_changed(
    *, by: User | None, round_: Round, event: Event, dues: Mapping[tuple[int, date], Iterable[AssignmentTarget]]
) -> None:
    """Parts are due on another day; by agency and day."""
    for day in sorted({day for _agency, day in dues}):
        given = {agency: targets for (agency, due), targets in dues.items() if due == day}
        _notify_agencies(by, round_, event, "assignment.due", given, day=day.isoformat())


def _notify_agencies(
    by: User | None,
    round_: Round,
    event: Event,
    kind: str,
    given: Mapping[int, Iterable[AssignmentTarget]],
    **more: str,
) -> None:
    people = audience.coordinators_by_agency(given)
    url = reverse("survey:desk", args=[round_.province.code, round_.year])
    for agency, targets in given.items():
        if not people[agency]:
            continue
        what = _join_names(part_name(round_, t) for t in targets)
        key = ":".join([kind, str(event.response_id), str(event.seq), str(agency), *more.values()])
        data = {"what": what, **more}
        notices.notify(users=people[agency], kind=kind, key=key, round_=round_, data=data, url=url, but=by)


# -- lists and rounds -----------------------------------------------------------------------------


class AssignmentNotices:
    """What a list did, gathered by agency and told at the end."""

    def __init__(self, round_: Round) -> None:
        self.round = round_
        self.given: dict[int, list[AssignmentTarget]] = defaultdict(list)
        self.gone: dict[int, list[AssignmentTarget]] = defaultdict(list)
        self.terms: dict[int, list[AssignmentTarget]] = defaultdict(list)
        self.dues: dict[tuple[int, date], list[AssignmentTarget]] = defaultdict(list)

    def change(self, agency: int, target: AssignmentTarget, before: TermsValues, after: TermsValues) -> None:
        """The terms of a part: role, only if there is something, own due date, note; before and after."""
        if before[2] != after[2]:
            self.dues[agency, after[2] or self.round.agency_due].append(target)
        if (*before[:2], before[3]) != (*after[:2], after[3]):
            self.terms[agency].append(target)

    def tell(self, *, by: User | None, event: Event) -> None:
        """Tells everybody concerned."""
        notify_assigned(by=by, round_=self.round, event=event, given=self.given)
        notify_unassigned(by=by, round_=self.round, event=event, gone=self.gone)
        notify_terms_changed(by=by, round_=self.round, event=event, terms=self.terms)
        notify_due_changed(by=by, round_=self.round, event=event, dues=self.dues)


def notify_round_dates_changed(*, by: User, round_: Round, moved: Iterable[str], event: Event) -> None:
    """Days of the round were changed: agencies, committee and governor are told of those that are theirs."""
    tell: dict[str, Callable[[], tuple[list[User], date]]] = {
        "agency_due": lambda: (_coordinators_with_open_parts(round_), round_.agency_due),
        "committee_on": lambda: (_committee_members(round_), round_.committee_on),
        "closes_at": lambda: (
            audience.users_with_capability(round_.province_id, Capability.SUBMIT, Capability.APPROVE),
            timezone.localdate(round_.closes_at),
        ),
    }
    for name in moved:
        if name in tell:
            users, day = tell[name]()
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
    """Who answers for agencies that have parts without a day of their own to hand in."""
    rows = Assignment.objects.filter(
        round=round_, due=None, role__in=parts.ANSWERING_ROLES, state__in=parts.OPEN_STATES
    )
    agencies = rows.order_by().values_list("agency", flat=True).distinct()
    found = {u.pk: u for users in audience.coordinators_by_agency(agencies).values() for u in users}
    return list(found.values())


def _committee_members(round_: Round) -> list[User]:
    """The committee and who prepares for it; nobody once a meeting is on record, which tells its own day."""
    if Meeting.objects.filter(round=round_).exists():
        return []
    return audience.users_with_role(round_.province_id, Role.COMMITTEE, Role.SECRETARIAT, Role.GOVERNOR)
