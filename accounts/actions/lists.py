"""Applying lists of people and of agencies: what a list would change, and changing it in one transaction."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from accounts.actions.invitation_limits import check_list_limit
from accounts.actions.invitations import invite_user
from accounts.actions.log import RefusedError
from accounts.actions.places import change_agency, create_agency
from accounts.lists.agency_list import AgencyEntry
from accounts.lists.people_list import PersonEntry
from accounts.models import Agency, Invitation, Membership, Province, User
from accounts.models.places import AgencyKind
from accounts.queries import all_open_invitations, departments_by_code
from accounts.roles import Role

PersonChangeKind = Literal["invite", "invited", "member"]
AgencyChangeKind = Literal["add", "change", "same"]


@dataclass(frozen=True, slots=True)
class PersonChange:
    """What a list does for one person: a new invitation, or nothing (an open one, or the role already)."""

    kind: PersonChangeKind
    entry: PersonEntry

    @property
    def role_label(self) -> str:
        """The role in the language of the reader."""
        return str(Role(self.entry.role).label)


@dataclass(frozen=True, slots=True)
class AgencyChange:
    """What a list does for one agency; `before`: the agency as stored."""

    kind: AgencyChangeKind
    entry: AgencyEntry
    before: Agency | None = None
    parent: Province | None = None  # the department that the list gives

    @property
    def agency_kind_label(self) -> str:
        """The kind that the agency will have, in the language of the reader."""
        stored = self.before.kind if self.before else AgencyKind.REGIONAL_AGENCY
        return str(AgencyKind(self.entry.kind or stored).label)


RoleKeys = set[tuple[str, str, str | None]]  # address, role, code of the agency if any


def diff_people(province: Province, entries: Sequence[PersonEntry]) -> list[PersonChange]:
    """What applying a list of people would do."""
    return diff_people_of_provinces({province.pk: entries})[province.pk]


def diff_people_of_provinces(entries: Mapping[int, Sequence[PersonEntry]]) -> dict[int, list[PersonChange]]:
    """What applying lists of people would do, each to the province of that id. Two queries for all of them."""
    emails = {entry.email for listed in entries.values() for entry in listed}
    memberships = Membership.objects.current().filter(province__in=list(entries), user__email__in=emails)
    members: dict[int | None, RoleKeys] = defaultdict(set)
    for place, *key in memberships.values_list("province", Lower("user__email"), "role", "agency__code"):
        members[place].add((key[0], key[1], key[2]))
    invited: dict[int | None, RoleKeys] = defaultdict(set)
    for i in all_open_invitations().filter(province__in=list(entries), email__in=emails):
        if i.is_open:
            invited[i.province_id].add((i.email, i.role, i.agency.code if i.agency else None))
    return {pk: _diff_people(listed, members[pk], invited[pk]) for pk, listed in entries.items()}


def _diff_people(entries: Sequence[PersonEntry], members: RoleKeys, invited: RoleKeys) -> list[PersonChange]:
    def kind(entry: PersonEntry) -> PersonChangeKind:
        key = (entry.email, entry.role, entry.agency or None)
        return "member" if key in members else "invited" if key in invited else "invite"

    return [PersonChange(kind(entry), entry) for entry in entries]


@transaction.atomic
def apply_people_list(*, by: User, province: Province, entries: Sequence[PersonEntry]) -> list[Invitation]:
    """Invites the people of a list who have neither the role nor an invitation to it; their letters are queued.

    Raises NotAllowed, or RefusedError with the address, and then nobody is invited.
    """
    # One list at a time: two that name the same person must not invite twice.
    Province.objects.select_for_update().get(pk=province.pk)
    agencies = {agency.code: agency for agency in province.agencies.all()}
    invitations = []
    new = [change.entry for change in diff_people(province, entries) if change.kind == "invite"]
    check_list_limit(province=province, new=len(new))
    for entry in new:
        if entry.agency and entry.agency not in agencies:
            raise RefusedError(_("ไม่พบหน่วยงาน %(names)s") % {"names": entry.agency})
        try:
            invitation, _token = invite_user(
                by=by,
                email=entry.email,
                role=Role(entry.role),
                province=province,
                agency=agencies.get(entry.agency),
                valid_from=entry.valid_from,
                valid_to=entry.valid_to,
                first_name=entry.first_name,
                last_name=entry.last_name,
                of_list=True,
            )
        except RefusedError as refused:
            raise RefusedError(f"{entry.email}: {refused}") from refused
        invitations.append(invitation)
    return invitations


def diff_agencies(
    province: Province, entries: Sequence[AgencyEntry], departments: Mapping[str, Province] | None = None
) -> list[AgencyChange]:
    """What applying a list of agencies would do; what it does not name stays. `departments`: as they were read."""
    if departments is None:
        departments = departments_by_code() if any(entry.parent for entry in entries) else {}
    stored = {agency.code.casefold(): agency for agency in province.agencies.all()}
    changes = []
    for entry in entries:
        before, parent = stored.get(entry.code.casefold()), departments.get(entry.parent)
        if before is None:
            changes.append(AgencyChange("add", entry, parent=parent))
        else:
            wanted = _wanted_values(entry, before)
            same = all(getattr(before, name) == value for name, value in wanted.items())
            same = same and (parent is None or parent.pk == before.parent_id)
            changes.append(AgencyChange("same" if same else "change", entry, before, parent))
    return changes


def _wanted_values(entry: AgencyEntry, before: Agency) -> dict[str, str]:
    return {"name_th": entry.name_th, "name_en": entry.name_en or before.name_en, "kind": entry.kind or before.kind}


@transaction.atomic
def apply_agency_list(*, by: User, province: Province, entries: Sequence[AgencyEntry]) -> list[AgencyChange]:
    """Adds the agencies of a list and changes what it says of those that are there; returns the changes made.

    Raises NotAllowed, RefusedError or ValidationError.
    """
    Province.objects.select_for_update().get(pk=province.pk)
    changes = [change for change in diff_agencies(province, entries) if change.kind != "same"]
    for change in changes:
        entry = change.entry
        if change.before is None:
            kind = entry.kind or AgencyKind.REGIONAL_AGENCY.value
            values: dict[str, Any] = {
                "code": entry.code,
                "name_th": entry.name_th,
                "name_en": entry.name_en,
                "kind": kind,
            }
            create_agency(by=by, province=province, parent=change.parent, **values)
        else:
            parent: dict[str, Any] = {"parent": change.parent} if change.parent else {}
            change_agency(by=by, agency=change.before, **_wanted_values(entry, change.before), **parent)
    return changes
