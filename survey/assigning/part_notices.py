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
from survey.assigning.targets import Target
from survey.instrument.queries import instrument_of
from survey.models import Assignment, Event, Meeting, Round
from survey.notices import actions as notices
from survey.notices import audience

NAMED = 8  # parts named in one notice; more are counted
Terms = tuple[str, bool, date | None, str]  # of an assignment: role, only if any, own due date, note
BY_AGENCY = frozenset({"submit", "withdraw", "decline"})  # steps of the agency, told to who assigns


def name_of(round_: Round, target: Target) -> str:
    """What people call a part: the printed code, or the item's name where it has none."""
    item = instrument_of(round_.instrument).items.get(target.item or target.question)
    return (item.code or item.id) if item else str(target)


def _named(names: Iterable[str]) -> str:
    some = list(dict.fromkeys(names))
    more = f" +{len(some) - NAMED}" if len(some) > NAMED else ""
    return ", ".join(some[:NAMED]) + more


def moved(*, by: User, found: Iterable[Assignment], name: str, event: Event, reason: str = "") -> None:
    """Parts of one agency took a step: whoever has the next one is told, once for all of them.

    `event`: of the (last) step; it makes the notice one of its kind.
    """
    some = list(found)
    first = some[0]
    round_, agency = first.round, first.agency
    if name in BY_AGENCY:
        users = audience.holders(round_.province_id, Capability.ASSIGN)
        url = reverse("survey:board-agency", args=[round_.province.code, round_.year, agency.code])
    else:
        users = audience.coordinators(agency.pk)
        url = reverse("survey:desk", args=[round_.province.code, round_.year]) + f"?agency={agency.code}"
    what = _named(name_of(round_, parts.target_of(round_.instrument, a)) for a in some)
    notices.notify(
        users=users,
        kind=f"part.{name}",
        key=f"part:{event.response_id}:{event.seq}",
        round_=round_,
        data={"agency": str(agency), "what": what, "reason": reason},
        url=f"{url}#part-{first.pk}",
        but=by,
    )


def assigned(*, by: User | None, round_: Round, event: Event, given: Mapping[int, Iterable[Target]]) -> None:
    """Agencies were given parts: one notice each, whatever their number. By key of the agency."""
    _tell(by, round_, event, "assignment", given)


def taken(*, by: User | None, round_: Round, event: Event, gone: Mapping[int, Iterable[Target]]) -> None:
    """Parts were taken from agencies."""
    _tell(by, round_, event, "assignment.remove", gone)


def changed(*, by: User | None, round_: Round, event: Event, terms: Mapping[int, Iterable[Target]]) -> None:
    """What agencies are asked for, or as what, was changed; not the day."""
    _tell(by, round_, event, "assignment.change", terms)


def due_moved(
    *, by: User | None, round_: Round, event: Event, dues: Mapping[tuple[int, date], Iterable[Target]]
) -> None:
    """Parts are due on another day; by agency and day."""
    for day in sorted({day for _agency, day in dues}):
        given = {agency: targets for (agency, due), targets in dues.items() if due == day}
        _tell(by, round_, event, "assignment.due", given, day=day.isoformat())


def _tell(
    by: User | None, round_: Round, event: Event, kind: str, given: Mapping[int, Iterable[Target]], **more: str
) -> None:
    people = audience.coordinators_of(given)
    url = reverse("survey:desk", args=[round_.province.code, round_.year])
    for agency, targets in given.items():
        if not people[agency]:
            continue
        what = _named(name_of(round_, t) for t in targets)
        key = ":".join([kind, str(event.response_id), str(event.seq), str(agency), *more.values()])
        data = {"what": what, **more}
        notices.notify(users=people[agency], kind=kind, key=key, round_=round_, data=data, url=url, but=by)


# -- lists and rounds -----------------------------------------------------------------------------


class Steps:
    """What a list did, gathered by agency and told at the end."""

    def __init__(self, round_: Round) -> None:
        self.round = round_
        self.given: dict[int, list[Target]] = defaultdict(list)
        self.gone: dict[int, list[Target]] = defaultdict(list)
        self.terms: dict[int, list[Target]] = defaultdict(list)
        self.dues: dict[tuple[int, date], list[Target]] = defaultdict(list)

    def change(self, agency: int, target: Target, before: Terms, after: Terms) -> None:
        """The terms of a part: role, only if there is something, own due date, note; before and after."""
        if before[2] != after[2]:
            self.dues[agency, after[2] or self.round.agency_due].append(target)
        if (*before[:2], before[3]) != (*after[:2], after[3]):
            self.terms[agency].append(target)

    def tell(self, *, by: User | None, event: Event) -> None:
        """Tells everybody concerned."""
        assigned(by=by, round_=self.round, event=event, given=self.given)
        taken(by=by, round_=self.round, event=event, gone=self.gone)
        changed(by=by, round_=self.round, event=event, terms=self.terms)
        due_moved(by=by, round_=self.round, event=event, dues=self.dues)


def dates_moved(*, by: User, round_: Round, moved: Iterable[str], event: Event) -> None:
    """Days of the round were changed: agencies, committee and governor are told of those that are theirs."""
    tell: dict[str, Callable[[], tuple[list[User], date]]] = {
        "agency_due": lambda: (_owing(round_), round_.agency_due),
        "committee_on": lambda: (_committee(round_), round_.committee_on),
        "closes_at": lambda: (
            audience.holders(round_.province_id, Capability.SUBMIT, Capability.APPROVE),
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


def _owing(round_: Round) -> list[User]:
    """Who answers for agencies that have parts without a day of their own to hand in."""
    rows = Assignment.objects.filter(round=round_, due=None, role__in=parts.ANSWERING, state__in=parts.OPEN)
    agencies = rows.order_by().values_list("agency", flat=True).distinct()
    found = {u.pk: u for users in audience.coordinators_of(agencies).values() for u in users}
    return list(found.values())


def _committee(round_: Round) -> list[User]:
    """The committee and who prepares for it; nobody once a meeting is on record, which tells its own day."""
    if Meeting.objects.filter(round=round_).exists():
        return []
    return audience.members(round_.province_id, Role.COMMITTEE, Role.SECRETARIAT, Role.GOVERNOR)
