"""Who may give which role, and to whom."""

import pytest

from accounts.access import may_grant_role, may_manage_user
from accounts.roles import (
    Role,
    grantable_capabilities,
)
from tests.factories import MembershipFactory, UserFactory
from tests.people import People


def test_only_administrators_confer() -> None:
    assert {role for role in Role if grantable_capabilities(role)} == {Role.CENTRAL_ADMIN, Role.PROVINCE_ADMIN}


def offered(people: People, role: Role, place: str = "a") -> set[Role]:
    target = None if place == "-" else getattr(people, place).pk
    return {r for r in Role if may_grant_role(people.who(role), r, target)}


def test_central_admin_may_give_everything_everywhere(people: People) -> None:
    assert offered(people, Role.CENTRAL_ADMIN, "a") == set(Role)
    assert offered(people, Role.CENTRAL_ADMIN, "-") == set(Role)


def test_province_admin_gives_only_what_they_hold(people: People) -> None:
    expected = {Role.PROVINCE_ADMIN, Role.SECRETARIAT, Role.COORDINATOR, Role.COMMITTEE}
    assert offered(people, Role.PROVINCE_ADMIN, "a") == expected
    assert offered(people, Role.PROVINCE_ADMIN, "b") == set()
    assert offered(people, Role.PROVINCE_ADMIN, "-") == set()


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.COORDINATOR, Role.COMMITTEE, Role.GOVERNOR])
def test_others_give_nothing(people: People, role: Role) -> None:
    assert offered(people, role) == set()


def test_admin_and_governor_in_one_person_may_not_name_another_governor(people: People) -> None:
    # The governor's own capabilities are held to be used, not to be given.
    user = people.who(Role.PROVINCE_ADMIN)
    MembershipFactory(user=user, role=Role.GOVERNOR, province=people.a)
    user.forget_grants()
    assert not may_grant_role(user, Role.GOVERNOR, people.a.pk)


def test_whom_one_may_manage(people: People) -> None:
    admin, central = people.who(Role.PROVINCE_ADMIN), people.who(Role.CENTRAL_ADMIN)
    assert may_manage_user(admin, people.who(Role.SECRETARIAT))
    assert not may_manage_user(admin, admin)
    assert not may_manage_user(admin, central)
    assert not may_manage_user(admin, people.who(Role.GOVERNOR))
    assert not may_manage_user(admin, people.who(Role.SECRETARIAT, "b"))
    assert may_manage_user(central, people.who(Role.GOVERNOR))
    assert may_manage_user(central, people.nobody)
    assert not may_manage_user(admin, people.nobody)


def test_somebody_who_also_works_elsewhere_is_out_of_reach(people: People) -> None:
    user = UserFactory()
    MembershipFactory(user=user, role=Role.COMMITTEE, province=people.a)
    MembershipFactory(user=user, role=Role.COMMITTEE, province=people.b)
    assert not may_manage_user(people.who(Role.PROVINCE_ADMIN), user)
    assert may_manage_user(people.who(Role.CENTRAL_ADMIN), user)
