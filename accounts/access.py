"""Who may see what: functions that fetch an object or answer 404, and the marks of views (dgready.permissions)."""

from typing import Final

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from accounts.models import Agency, Grant, Province, User
from accounts.roles import AGENCY_SCOPED_CAPABILITIES, ROLE_CAPABILITIES, Capability, Role, grantable_capabilities
from dgready.permissions import AccessRule, access_rule_of, allow, public

__all__ = [
    "ALL_PROVINCES",
    "AccessRule",
    "Grant",
    "SignedInRequest",
    "access_rule_of",
    "allow",
    "get_agency",
    "get_province",
    "public",
]


class SignedInRequest(HttpRequest):
    """For annotations: the request of a view that `allow` guards, so its user is one of ours."""

    user: User


class _AllProvinces(frozenset[int]):
    """Every province there is or will be; answers `in` with yes."""

    def __contains__(self, item: object) -> bool:
        return True

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return "ALL"


ALL_PROVINCES: Final = _AllProvinces()


def province_ids_with_capability(user: User, cap: Capability) -> frozenset[int]:
    """Provinces in which the person holds `cap` for the whole province; ALL for central roles."""
    found: set[int] = set()
    for grant in user.grants:
        if cap in grant.capabilities and grant.province_id is None:
            return ALL_PROVINCES
        if grant.province_id is not None and grant.covers(cap, grant.province_id, None):
            found.add(grant.province_id)
    return frozenset(found)


def agency_ids_with_capability(user: User, cap: Capability) -> frozenset[int]:
    """Agencies for which the person holds `cap` through a membership in that agency."""
    return frozenset(g.agency_id for g in user.grants if g.agency_id is not None and cap in g.capabilities)


def scope_filter(user: User, cap: Capability, *, province: str = "province", agency: str | None = None) -> Q:
    """A filter for rows the person may touch with `cap`; `agency`: the lookup of their agency, if any."""
    provinces = province_ids_with_capability(user, cap)
    if provinces is ALL_PROVINCES:
        # Not an empty Q(): Django drops that from an OR, and everything would become nothing.
        return ~Q(pk__in=[])
    mine = Q(**{f"{province}__in": provinces})
    if agency is not None and cap in AGENCY_SCOPED_CAPABILITIES:
        mine |= Q(**{f"{agency}__in": agency_ids_with_capability(user, cap)})
    return mine


def provinces_with_capability(user: User, cap: Capability) -> QuerySet[Province]:
    """Provinces in which the person holds `cap`, in Thai order."""
    return Province.objects.filter(scope_filter(user, cap, province="pk"))


def get_province(user: User, code: str, cap: Capability) -> Province:
    """The province with that code; raises Http404 unless the person holds `cap` there."""
    province = Province.objects.filter(code=code).first()
    if province is None or not user.has(cap, province_id=province.pk):
        raise Http404
    return province


def require_central(user: User, cap: Capability) -> None:
    """Raise Http404 unless the person holds `cap` in all provinces."""
    if province_ids_with_capability(user, cap) is not ALL_PROVINCES:
        raise Http404


def get_agency(user: User, province_code: str, agency_code: str, cap: Capability) -> Agency:
    """The agency with its province; raises Http404 unless the person holds `cap` for it."""
    agencies = Agency.objects.select_related("province")
    found = agencies.filter(province__code=province_code, code=agency_code).first()
    if found is None or not user.has(cap, province_id=found.province_id, agency_id=found.pk):
        raise Http404
    return found


def may_grant_role(by: User, role: Role, province_id: int | None) -> bool:
    """Whether every capability of `role` in that place is among those `by` holds to give there."""
    held: set[Capability] = set()
    for grant in by.grants:
        if grant.province_id is None or (grant.province_id == province_id and grant.agency_id is None):
            held |= grantable_capabilities(grant.role)
    return by.is_active and Capability.USERS_MANAGE in held and ROLE_CAPABILITIES[role] <= held


def may_manage_user(by: User, user: User) -> bool:
    """Whether `by` may close or reopen the account: someone else, all of whose roles `by` could grant."""
    if by.pk == user.pk:
        return False
    posts = list(user.memberships.filter(active=True).values_list("role", "province_id"))
    return all(may_grant_role(by, Role(role), province) for role, province in posts) and (
        # Somebody without any role belongs to no province.
        bool(posts) or may_grant_role(by, Role.CENTRAL_ADMIN, None)
    )
