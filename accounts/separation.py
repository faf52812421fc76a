"""Four eyes: finds the roles of one person that together write a province's answer and approve it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import Invitation, Membership, Province, User
from accounts.models.memberships import RoleAssignment
from accounts.roles import APPROVING_ROLES, WRITING_ROLES, Role, roles_break_four_eyes
from dgready.prepared_select import PreparedSelect


@dataclass(frozen=True, slots=True)
class RoleConflict:
    """Two roles of a person that break four eyes: the one that writes the answer, and the one that approves it."""

    user: User
    writing: Membership
    approving: Membership


def conflicting_roles(
    user: User, role: Role, province: Province | None, valid_from: date | None, valid_to: date | None
) -> list[Membership]:
    """The person's roles, now or later, that break four eyes with a role to be given there for those days."""
    return [m for m in _kept_roles(user) if _conflict(m, role, province.pk if province else None, valid_from, valid_to)]


def conflicting_invitations(
    email: str, role: Role, province: Province | None, valid_from: date | None, valid_to: date | None
) -> list[Invitation]:
    """The open invitations of an address whose role breaks four eyes with another role to be offered there."""
    now = timezone.now()
    rows = Invitation.objects.filter(email=email, used_at=None, withdrawn_at=None, expires_at__gt=now)
    return [i for i in rows if _conflict(i, role, province.pk if province else None, valid_from, valid_to)]


def find_role_conflicts(province: Province | None) -> list[RoleConflict]:
    """The people of a province (of all for None) whose roles break four eyes, by name. At most two queries."""
    users = {user for (user,) in _WITH_BOTH.all(timezone.localdate(), *([province.pk] if province else []))}
    if not users:
        return []
    kept = Membership.objects.filter(_kept(timezone.localdate()), user__in=users).select_related(
        "user", "province", "agency"
    )
    return _pairs(kept.order_by("user__sort_key", "user__email", "pk"))


def _with_both(day: date, *province: int) -> QuerySet[Membership, Any]:
    """Who approves and also has a role that writes there."""
    rows = Membership.objects.filter(_kept(day), user__is_active=True, role__in=APPROVING_ROLES)
    if province:
        rows = rows.filter(province=province[0])
    both = rows.filter(
        user__memberships__province=F("province"),
        user__memberships__active=True,
        user__memberships__role__in=WRITING_ROLES,
    )
    return both.values_list("user")


_WITH_BOTH: PreparedSelect[tuple[int]] = PreparedSelect(_with_both)


def role_conflicts_of(user: User) -> list[RoleConflict]:
    """The pairs of a person's roles that break four eyes. One query."""
    return _pairs(_kept_roles(user))


def _pairs(memberships: Iterable[Membership]) -> list[RoleConflict]:
    by_user: dict[int, list[Membership]] = {}
    for membership in memberships:
        by_user.setdefault(membership.user_id, []).append(membership)
    return [
        RoleConflict(a.user, a if a.role in WRITING_ROLES else b, b if a.role in WRITING_ROLES else a)
        for rows in by_user.values()
        for a, b in combinations(rows, 2)
        if _conflict(a, Role(b.role), b.province_id, b.valid_from, b.valid_to)
    ]


def _kept(day: date) -> Q:
    """Roles that count on this day or a later one."""
    return Q(active=True) & (Q(valid_to=None) | Q(valid_to__gte=day))


def _kept_roles(user: User) -> list[Membership]:
    rows = Membership.objects.filter(_kept(timezone.localdate()), user=user)
    return list(rows.select_related("user", "province", "agency").order_by("pk"))


def _conflict(
    held: RoleAssignment, role: Role, province_id: int | None, valid_from: date | None, valid_to: date | None
) -> bool:
    """Whether two roles meet in one province on one day, one to write its answer and one to approve it."""
    if not roles_break_four_eyes(Role(held.role), role):
        return False
    if held.province_id != province_id:
        return False
    starts = max(held.valid_from or date.min, valid_from or date.min)
    ends = min(held.valid_to or date.max, valid_to or date.max)
    return starts <= ends
