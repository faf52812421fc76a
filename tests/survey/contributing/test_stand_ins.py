"""A coordinator on leave has a stand-in: for some days, never more than the coordinator has, and ended by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts import actions as accounts
from accounts.actions import NotAllowed, RefusedError
from accounts.models import AccountEvent, Membership, User
from accounts.roles import Capability as C  # noqa: N817
from accounts.roles import Role
from survey.contributing.stand_ins import finish_stand_in, name_stand_in
from survey.models import Event, Letter, Notice
from survey.notices import recipients
from survey.verifying import verify
from tests.assigned import Assigned
from tests.factories import MembershipFactory


def own(world: Assigned) -> Membership:
    return Membership.objects.get(user=world.coordinator, stands_in_for=None)


def helper(world: Assigned) -> User:
    """The committee's member, who has an account in the province."""
    return world.people.who(Role.COMMITTEE)


def name(
    world: Assigned, by: User | None = None, user: User | None = None, days: tuple[int, int] = (0, 2)
) -> Membership:
    return name_stand_in(
        by=by or world.coordinator,
        coordinator=own(world),
        user=user or helper(world),
        first=world.day(days[0]),
        last=world.day(days[1]),
    )


def works(world: Assigned, user: User, days: int = 0) -> bool:
    """Whether the person works for agency a1 on a day from now."""
    day = timezone.localdate() + timedelta(days=days)
    return Membership.objects.current(day).filter(user=user, agency=world.people.a1).exists()


def test_a_stand_in_works_for_the_agency_in_those_days_only(world: Assigned) -> None:
    user = helper(world)
    name(world, days=(1, 2))
    assert [works(world, user, n) for n in range(4)] == [False, True, True, False]
    name_days = AccountEvent.objects.get(verb="stand_in").data["after"]
    assert name_days["stands_in_for"] == world.coordinator.pk
    told = Event.objects.get(verb="stand_in.name")
    assert told.response.agency == world.people.a1
    assert told.by == world.coordinator
    assert verify.verify_journal().ok


def test_a_stand_in_hands_in_a_part(world: Assigned) -> None:
    user = helper(world)
    name(world)
    world.answer("T1", {"T1": "none", "T1.1": "เหตุผล"})
    fresh = User.objects.get(pk=user.pk)
    assert world.move("submit", by=fresh).state_by == user
    assert user in recipients.agency_coordinators(world.people.a1.pk)


def test_never_more_than_the_coordinator_has(world: Assigned) -> None:
    user, mine = helper(world), own(world)
    name(world)
    fresh = User.objects.get(pk=user.pk)
    caps = {c for c in C if fresh.has(c, province_id=world.people.a.pk, agency_id=world.people.a2.pk)}
    assert C.CONTRIBUTION_EDIT not in caps
    assert works(world, user)
    accounts.revoke_role(by=world.people.who(Role.PROVINCE_ADMIN), membership=mine)
    assert not works(world, user)
    Membership.objects.filter(pk=mine.pk).update(active=True)
    User.objects.filter(pk=world.coordinator.pk).update(is_active=False)
    assert not works(world, user)
    User.objects.filter(pk=world.coordinator.pk).update(is_active=True)
    Membership.objects.filter(pk=mine.pk).update(valid_to=world.day(-1))
    assert not works(world, user)


def test_who_may_name_one_and_whom(world: Assigned) -> None:
    name(world, by=world.secretariat, days=(1, 1))
    for by in (world.people.who(Role.COORDINATOR, "a2"), world.people.who(Role.GOVERNOR), helper(world)):
        with pytest.raises(NotAllowed):
            name(world, by=by, days=(3, 4))
    faults = {
        "ผู้ใช้ของจังหวัดนี้": {"user": world.people.who(Role.COMMITTEE, "b")},
        "อยู่แล้ว": {"user": world.coordinator},
        "ผ่านไปแล้ว": {"days": (-3, -1)},
        "ก่อนวันเริ่มต้น": {"days": (5, 4)},
        "1 ปี": {"days": (5, 900)},
    }
    for words, given in faults.items():
        with pytest.raises(RefusedError, match=words):
            name(world, **given)  # type: ignore[arg-type]
    with pytest.raises(RefusedError, match="อยู่แล้ว"):
        name(world, days=(0, 3))  # overlaps the first
    with pytest.raises(RefusedError, match="ตนเอง"):
        name(world, by=world.secretariat, user=world.secretariat, days=(3, 4))


def test_what_is_lent_is_not_lent_on(world: Assigned) -> None:
    lent = name(world)
    with pytest.raises(RefusedError, match="ตัวจริง"):
        accounts.appoint_stand_in(
            by=world.secretariat,
            membership=lent,
            user=world.people.who(Role.COORDINATOR, "a2"),
            valid_from=world.day(0),
            valid_to=world.day(1),
        )
    with pytest.raises(NotAllowed):
        name(world, by=User.objects.get(pk=helper(world).pk), user=world.secretariat, days=(0, 1))


def test_only_within_the_coordinators_own_days(world: Assigned) -> None:
    Membership.objects.filter(pk=own(world).pk).update(valid_to=world.day(1))
    with pytest.raises(RefusedError, match="เกินช่วง"):
        name(world)
    assert name(world, days=(0, 1)).valid_to == world.day(1)


def test_everybody_concerned_is_told_at_once(world: Assigned) -> None:
    row = name(world)
    assert Notice.objects.filter(kind="stand_in", user=helper(world)).count() == 1
    assert set(Notice.objects.filter(kind="stand_in.for").values_list("user", flat=True)) == {
        u.pk for u in recipients.users_with_capability(world.people.a.pk, C.ASSIGN)
    }
    assert Letter.objects.filter(user=helper(world)).exists()
    finish_stand_in(by=world.secretariat, membership=row)
    assert not works(world, helper(world))
    assert {world.coordinator.pk, helper(world).pk} <= set(
        Notice.objects.filter(kind="stand_in.end").values_list("user", flat=True)
    )
    assert Event.objects.filter(verb="stand_in.end").exists()


# -- pages ------------------------------------------------------------------------------------------


def page(world: Assigned) -> str:
    return f"/p/{world.people.a.code}/stand-ins/A1/"


def typed(world: Assigned, **more: Any) -> dict[str, Any]:
    day = timezone.localdate()
    text = f"{day.day}/{day.month}/{day.year + 543}"
    return {"coordinator": own(world).pk, "person": helper(world).pk, "first": text, "last": text, **more}


def test_the_coordinator_names_and_ends_one_on_the_page(world: Assigned, client: Client) -> None:
    client.force_login(world.coordinator)
    assert page(world) in client.get(world.base + "desk/").content.decode()
    assert client.get(page(world)).status_code == 200
    refused = client.post(page(world), typed(world, person=""))
    assert refused.status_code == 422
    assert client.post(page(world), typed(world)).status_code == 302
    row = Membership.objects.get(stands_in_for=own(world))
    text = client.get(page(world)).content.decode()
    assert helper(world).get_full_name() in text
    assert client.post(f"{page(world)}{row.pk}/end/").status_code == 302
    assert not works(world, helper(world))
    assert client.get(f"{page(world)}{row.pk}/end/").status_code == 404


def test_a_stand_in_sees_the_page_and_names_nobody(world: Assigned, client: Client) -> None:
    row = name(world)
    client.force_login(User.objects.get(pk=helper(world).pk))
    text = client.get(page(world)).content.decode()
    assert 'name="person"' not in text
    assert client.post(page(world), typed(world)).status_code == 200
    assert client.get(f"{page(world)}{row.pk}/end/").status_code == 404
    assert client.get(world.base + "desk/").status_code == 200


def test_the_secretariat_chooses_between_coordinators(world: Assigned, client: Client) -> None:
    second = MembershipFactory(agency=world.people.a1, role=Role.COORDINATOR)
    client.force_login(world.secretariat)
    assert page(world) in client.get(world.base + "board/A1/").content.decode()
    assert f'value="{second.pk}"' in client.get(page(world)).content.decode()
    assert client.post(page(world), typed(world, coordinator=second.pk)).status_code == 302
    assert Membership.objects.get(stands_in_for=second).user == helper(world)
    client.force_login(world.people.who(Role.COORDINATOR, "a2"))
    assert client.get(page(world)).status_code == 404
