"""The sample people of the demonstration: one per role, their password printed on the sign-in page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from accounts.models import Agency, Membership, Province, User
from accounts.roles import AGENCY_ROLES, CENTRAL_ROLES, Role

# Not a secret: it only exists where settings.DEMO shows it to everybody.
DEMO_PASSWORD: Final = "sawasdee-dgready"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A sample person; `agency` is the code of a coordinator's agency."""

    email: str
    first_name: str
    last_name: str
    role: Role
    agency: str = ""


DEMO_PEOPLE: Final = (
    DemoPerson("secretariat@example.org", "ฝ่ายเลขานุการ", "(ตัวอย่าง)", Role.SECRETARIAT),
    DemoPerson("governor@example.org", "ผู้ว่าราชการจังหวัด", "(ตัวอย่าง)", Role.GOVERNOR),
    DemoPerson("committee@example.org", "กรรมการ", "(ตัวอย่าง)", Role.COMMITTEE),
    DemoPerson("coordinator@example.org", "ผู้ประสานงาน", "(ตัวอย่าง)", Role.COORDINATOR, "PH"),
    DemoPerson("admin@example.org", "ผู้ดูแลจังหวัด", "(ตัวอย่าง)", Role.PROVINCE_ADMIN),
    DemoPerson("central@example.org", "ผู้ดูแลส่วนกลาง", "(ตัวอย่าง)", Role.CENTRAL_ADMIN),
)


@transaction.atomic
def create_people(*, province: Province, agencies: Iterable[Agency]) -> list[User]:
    """Make the sample people with their roles, idempotent; raises KeyError without agency PH."""
    by_code = {agency.code: agency for agency in agencies}
    made = []
    for person in DEMO_PEOPLE:
        user = User.objects.filter(email=person.email).first()
        if user is None:
            names = {"first_name": person.first_name, "last_name": person.last_name}
            user = User.objects.create_user(person.email, DEMO_PASSWORD, **names)
        Membership.objects.get_or_create(
            user=user,
            role=person.role,
            province=None if person.role in CENTRAL_ROLES else province,
            agency=by_code[person.agency] if person.role in AGENCY_ROLES else None,
            active=True,
        )
        made.append(user)
    return made


def sign_ins() -> list[DemoPerson]:
    """The sample people that exist here, in the order of DEMO_PEOPLE."""
    emails = [person.email for person in DEMO_PEOPLE]
    present = set(User.objects.filter(email__in=emails, is_active=True).values_list("email", flat=True))
    return [person for person in DEMO_PEOPLE if person.email in present]
