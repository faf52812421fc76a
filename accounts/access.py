"""Permission checks on provinces and agencies: fetch an object or raise Http404, and filters by capability."""

from typing import Final

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from accounts.models import Agency, Grant, Province, User
from accounts.roles import AGENCY_SCOPED_CAPABILITIES, ROLE_CAPABILITIES, Capability, Role, grantable_capabilities
from dgready.permissions import AccessRule, access_rule_of, allow, public
from dgready.prepared_select import PreparedSelect

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
    """Request type of a view guarded by `allow`: its user is a signed-in accounts.User."""

    user: User


class _AllProvinces(frozenset[int]):
    """The set of all provinces, present and future: contains every id."""

    def __contains__(self, item: object) -> bool:
        return True

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return "ALL_PROVINCES"


ALL_PROVINCES: Final = _AllProvinces()


def province_ids_with_capability(user: User, cap: Capability) -> frozenset[int]:
    """Ids of the provinces in which the user holds `cap` for the whole province; ALL_PROVINCES for central roles."""
    ids: set[int] = set()
    for grant in user.grants:
        if cap in grant.capabilities and grant.province_id is None:
            return ALL_PROVINCES
        if grant.province_id is not None and grant.covers(cap, grant.province_id, None):
            ids.add(grant.province_id)
    return frozenset(ids)


def agency_ids_with_capability(user: User, cap: Capability) -> frozenset[int]:
    """Ids of the agencies for which the user holds `cap` through a membership in that agency."""
    return frozenset(g.agency_id for g in user.grants if g.agency_id is not None and cap in g.capabilities)


def scope_filter(user: User, cap: Capability, *, province: str = "province", agency: str | None = None) -> Q:
    """A filter for the rows within the user's scope for `cap`; `agency`: the lookup of the row's agency, if any."""
    provinces = province_ids_with_capability(user, cap)
    if provinces is ALL_PROVINCES:
        # Not an empty Q(): Django drops that from an OR, and everything would become nothing.
        return ~Q(pk__in=[])
    in_scope = Q(**{f"{province}__in": provinces})
    if agency is not None and cap in AGENCY_SCOPED_CAPABILITIES:
        in_scope |= Q(**{f"{agency}__in": agency_ids_with_capability(user, cap)})
    return in_scope


def provinces_with_capability(user: User, cap: Capability) -> QuerySet[Province]:
    """The provinces in which the user holds `cap`, in Thai order."""
    return Province.objects.filter(scope_filter(user, cap, province="pk"))


def province_of_code(code: str) -> Province | None:
    """The province with that code, whoever asks. One query."""
    return _PROVINCE_OF_CODE.first(code)


_PROVINCE_OF_CODE: Final[PreparedSelect[Province]] = PreparedSelect(
    lambda code: Province.objects.filter(code=code).order_by()[:1]
)


def get_province(user: User, code: str, cap: Capability) -> Province:
    """The province with that code; raises Http404 unless the user holds `cap` there."""
    province = province_of_code(code)
    if province is None or not user.has(cap, province_id=province.pk):
        raise Http404
    return province


def require_central(user: User, cap: Capability) -> None:
    """Raise Http404 unless the user holds `cap` in all provinces."""
    if province_ids_with_capability(user, cap) is not ALL_PROVINCES:
        raise Http404


def get_agency(user: User, province_code: str, agency_code: str, cap: Capability) -> Agency:
    """The agency with its province; raises Http404 unless the user holds `cap` for it."""
    agencies = Agency.objects.select_related("province")
    agency = agencies.filter(province__code=province_code, code=agency_code).first()
    if agency is None or not user.has(cap, province_id=agency.province_id, agency_id=agency.pk):
        raise Http404
    return agency


def may_grant_role(by: User, role: Role, province_id: int | None) -> bool:
    """Whether `by` may grant `role` in that province: they can confer every capability of the role there."""
    grantable: set[Capability] = set()
    for grant in by.grants:
        if grant.province_id is None or (grant.province_id == province_id and grant.agency_id is None):
            grantable |= grantable_capabilities(grant.role)
    return by.is_active and Capability.USERS_MANAGE in grantable and ROLE_CAPABILITIES[role] <= grantable


def may_manage_user(by: User, user: User) -> bool:
    """Whether `by` may deactivate or reactivate the account: not their own, and `by` could grant all its roles."""
    if by.pk == user.pk:
        return False
    roles = list(user.memberships.filter(active=True).values_list("role", "province_id"))
    return all(may_grant_role(by, Role(role), province) for role, province in roles) and (
        # Somebody without any role belongs to no province.
        bool(roles) or may_grant_role(by, Role.CENTRAL_ADMIN, None)
    )
