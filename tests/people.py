"""The people of the test world: one per role in two provinces, coordinators in three agencies."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from accounts.models import Agency, Province, User
from accounts.roles import CENTRAL_ROLES, PROVINCE_ROLES, Role
from tests.factories import AgencyFactory, MembershipFactory, ProvinceFactory, UserFactory
from tests.kept_worlds import kept


@dataclass
class People:
    """Provinces a and b, agencies a1 and a2 (in a) and b1 (in b), and who works there.

    `people.who(Role.SECRETARIAT)` is province a's, `people.who(Role.GOVERNOR, "b")` is b's,
    `people.who(Role.COORDINATOR, "a2")` is of agency a2, `people.nobody` has no role.
    """

    a: Province
    b: Province
    a1: Agency
    a2: Agency
    b1: Agency
    nobody: User
    _users: dict[tuple[Role, str], User] = field(default_factory=dict)

    def who(self, role: Role, place: str = "") -> User:
        """The person with that role; place a (or agency a1) unless given."""
        if role in CENTRAL_ROLES:
            place = "-"
        return self._users[role, place or ("a1" if role is Role.COORDINATOR else "a")]

    def everyone(self) -> Iterator[tuple[str, User]]:
        """All of them with a short name for messages, the one without a role last."""
        for (role, place), user in self._users.items():
            yield f"{role.value}:{place}", user
        yield "nobody", self.nobody


@kept
def make_people() -> People:
    """Build the world; needs the database."""
    a = ProvinceFactory(code="TH-91", name_th="จังหวัดเอ", name_en="Alpha")
    b = ProvinceFactory(code="TH-92", name_th="จังหวัดบี", name_en="Beta")
    a1, a2 = AgencyFactory(province=a, code="A1"), AgencyFactory(province=a, code="A2")
    b1 = AgencyFactory(province=b, code="B1")
    people = People(a, b, a1, a2, b1, nobody=UserFactory(email="nobody@example.org"))

    def add(role: Role, place: str, **post: object) -> None:
        user = UserFactory(email=f"{role.value}.{place.strip('-') or 'all'}@example.org")
        MembershipFactory(user=user, role=role, **post)
        people._users[role, place] = user

    for role in sorted(CENTRAL_ROLES):
        add(role, "-", province=None)
    for place, province in (("a", a), ("b", b)):
        for role in sorted(PROVINCE_ROLES):
            add(role, place, province=province)
    for place, agency in (("a1", a1), ("a2", a2), ("b1", b1)):
        add(Role.COORDINATOR, place, agency=agency)
    return people
