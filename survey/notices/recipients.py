"""Recipients of notices: active users of a province, agency or the centre, by role or capability."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Membership, User
from accounts.roles import CENTRAL_ROLES, ROLE_CAPABILITIES, Capability, Role
from dgready.prepared_select import PreparedSelect


def roles_with_capability(cap: Capability) -> list[Role]:
    """The roles that hold a capability."""
    return [role for role, caps in ROLE_CAPABILITIES.items() if cap in caps]


def users_with_capability(province_id: int, *caps: Capability) -> list[User]:
    """Users of a province who hold any of the capabilities there today; central roles are left out."""
    roles = {role for cap in caps for role in roles_with_capability(cap)} - CENTRAL_ROLES
    return _IN_PROVINCE.all(province_id, timezone.localdate(), roles=tuple(sorted(roles)))


def users_with_role(province_id: int, *roles: Role) -> list[User]:
    """Users of a province with any of the roles today."""
    return _IN_PROVINCE.all(province_id, timezone.localdate(), roles=tuple(sorted(set(roles))))


def agency_coordinators(agency_id: int) -> list[User]:
    """The coordinators of an agency today."""
    return _OF_AGENCY.all(agency_id, timezone.localdate())


def coordinators_by_agency(agencies: Iterable[int]) -> dict[int, list[User]]:
    """The coordinators of several agencies today, by agency id. One query."""
    users_by_agency: dict[int, list[User]] = {agency: [] for agency in agencies}
    rows = (
        Membership.objects.current()
        .filter(agency__in=list(users_by_agency), user__is_active=True)
        .select_related("user")
    )
    for row in rows.order_by("user"):
        if row.agency_id is not None and row.user not in users_by_agency[row.agency_id]:
            users_by_agency[row.agency_id].append(row.user)
    return users_by_agency


def central_users_with_capability(cap: Capability) -> list[User]:
    """Users who hold a capability in all provinces."""
    return list(_users_with_membership(timezone.localdate(), role__in=set(roles_with_capability(cap)) & CENTRAL_ROLES))


def _users_with_membership(day: date, **which: object) -> QuerySet[User]:
    current = Membership.objects.current(day).filter(**which)
    return User.objects.filter(pk__in=current.values("user"), is_active=True).order_by("pk")


_IN_PROVINCE: PreparedSelect[User] = PreparedSelect(
    lambda province, day, *, roles: _users_with_membership(day, province=province, agency=None, role__in=roles)
)
_OF_AGENCY: PreparedSelect[User] = PreparedSelect(lambda agency, day: _users_with_membership(day, agency=agency))
