"""Stand-ins of coordinators on leave: naming and ending one, with its events in the running rounds and its notices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import Agency, Membership, User
from accounts.roles import Capability, Role
from survey.answering.opening import ensure_response
from survey.journal import actions as journal
from survey.models import Round
from survey.notices import actions as notices
from survey.notices import recipients


def stand_ins(agency: Agency) -> QuerySet[Membership]:
    """The stand-ins of an agency's coordinators whose last day is not past and that were not ended, first day first."""
    rows = Membership.objects.filter(agency=agency, stands_in_for__isnull=False, active=True)
    rows = rows.filter(valid_to__gte=timezone.localdate()).order_by("valid_from", "pk")
    return rows.select_related("user", "province", "agency", "stands_in_for__user")


def coordinators_to_stand_in_for(by: User, agency: Agency) -> list[Membership]:
    """The coordinators' memberships of an agency for which the person may name a stand-in. One query."""
    rows = Membership.objects.current().filter(agency=agency, role=Role.COORDINATOR, stands_in_for=None)
    found = rows.select_related("user", "province", "agency").order_by("user__sort_key")
    return [row for row in found if accounts.may_appoint_stand_in(by, row)]


def name_stand_in(*, by: User, coordinator: Membership, user: User, first: date, last: date) -> Membership:
    """Lets somebody act for a coordinator's agency from `first` to `last`. Raises NotAllowed, RefusedError."""
    with transaction.atomic():
        made = accounts.appoint_stand_in(by=by, membership=coordinator, user=user, valid_from=first, valid_to=last)
        _record(by, made, coordinator, "stand_in.name")
        days = {"day": first.isoformat(), "until": last.isoformat()}
        data = {"agency": str(made.agency), "who": str(coordinator.user), "name": str(user), **days}
        _tell([user], "stand_in", made, data, by)
        _tell(_told_of(coordinator, user), "stand_in.for", made, data, by)
    return made


def finish_stand_in(*, by: User, membership: Membership) -> None:
    """Ends a stand-in before its last day. Raises NotAllowed, RefusedError."""
    coordinator = membership.stands_in_for
    with transaction.atomic():
        accounts.end_stand_in(by=by, membership=membership)
        assert coordinator is not None
        _record(by, membership, coordinator, "stand_in.end")
        users = [membership.user, *_told_of(coordinator, membership.user)]
        _tell(users, "stand_in.end", membership, _names(membership), by)


def tell_stand_in_ended(membership: Membership) -> int:
    """Tells of a stand-in that is over without anybody having ended it; each is told once. Returns how many were."""
    coordinator = membership.stands_in_for
    assert coordinator is not None
    users = [membership.user, *_told_of(coordinator, membership.user)]
    return _tell(users, "stand_in.end", membership, _names(membership))


def _names(membership: Membership) -> dict[str, str]:
    return {"agency": str(membership.agency), "name": str(membership.user)}


def _record(by: User, membership: Membership, coordinator: Membership, verb: str) -> None:
    """One event in the agency's contribution to each round that has not closed."""
    days = {"valid_from": membership.valid_from, "valid_to": membership.valid_to}
    data = {
        "text": f"{coordinator.user} → {membership.user}",
        "for": coordinator.user_id,
        "user": membership.user_id,
        "membership": membership.pk,
        "before": {},
        "after": {name: day.isoformat() for name, day in days.items() if day},
    }
    for round_ in Round.objects.filter(province=membership.province_id, closes_at__gte=timezone.now()):
        response = ensure_response(by=by, round_=round_, agency=membership.agency)
        journal.record_event(by=by, response=journal.lock_response(response.pk), verb=verb, data=data)


def _told_of(coordinator: Membership, stand_in: User) -> list[User]:
    """The coordinator and the secretariat."""
    assert coordinator.province_id is not None
    assigning = recipients.users_with_capability(coordinator.province_id, Capability.ASSIGN)
    return [user for user in [coordinator.user, *assigning] if user.pk != stand_in.pk]


def _tell(
    users: Iterable[User], kind: str, membership: Membership, data: dict[str, str], by: User | None = None
) -> int:
    agency = membership.agency
    assert agency is not None
    return notices.notify(
        users=users,
        kind=kind,
        key=f"{kind}:{membership.pk}",
        data=data,
        url=reverse("survey:home") if kind == "stand_in" else "",
        at_once=True,
        but=by,
    )
