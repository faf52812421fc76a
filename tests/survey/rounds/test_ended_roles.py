"""Roles and stand-ins that end by their date, or with what they hang on, are told once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import Membership, User
from accounts.roles import Role
from survey import tasks
from survey.contributing.stand_ins import finish_stand_in, name_stand_in
from survey.models import Letter, Notice
from survey.rounds.ended_roles import tell_ended_roles
from tests.assigned import Assigned, make_assigned
from tests.people import People


def after(days: int) -> datetime:
    return timezone.now() + timedelta(days=days)


def give(people: People, days: int = 0, first: int = -9) -> Membership:
    """A role of the committee whose last day is so many days from today."""
    today = timezone.localdate()
    dates = {"valid_from": today + timedelta(days=first), "valid_to": today + timedelta(days=days)}
    admin = people.who(Role.PROVINCE_ADMIN)
    return accounts.grant_role(by=admin, user=people.nobody, role=Role.COMMITTEE, province=people.a, **dates)


def letters(user: User) -> list[Letter]:
    return list(Letter.objects.filter(user=user, key__startswith="role-end:"))


def test_a_role_that_ended_is_told_the_day_after(people: People, settings: object) -> None:
    give(people, days=-1)
    assert tell_ended_roles(after(-1)) == 0
    assert tell_ended_roles() == 1
    assert tell_ended_roles() == 0
    [letter] = letters(people.nobody)
    assert letter.subject == "บทบาทของท่านในระบบ dgready สิ้นสุดแล้ว"
    for words in ("กรรมการ PCIO", "จังหวัดเอ", "ครบกำหนดเมื่อสิ้นวันที่", "ไม่มีบทบาทในระบบ"):
        assert words in letter.body
    assert "ถูกยกเลิก" not in letter.body
    assert Notice.objects.get(user=people.nobody, kind="role").mailed_at is not None


def test_a_machine_that_was_off_tells_later_but_not_of_old_times(people: People) -> None:
    give(people, days=-5)
    assert tell_ended_roles() == 1
    Letter.objects.all().delete()
    assert tell_ended_roles(after(20)) == 0


def test_a_role_that_goes_on_or_was_withdrawn_is_not_told(people: People) -> None:
    ended = give(people, days=-1)
    going_on = give(people, days=9, first=0)
    assert tell_ended_roles() == 0
    Membership.objects.filter(pk=going_on.pk).update(active=False)
    Membership.objects.filter(pk=ended.pk).update(active=False)
    assert tell_ended_roles() == 0


def test_closed_accounts_are_not_told_of_roles(people: People) -> None:
    give(people, days=-1)
    User.objects.filter(pk=people.nobody.pk).update(is_active=False)
    assert tell_ended_roles() == 0


def test_the_morning_task_tells(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    give(people, days=-1)
    monkeypatch.setattr(tasks, "DAILY_FROM_HOUR", 0)
    tasks.send_daily_reminders()
    assert len(letters(people.nobody)) == 1


# -- stand-ins ------------------------------------------------------------------------------------


@pytest.fixture
def world(people: People) -> Assigned:
    return make_assigned(people)


def stand_in(world: Assigned, last: int = 1) -> Membership:
    """The committee's member stands in for the coordinator of a1 from today on."""
    coordinator = world.coordinator.memberships.get()
    user = world.people.who(Role.COMMITTEE)
    return name_stand_in(
        by=world.secretariat, coordinator=coordinator, user=user, first=world.day(0), last=world.day(last)
    )


def told(membership: Membership) -> set[int]:
    return set(Notice.objects.filter(key=f"stand_in.end:{membership.pk}").values_list("user", flat=True))


def test_a_stand_in_that_ended_by_its_date_is_told_to_all_concerned(world: Assigned) -> None:
    made = stand_in(world)
    assert tell_ended_roles(after(1)) == 0
    assert tell_ended_roles(after(2)) == 1
    assert tell_ended_roles(after(3)) == 0
    assert {made.user_id, world.coordinator.pk, world.secretariat.pk} <= told(made)
    letter = Letter.objects.get(user=made.user, key__startswith=f"at-once:stand_in.end:{made.pk}")
    assert "ยุติแล้ว" in letter.subject


def test_a_stand_in_ends_with_its_coordinator(world: Assigned) -> None:
    made = stand_in(world, last=30)
    accounts.revoke_role(by=world.people.who(Role.PROVINCE_ADMIN), membership=world.coordinator.memberships.get())
    assert tell_ended_roles() == 1
    assert made.user_id in told(made)


def test_a_stand_in_ended_by_hand_is_told_once(world: Assigned) -> None:
    made = stand_in(world)
    finish_stand_in(by=world.secretariat, membership=made)
    assert tell_ended_roles(after(5)) == 0
    assert Letter.objects.filter(key__startswith=f"at-once:stand_in.end:{made.pk}", user=made.user).count() == 1
