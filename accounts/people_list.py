"""What the list of people shows, read as plain rows by statements that are made once: people, roles, invitations.

Models are built of the rows only where a page is made anew (`dgready.templatetags.keep`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models import Agency, Invitation, Membership, Province, User
from accounts.models.memberships import RoleAssignment
from dgready.counted_rows import CountedRows
from dgready.prepared_select import PreparedSelect

_PERSON: Final = ("pk", "first_name", "last_name", "email", "is_active")
_ROLE: Final = ("role", "valid_from", "valid_to")
_PROVINCE: Final = ("kind", "name_th", "name_en")
_AGENCY: Final = ("name_th", "name_en")
_PLACES: Final = (
    *("province", *(f"province__{name}" for name in _PROVINCE)),
    *("agency", *(f"agency__{name}" for name in _AGENCY)),
)
_INVITATION: Final = ("pk", "first_name", "last_name", "email", "sent_at", "to_be_sent", "expires_at")
Row = tuple[Any, ...]
AssignmentT = TypeVar("AssignmentT", bound=RoleAssignment)


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A person of the list, with the roles they have in its place."""

    pk: int
    name: str
    email: str
    is_active: bool
    roles: list[Membership]


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person of the list and their roles there, as they were read."""

    person: Row
    roles: list[Row]

    def listed(self) -> ListedPerson:
        """For a page."""
        user = User(**dict(zip(_PERSON, self.person, strict=True)))
        roles = [_of_place(Membership, row[1:-1], stands_in_for_id=row[-1]) for row in self.roles]
        return ListedPerson(user.pk, user.get_full_name(), user.email, user.is_active, roles)


def _of_place(kind: type[AssignmentT], row: Row, **values: Any) -> AssignmentT:
    """A role with its place, of the columns _ROLE and _PLACES."""
    after_role, after_province = len(_ROLE), len(_ROLE) + 1 + len(_PROVINCE)
    of_province, of_agency = row[after_role:after_province], row[after_province:]
    province = Province(of_province[0], **dict(zip(_PROVINCE, of_province[1:], strict=True)))
    agency = Agency(of_agency[0], **dict(zip(_AGENCY, of_agency[1:], strict=True)))
    places = {"province": province if province.pk else None, "agency": agency if agency.pk else None}
    return kind(**dict(zip(_ROLE, row[:after_role], strict=True)), **places, **values)


def _people(*province: int, role: str, closed: bool, text: str = "") -> QuerySet[User]:
    """Users with a role in the province, all users without one."""
    memberships = Membership.objects.filter(active=True, **({"province": province[0]} if province else {}))
    if role:
        memberships = memberships.filter(role=role)
    users = User.objects.filter(is_active=not closed)
    if province or role:
        users = users.filter(pk__in=memberships.values("user"))
    if text:
        users = users.filter(Q(first_name__icontains=text) | Q(last_name__icontains=text) | Q(email__icontains=text))
    return users


def _page(*province: int, start: int, stop: int, **asked: Any) -> QuerySet[User, Any]:
    return _people(*province, **asked).values_list(*_PERSON)[start:stop]


def _number(*province: int, role: str, closed: bool) -> QuerySet[User, Any]:
    counted = _people(*province, role=role, closed=closed).order_by().values("is_active").annotate(n=Count("pk"))
    return counted.values_list("n")


def _roles(users: list[int], *province: int) -> QuerySet[Membership, Any]:
    rows = Membership.objects.filter(user__in=users, active=True, **({"province": province[0]} if province else {}))
    return rows.order_by("pk").values_list("user", *_ROLE, *_PLACES, "stands_in_for_id")


def _invitations(*province: int) -> QuerySet[Invitation, Any]:
    rows = Invitation.objects.filter(used_at=None, withdrawn_at=None, province=province[0] if province else None)
    return rows.values_list(*_INVITATION, *_ROLE, *_PLACES)


_PAGE: PreparedSelect[Row] = PreparedSelect(_page)
_NUMBER: PreparedSelect[tuple[int]] = PreparedSelect(_number)
_ROLES: PreparedSelect[Row] = PreparedSelect(_roles)
_INVITATIONS: PreparedSelect[Row] = PreparedSelect(_invitations)


def listed_people(
    province: Province | None, *, text: str = "", role: str = "", closed: bool = False
) -> CountedRows[PersonRow]:
    """Users with a role in the province (all users for None), for a page. One query, and two for each slice."""
    place = [province.pk] if province else []
    asked: dict[str, Any] = {"role": role, "closed": closed}

    def read(start: int, stop: int) -> list[PersonRow]:
        if text:  # each search is a statement of its own
            people = list(_page(*place, text=text, start=start, stop=stop, **asked))
        else:
            people = _PAGE.all(*place, start=start, stop=stop, **asked)
        roles: dict[int, list[Row]] = {person[0]: [] for person in people}
        for row in _ROLES.all(sorted(roles), *place):
            roles[row[0]].append(row)
        return [PersonRow(person, roles[person[0]]) for person in people]

    if text:
        return CountedRows(_people(*place, text=text, **asked).count(), read)
    found = _NUMBER.first(*place, **asked)
    return CountedRows(found[0] if found else 0, read)


def invitation_rows(province: Province | None) -> list[Row]:
    """Invitations neither accepted nor withdrawn; central ones for None. One query."""
    return _INVITATIONS.all(*([province.pk] if province else []))


def are_expired(invitations: Sequence[Row]) -> list[bool]:
    """What `is_open` of each of these rows tells by the clock."""
    now = timezone.now()
    return [row[_INVITATION.index("expires_at")] <= now for row in invitations]


def invitation_of(row: Row) -> Invitation:
    """For a page."""
    own = len(_INVITATION)
    return _of_place(Invitation, row[own:], **dict(zip(_INVITATION, row[:own], strict=True)))
