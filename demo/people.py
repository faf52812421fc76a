"""The sample people of the demonstration; their password is printed on the sign-in page."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.db import transaction

from accounts.actions import grant_role
from accounts.actions.log import record_account_event
from accounts.made_up import SAMPLE
from accounts.models import AccountEvent, Agency, Membership, Province, User
from accounts.models.people import clean_email
from accounts.roles import AGENCY_ROLES, CENTRAL_ROLES, Role

# Not a secret: it only exists where settings.DEMO shows it to everybody.
DEMO_PASSWORD: Final = "sawasdee-dgready"


@transaction.atomic
def create_sample_people(
    *, province: Province, agencies: Iterable[Agency], rows: Iterable[Mapping[str, str]]
) -> list[User]:
    """Creates sample people from rows of email, role, first_name, last_name, agency (code; coordinators).

    Idempotent. Raises KeyError for an agency that is not among `agencies`, ValueError for an unknown role.
    """
    by_code = {agency.code: agency for agency in agencies}
    people = []
    for row in rows:
        role = Role(row["role"])
        user = User.objects.filter(email=clean_email(row["email"])).first() or _create_user(row)
        role_province = None if role in CENTRAL_ROLES else province
        agency = by_code[row["agency"]] if role in AGENCY_ROLES else None
        existing = Membership.objects.filter(user=user, active=True, role=role, province=role_province, agency=agency)
        if not existing.exists():
            grant_role(by=None, user=user, role=role, province=role_province, agency=agency)
        people.append(user)
    return people


def _create_user(row: Mapping[str, str]) -> User:
    names = {"first_name": row.get("first_name", ""), "last_name": row.get("last_name", "")}
    user = User.objects.create_user(row["email"], DEMO_PASSWORD, **names)
    record_account_event(by=None, verb=SAMPLE, subject=user)
    return user


def sample_memberships() -> list[Membership]:
    """The memberships of the sample people that can sign in, in the order of the roles, with user and agency."""
    people = AccountEvent.objects.filter(verb=SAMPLE).values("subject")
    order = {role: number for number, role in enumerate(Role)}
    memberships = Membership.objects.current().filter(user__in=people, user__is_active=True)
    return sorted(
        memberships.select_related("user", "agency"),
        key=lambda membership: (order[Role(membership.role)], membership.pk),
    )
