"""The made-up people of a simulated year. Nobody real is made to answer, endorse or approve anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.actions import grant_role
from accounts.actions.log import record_account_event
from accounts.made_up import PLAYED, made_up_users
from accounts.models import Agency, Membership, Province, User
from accounts.roles import Role
from demo.people import DEMO_PASSWORD

FIRST_NAME: Final = "ผู้ใช้ตัวอย่าง"


class AddressTaken(Exception):
    """An e-mail address meant for a made-up person belongs to a real one."""


@dataclass(frozen=True, slots=True)
class SimulationPeople:
    """The people of the simulation: the province's people, and one person per agency by the agency's key."""

    admin: User
    secretariat: Sequence[User]
    committee: User
    governor: User
    coordinators: dict[int, User]


@transaction.atomic
def ensure_people(province: Province, agencies: Sequence[Agency]) -> SimulationPeople:
    """The made-up people of the province, those it has first. Outside a demonstration none of them can sign in.

    Raises TakenError.
    """
    finder = _PeopleFinder(province)
    return SimulationPeople(
        admin=finder.person(Role.PROVINCE_ADMIN, "admin"),
        secretariat=[finder.person(Role.SECRETARIAT, "secretariat"), finder.person(Role.SECRETARIAT, "computer")],
        committee=finder.person(Role.COMMITTEE, "committee"),
        governor=finder.person(Role.GOVERNOR, "governor"),
        coordinators={
            agency.pk: finder.person(Role.COORDINATOR, f"agency-{agency.code}", agency) for agency in agencies
        },
    )


class _PeopleFinder:
    """Finds the province's made-up people or makes new ones; each is given out once."""

    def __init__(self, province: Province) -> None:
        self.province = province
        current = Membership.objects.current().filter(province=province, user__in=made_up_users(), user__is_active=True)
        permanent = current.filter(delegation=None)  # not what an earlier simulation delegated
        self.memberships = list(permanent.select_related("user").order_by("pk"))
        # One hash for all: the password of a demonstration is known to everybody.
        self.password = make_password(DEMO_PASSWORD) if settings.DEMO else None

    def person(self, role: Role, name: str, agency: Agency | None = None) -> User:
        for membership in self.memberships:
            if membership.role == role and membership.agency_id == (agency.pk if agency else None):
                self.memberships.remove(membership)
                return membership.user
        user = self._user(name, str(role.label) if agency is None else f"ผู้ประสานงาน {agency.name_th}")
        grant_role(by=None, user=user, role=role, province=self.province, agency=agency)
        return user

    def _user(self, name: str, last_name: str) -> User:
        email = f"{name}@{self.province.code}.example.org".lower()
        known = User.objects.filter(email=email).first()
        if known is not None:
            if not known.is_active or not made_up_users().filter(pk=known.pk).exists():
                raise AddressTaken(email)
            return known
        user = User.objects.create_user(email, first_name=FIRST_NAME, last_name=last_name[:100])
        if self.password:
            user.password = self.password
            user.save(update_fields=["password"])
        record_account_event(by=None, verb=PLAYED, subject=user, province=self.province)
        return user
