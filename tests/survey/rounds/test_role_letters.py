"""Roles are told by letter: granted, withdrawn, changed; and what an agency was given before somebody came."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import User
from accounts.roles import Role
from survey import tasks
from survey.models import Letter, Notice
from survey.notices import delivery
from survey.rounds.newcomers import tell_newcomer
from survey.rounds.role_letters import write_role_letters
from tests.assigned import Assigned, make_assigned
from tests.committee import make_delegation
from tests.factories import UserFactory
from tests.people import People


def soon() -> datetime:
    """After what happens together has settled."""
    return timezone.now() + timedelta(minutes=2)


def letters(user: User) -> list[Letter]:
    return list(Letter.objects.filter(user=user, key__startswith="role:").order_by("pk"))


@pytest.fixture
def admin(people: People) -> User:
    return people.who(Role.PROVINCE_ADMIN)


def test_a_role_given_is_told_with_what_one_may_do_and_from_where(people: People, admin: User) -> None:
    accounts.grant_role(by=admin, user=people.nobody, role=Role.SECRETARIAT, province=people.a)
    assert write_role_letters(timezone.now()) == 0  # what follows at once goes into the same letter
    assert write_role_letters(soon()) == 1
    [letter] = letters(people.nobody)
    assert letter.subject == "ท่านได้รับบทบาทในระบบ dgready"
    for words in ("ฝ่ายเลขานุการ", "จังหวัดเอ", "เสนอผู้ว่าราชการจังหวัด", admin.get_full_name(), "/help/"):
        assert words in letter.body
    assert write_role_letters(soon()) == 0
    assert len(letters(people.nobody)) == 1
    assert Notice.objects.get(user=people.nobody, kind="role").mailed_at is not None


def test_a_role_withdrawn_is_told(people: People, admin: User) -> None:
    user = people.who(Role.COMMITTEE)
    accounts.revoke_role(by=admin, membership=user.memberships.get())
    write_role_letters(soon())
    [letter] = letters(user)
    assert letter.subject == "บทบาทของท่านในระบบ dgready ถูกยกเลิก"
    assert "กรรมการ PCIO" in letter.body
    assert "ไม่มีบทบาทในระบบ" in letter.body


def test_a_role_taken_and_another_given_is_one_change(people: People, admin: User) -> None:
    user = people.who(Role.COMMITTEE)
    accounts.revoke_role(by=admin, membership=user.memberships.get())
    accounts.grant_role(by=admin, user=user, role=Role.SECRETARIAT, province=people.a)
    assert write_role_letters(soon()) == 1
    [letter] = letters(user)
    assert letter.subject == "บทบาทของท่านในระบบ dgready เปลี่ยนแปลง"
    assert letter.body.index("ฝ่ายเลขานุการ") < letter.body.index("กรรมการ PCIO")


def test_given_and_withdrawn_at_once_is_nothing(people: People, admin: User) -> None:
    membership = accounts.grant_role(by=admin, user=people.nobody, role=Role.COMMITTEE, province=people.a)
    accounts.revoke_role(by=admin, membership=membership)
    assert write_role_letters(soon()) == 0
    assert letters(people.nobody) == []


def test_a_later_change_is_another_letter(people: People, admin: User) -> None:
    membership = accounts.grant_role(by=admin, user=people.nobody, role=Role.COMMITTEE, province=people.a)
    write_role_letters(soon())
    accounts.revoke_role(by=admin, membership=membership)
    write_role_letters(soon())
    first, second = letters(people.nobody)
    assert "ถูกยกเลิก" not in first.subject
    assert "ถูกยกเลิก" in second.subject


def test_an_agency_switched_off_and_on_tells_its_coordinators(people: People, admin: User) -> None:
    user = people.who(Role.COORDINATOR)
    accounts.set_agency_active(by=admin, agency=people.a1, active=False)
    write_role_letters(soon())
    assert "หน่วยงานถูกปิดใช้งาน" in letters(user)[0].body
    accounts.set_agency_active(by=admin, agency=people.a1, active=True)
    write_role_letters(soon())
    assert letters(user)[1].subject == "ท่านได้รับบทบาทในระบบ dgready"
    assert letters(people.who(Role.COORDINATOR, "a2")) == []


def test_a_delegation_has_its_own_letter_only(people: People, tmp_path: Path) -> None:
    delegation = make_delegation(people, tmp_path)
    write_role_letters(soon())
    assert letters(delegation.delegate) == []


def test_old_events_and_closed_accounts_get_none(people: People, admin: User) -> None:
    accounts.grant_role(by=admin, user=people.nobody, role=Role.COMMITTEE, province=people.a)
    assert write_role_letters(timezone.now() + timedelta(days=3)) == 0
    User.objects.filter(pk=people.nobody.pk).update(is_active=False)
    assert write_role_letters(soon()) == 0


def test_the_letter_speaks_the_persons_language(people: People, admin: User) -> None:
    user = UserFactory(language="en", first_name="New", last_name="Person")
    accounts.grant_role(by=admin, user=user, role=Role.COMMITTEE, province=people.a)
    write_role_letters(soon())
    [letter] = letters(user)
    assert letter.subject == "You have been given a role in dgready"


def test_the_minutely_task_writes_them(
    people: People, admin: User, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[object]
) -> None:
    accounts.grant_role(by=admin, user=people.nobody, role=Role.COMMITTEE, province=people.a)
    monkeypatch.setattr("survey.rounds.role_letters.SETTLING", timedelta(0))
    tasks.send_letters()
    delivery.send_due_letters()
    assert [letter.sent_at is not None for letter in letters(people.nobody)] == [True]


# -- what was given before ------------------------------------------------------------------------


@pytest.fixture
def world(people: People) -> Assigned:
    return make_assigned(people)


def test_who_joins_later_gets_the_parts_the_day_and_the_days_left(world: Assigned) -> None:
    world.due(11)
    admin = world.people.who(Role.PROVINCE_ADMIN)
    user = world.people.nobody
    accounts.grant_role(by=admin, user=user, role=Role.COORDINATOR, province=world.people.a, agency=world.people.a1)
    write_role_letters(soon())
    [letter] = letters(user)
    for words in ("ได้รับมอบหมายไว้แล้ว 2 ส่วน", "- 1.1\n", "- T8\n", "อีก 11 วัน", f"{world.base}desk/?agency=A1"):
        assert words in letter.body
    notice = Notice.objects.get(user=user, kind="assignment.joined")
    assert notice.data["what"] == "1.1, T8"
    assert notice.mailed_at is not None


def test_who_was_told_of_the_assignment_is_not_told_again(world: Assigned) -> None:
    assert tell_newcomer(user=world.coordinator) == []
    assert not Notice.objects.filter(kind="assignment.joined").exists()


def test_parts_handed_in_are_not_told(world: Assigned) -> None:
    world.submitted()
    user = world.people.nobody
    accounts.grant_role(by=None, user=user, role=Role.COORDINATOR, province=world.people.a, agency=world.people.a1)
    [given] = tell_newcomer(user=user)
    assert given.names == ("T8",)
    assert len(tell_newcomer(user=user)) == 1
    assert Notice.objects.filter(user=user).count() == 1
