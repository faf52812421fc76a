"""What lists are checked against, from the database and the roles: words, agencies, who cannot be invited."""

from collections.abc import Iterable

from django.utils import timezone, translation

from accounts.access import may_grant_role
from accounts.lists.people_list import PeopleContext, fold_name
from accounts.models import Province, User
from accounts.models.people import LANGUAGES, clean_email
from accounts.models.places import AgencyKind
from accounts.respondents import RespondentKind, role_label
from accounts.roles import AGENCY_ROLES, CENTRAL_ROLES, Role
from dgready.sheets.workbook import Sheet
from dgready.thai import fold_text


def people_context(by: User, province: Province, sheet: Sheet) -> PeopleContext:
    """What a list of people of a province is checked against, for the person who sends it."""
    return context_of_province(by, province, inactive_addresses(sheet))


def inactive_addresses(sheet: Sheet) -> frozenset[str]:
    """The addresses in a sheet whose accounts are deactivated. One query."""
    addresses = {clean_email(str(cell.value)) for row in sheet.rows for cell in row.values() if "@" in str(cell.value)}
    return frozenset(User.objects.filter(is_active=False, email__in=addresses).values_list("email", flat=True))


def context_of_province(by: User, province: Province, inactive: Iterable[str]) -> PeopleContext:
    """What a list of people of a province is checked against. No query where its agencies were prefetched."""
    agencies: dict[str, tuple[str, bool]] = {}
    for agency in province.agencies.all():
        for name in (agency.code, agency.name_th, agency.name_en):
            if name:
                agencies.setdefault(fold_name(name), (agency.code, agency.active))
    return PeopleContext(
        roles={fold_name(word): role.value for role in Role for word in (*_role_labels(role), role.value)},
        grantable=frozenset(role.value for role in _grantable_roles(by, province)),
        agency_roles=tuple(sorted(AGENCY_ROLES)),
        agencies=agencies,
        today=timezone.localdate(),
        refused={**dict.fromkeys(inactive, "inactive"), by.email: "self"},
    )


def grantable_role_labels(by: User, province: Province) -> list[str]:
    """The roles that a person may grant in a province, in the language of the reader."""
    return [role_label(role, province.kind) for role in _grantable_roles(by, province)]


def agency_kind_words() -> dict[str, str]:
    """Each word for a kind of agency, folded, and its value."""
    return {fold_text(word): kind.value for kind in AgencyKind for word in (*_labels(kind), kind.value)}


def department_words(departments: Iterable[Province]) -> dict[str, str]:
    """Each code and name of a department, folded, and its code."""
    return {fold_name(name): d.code for d in departments for name in (d.code, d.name_th, d.name_en) if name}


def _grantable_roles(by: User, province: Province) -> list[Role]:
    return [role for role in Role if role not in CENTRAL_ROLES and may_grant_role(by, role, province.pk)]


def _role_labels(role: Role) -> Iterable[str]:
    """What a role is called in a province and in a department, in each language of the product."""
    for language, _name in LANGUAGES:
        with translation.override(language):
            yield from (role_label(role, kind) for kind in RespondentKind)


def _labels(choice: AgencyKind) -> Iterable[str]:
    """The label in each language of the product."""
    for language, _name in LANGUAGES:
        with translation.override(language):
            yield str(choice.label)
