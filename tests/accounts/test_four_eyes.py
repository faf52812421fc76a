"""Four eyes in roles: nobody is given a role to write a province's answer and one to approve it."""

from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from itertools import product
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.actions import FourEyesRefused
from accounts.models import Invitation, Membership, Province, User
from accounts.roles import AGENCY_ROLES, CENTRAL_ROLES, PROVINCE_ROLES, Role, roles_break_four_eyes
from accounts.separation import find_role_conflicts
from tests.factories import MembershipFactory, UserFactory
from tests.people import People

pytestmark = pytest.mark.slow

# Written down once more on purpose: the capabilities are not their own judge.
BROKEN = {frozenset({Role.SECRETARIAT, Role.GOVERNOR})}
WHY = "ผู้กรอกหรือเสนอคำตอบต้องไม่ใช่ผู้อนุมัติ"

Give = Callable[[People, User, Role, Province], Any]


def place(people: People, role: Role, province: Province) -> dict[str, Any]:
    """Where a role is held in a province."""
    agency = (people.a1 if province == people.a else people.b1) if role in AGENCY_ROLES else None
    return {"role": role, "province": None if role in CENTRAL_ROLES else province, "agency": agency}


def grant(people: People, user: User, role: Role, province: Province) -> None:
    actions.grant_role(by=None, user=user, **place(people, role, province))


def invite(people: People, user: User, role: Role, province: Province) -> None:
    _, token = actions.invite_user(by=None, email=user.email, **place(people, role, province))
    actions.accept_invitation(by=user, token=token)


def accept_an_older_invitation(people: People, user: User, role: Role, province: Province) -> None:
    """The invitation was sent before the other role was given."""
    held = Membership.objects.filter(user=user)
    held.update(active=False)
    _, token = actions.invite_user(by=None, email=user.email, **place(people, role, province))
    held.update(active=True)
    actions.accept_invitation(by=user, token=token)


@pytest.mark.any_database
@pytest.mark.parametrize("give", [grant, invite, accept_an_older_invitation])
@pytest.mark.parametrize(("one", "other"), list(product(Role, Role)))
def test_every_pair_of_roles_in_one_province(give: Give, one: Role, other: Role, people: People) -> None:
    if one is other:
        return
    user = UserFactory()
    grant(people, user, one, people.a)
    broken = frozenset({one, other}) in BROKEN
    assert roles_break_four_eyes(one, other) is broken
    if not broken:
        give(people, user, other, people.a)
        assert Membership.objects.filter(user=user, active=True).count() == 2
        return
    with pytest.raises(FourEyesRefused, match=WHY):
        give(people, user, other, people.a)
    assert list(Membership.objects.filter(user=user, active=True).values_list("role", flat=True)) == [one]


@pytest.mark.any_database
@pytest.mark.parametrize("give", [grant, invite])
@pytest.mark.parametrize(("one", "other"), list(product(sorted(PROVINCE_ROLES), repeat=2)))
def test_every_pair_of_roles_in_two_provinces_is_allowed(give: Give, one: Role, other: Role, people: People) -> None:
    user = UserFactory()
    grant(people, user, one, people.a)
    give(people, user, other, people.b)
    assert Membership.objects.filter(user=user, active=True).count() == 2


@pytest.mark.parametrize(
    ("held", "given", "refused"),
    [
        ((0, 5), (5, 9), True),
        ((0, 5), (6, 9), False),
        ((None, None), (6, 9), True),
        ((-9, -1), (0, None), False),
        ((3, None), (None, 2), False),
        ((3, None), (None, None), True),
    ],
)
def test_roles_meet_only_on_common_days(
    held: tuple[int | None, int | None], given: tuple[int | None, int | None], refused: bool, people: People
) -> None:
    def days(pair: tuple[int | None, int | None]) -> dict[str, date | None]:
        today = timezone.localdate()
        first, last = (None if n is None else today + timedelta(days=n) for n in pair)
        return {"valid_from": first, "valid_to": last}

    user = UserFactory()
    actions.grant_role(by=None, user=user, role=Role.SECRETARIAT, province=people.a, **days(held))
    offer = {"role": Role.GOVERNOR, "province": people.a, **days(given)}
    if refused:
        with pytest.raises(FourEyesRefused):
            actions.grant_role(by=None, user=user, **offer)
    else:
        actions.grant_role(by=None, user=user, **offer)


def test_a_role_that_was_revoked_no_longer_counts(people: People) -> None:
    user = people.who(Role.SECRETARIAT)
    actions.revoke_role(by=None, membership=user.memberships.get())
    actions.grant_role(by=None, user=user, role=Role.GOVERNOR, province=people.a)


def test_two_open_invitations_of_one_address(people: People) -> None:
    offer = {"email": "new@example.org", "province": people.a}
    actions.invite_user(by=None, role=Role.SECRETARIAT, **offer)
    with pytest.raises(FourEyesRefused, match="ถอนคำเชิญเดิมก่อน"):
        actions.invite_user(by=None, role=Role.GOVERNOR, **offer)
    actions.invite_user(by=None, role=Role.GOVERNOR, email="new@example.org", province=people.b)


def test_an_invitation_is_not_sent_again_to_somebody_who_got_the_other_role(people: People) -> None:
    invitation, _ = actions.invite_user(by=None, email=people.nobody.email, role=Role.GOVERNOR, province=people.a)
    MembershipFactory(user=people.nobody, role=Role.SECRETARIAT, province=people.a)
    with pytest.raises(FourEyesRefused):
        actions.resend_invitation(by=people.who(Role.CENTRAL_ADMIN), invitation=invitation)


# -- on the pages ---------------------------------------------------------------------------------


def test_the_grant_page_says_why(client: Client, people: People) -> None:
    client.force_login(people.who(Role.PROVINCE_ADMIN))
    governor = people.who(Role.GOVERNOR)
    page = client.post(reverse("accounts:grant", args=[people.a.code, governor.pk]), {"role": "secretariat"})
    assert page.status_code == 422
    assert WHY in page.content.decode()
    assert governor.memberships.count() == 1


def test_the_invitation_page_says_why(client: Client, people: People) -> None:
    client.force_login(people.who(Role.PROVINCE_ADMIN))
    offer = {"email": people.who(Role.GOVERNOR).email, "role": "secretariat"}
    page = client.post(reverse("accounts:invite", args=[people.a.code]), offer)
    assert page.status_code == 422
    assert WHY in page.content.decode()
    assert not Invitation.objects.exists()


def test_accepting_says_why_to_the_owner_of_the_account(client: Client, people: People) -> None:
    _, token = actions.invite_user(by=None, email=people.nobody.email, role=Role.GOVERNOR, province=people.a)
    MembershipFactory(user=people.nobody, role=Role.SECRETARIAT, province=people.a)
    client.force_login(people.nobody)
    page = client.post(reverse("accounts:invitation", args=[token]))
    assert page.status_code == 422
    assert WHY in page.content.decode()
    assert Invitation.objects.get().used_at is None


def test_commands_refuse_as_the_pages_do(people: People) -> None:
    """A central administrator neither writes nor approves: the command may make anybody one."""
    for role in (Role.GOVERNOR, Role.SECRETARIAT):
        call_command("create_admin", email=people.who(role).email, stdout=StringIO())


# -- roles that were given before there was a rule ------------------------------------------------


@pytest.fixture
def both(people: People) -> User:
    """Somebody with both roles in province a, from before."""
    user = UserFactory(first_name="สมหญิง", last_name="สองบทบาท")
    for role in (Role.SECRETARIAT, Role.GOVERNOR):
        MembershipFactory(user=user, role=role, province=people.a)
    return user


def test_the_administrators_are_shown_who_has_both(client: Client, people: People, both: User) -> None:
    MembershipFactory(user=people.who(Role.SECRETARIAT), role=Role.GOVERNOR, province=people.b)
    found = find_role_conflicts(people.a)
    assert [(c.user, c.writing.role, c.approving.role) for c in found] == [(both, Role.SECRETARIAT, Role.GOVERNOR)]
    assert find_role_conflicts(people.b) == []
    client.force_login(people.who(Role.PROVINCE_ADMIN))
    for url in (
        reverse("accounts:people", args=[people.a.code]),
        reverse("accounts:person", args=[people.a.code, both.pk]),
    ):
        page = client.get(url).content.decode()
        assert "บทบาทที่ต้องแก้ไข" in page
        assert reverse("accounts:person", args=[people.a.code, both.pk]) in page
    client.force_login(people.who(Role.CENTRAL_ADMIN))
    assert "บทบาทที่ต้องแก้ไข" in client.get(reverse("accounts:central-people")).content.decode()
    client.force_login(people.who(Role.PROVINCE_ADMIN, "b"))
    page = client.get(reverse("accounts:people", args=[people.b.code])).content.decode()
    assert "บทบาทที่ต้องแก้ไข" not in page


def test_it_is_mended_by_revoking_one(people: People, both: User) -> None:
    actions.revoke_role(by=None, membership=both.memberships.get(role=Role.SECRETARIAT))
    assert find_role_conflicts(people.a) == []
    assert find_role_conflicts(None) == []
