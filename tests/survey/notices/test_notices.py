"""Being told: once each, by the right people, a digest a day, and deadlines whatever one has stopped."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.roles import Capability, Role
from survey import tasks
from survey.assigning import actions as assignments
from survey.assigning.actions import AssignmentTerms
from survey.assigning.assignment_list import AssignmentEntry
from survey.assigning.list_actions import apply_assignment_list
from survey.assigning.reassigning import reassign_parts
from survey.assigning.targets import AssignmentTarget
from survey.contributing import actions as parts
from survey.models import Assignment, Chore, Letter, MailChoice, Notice
from survey.notices import actions as notices
from survey.notices import notice_texts
from survey.notices import recipients as audience
from survey.rounds import actions as rounds
from survey.rounds import daily_letters, deadlines
from survey.rounds.daily_letters import _write_letter, write_daily_letters
from survey.workflow.refusal import TransitionRefused
from tests.assigned import Assigned, make_assigned
from tests.factories import UserFactory
from tests.people import People, make_people
from tests.survey.approval.test_workflow_races import at_once
from tests.survey.notices.told import morning, tell, told

# -- one thing is told once -----------------------------------------------------------------------


@pytest.mark.django_db
def test_a_key_is_told_once_to_each_and_not_to_who_did_it() -> None:
    one, two, doer = UserFactory(), UserFactory(), UserFactory()
    given: dict[str, Any] = {"kind": "assignment", "key": "k", "data": {"what": "P1.1"}, "at_once": True}
    assert notices.notify(users=[one, one, doer], but=doer, **given) == 1
    assert notices.notify(users=[one, two, doer], but=doer, **given) == 1
    assert told("assignment") == {one, two}
    assert Letter.objects.count() == 2


@pytest.mark.django_db
def test_what_did_not_happen_is_not_told() -> None:
    user = UserFactory()
    with transaction.atomic():
        notices.notify(users=[user], kind="assignment", key="k", at_once=True)
        transaction.set_rollback(True)
    assert not Notice.objects.exists()
    assert not Letter.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_told_by_several_at_the_same_time() -> None:
    user = UserFactory()
    at_once(*[lambda: notices.notify(users=[user], kind="assignment", key="k", at_once=True)] * 4)
    assert (Notice.objects.count(), Letter.objects.count()) == (1, 1)


# -- the steps of parts ---------------------------------------------------------------------------


def test_each_step_of_a_part_tells_whoever_has_the_next_one(world: Assigned) -> None:
    office = set(audience.users_with_capability(world.people.a.pk, Capability.ASSIGN))
    assert {world.secretariat, world.people.who(Role.PROVINCE_ADMIN)} <= office
    world.submitted()
    assert told("part.submit") == office
    world.move("return", reason="ขอฉบับลงนาม")
    assert told("part.return") == {world.coordinator}
    back = Notice.objects.get(kind="part.return")
    assert back.data["reason"] == "ขอฉบับลงนาม"
    assert back.url == f"{world.base}desk/?agency=A1#part-{world.part().pk}"
    world.move("submit")
    assert Notice.objects.filter(kind="part.submit", user=world.secretariat).count() == 2
    world.move("withdraw")
    assert told("part.withdraw") == office
    world.move("decline", reason="ไม่มีภารกิจ")
    assert told("part.decline") == office
    world.move("reopen")
    assert told("part.reopen") == {world.coordinator}
    world.move("submit")
    world.move("accept")
    assert told("part.accept") == {world.coordinator}


def test_a_refused_step_tells_nobody(world: Assigned) -> None:
    with pytest.raises(TransitionRefused):
        world.move("return", reason="ยังไม่ส่ง")
    assert not Notice.objects.exists()


def test_many_parts_accepted_at_once_are_one_notice(world: Assigned) -> None:
    first = world.submitted()
    second = world.move("nothing", world.part(name="T8"), reason="ไม่มี")
    assert parts.accept_parts(by=world.secretariat, parts=[first, second]) == 2
    assert Notice.objects.get(kind="part.accept").data["what"] == "1.1, T8"


def test_giving_parts_out_is_told_once_per_agency(world: Assigned) -> None:
    agencies = [world.people.a1, world.people.a2]
    entries = [
        AssignmentEntry(a.code, AssignmentTarget(question=q), "R") for a in agencies for q in ("T7", "T5.2") if a and q
    ]
    apply_assignment_list(by=world.secretariat, round_=world.round, entries=entries, replace=False)
    assert told("assignment") == {world.coordinator, world.people.who(Role.COORDINATOR, "a2")}
    assert Notice.objects.filter(kind="assignment").count() == 2
    assert {n.data["what"] for n in Notice.objects.filter(kind="assignment")} == {"T7, T5.2"}
    world.give(world.people.a1, AssignmentTarget("2.1"))
    assert Notice.objects.filter(kind="assignment", user=world.coordinator).count() == 2


def test_a_list_that_changes_takes_and_moves_days_tells_of_each(world: Assigned) -> None:
    day = world.day(2)
    entries = [
        AssignmentEntry("A1", AssignmentTarget("1.1"), "R", due=day),
        AssignmentEntry("A1", AssignmentTarget(question="T8"), "R"),
    ]
    apply_assignment_list(by=world.secretariat, round_=world.round, entries=entries, replace=True)
    mine = {n.kind: n.data["what"] for n in Notice.objects.filter(user=world.coordinator)}
    assert mine == {"assignment.due": "1.1", "assignment.change": "T8", "assignment.remove": "T4"}
    assert Notice.objects.get(kind="assignment.due").data["day"] == day.isoformat()
    assert told("assignment.remove") == {world.coordinator, world.people.who(Role.COORDINATOR, "a2")}


def test_one_assignment_changed_or_taken(world: Assigned) -> None:
    part = world.part()
    assignments.change_assignment(by=world.secretariat, assignment=part, terms=AssignmentTerms("R", due=world.day(3)))
    assert [n.kind for n in Notice.objects.all()] == ["assignment.due"]
    assignments.change_assignment(
        by=world.secretariat, assignment=world.part(), terms=AssignmentTerms("R", due=world.day(3))
    )
    assert Notice.objects.count() == 1  # nothing changed, nobody told
    assignments.change_assignment(by=world.secretariat, assignment=world.part(), terms=AssignmentTerms("S", due=None))
    assert Notice.objects.filter(kind="assignment.due").count() == 2
    assert told("assignment.change") == {world.coordinator}
    assignments.remove_assignment(by=world.secretariat, assignment=world.part())
    assert told("assignment.remove") == {world.coordinator}


def test_reassigning_tells_both_agencies(world: Assigned) -> None:
    moving = [world.part(), world.part(name="T8")]
    reassign_parts(by=world.secretariat, round_=world.round, moving=moving, to=world.people.a2)
    assert told("assignment") == {world.people.who(Role.COORDINATOR, "a2")}
    assert told("assignment.remove") == {world.coordinator}


def test_dates_of_the_round_are_told_to_whom_they_bind(world: Assigned) -> None:
    admin = world.people.who(Role.PROVINCE_ADMIN)
    dates = {name: getattr(world.round, name) for name in rounds.DATE_FIELDS}
    for name in ("agency_due", "committee_on", "closes_at"):
        dates[name] += timedelta(days=1)
    rounds.change_round_dates(by=admin, round_=world.round, dates=dates)
    assert told("round.agency_due") == {world.coordinator, world.people.who(Role.COORDINATOR, "a2")}
    assert world.people.who(Role.COMMITTEE) in told("round.committee_on")
    assert {world.secretariat, world.people.who(Role.GOVERNOR)} <= told("round.closes_at")
    assert not told("round.closes_at") & {world.coordinator, world.people.who(Role.COMMITTEE)}
    assert not Notice.objects.filter(user__memberships__province=world.people.b).exists()


# -- days before and after ------------------------------------------------------------------------


def test_word_before_on_and_after_the_day(world: Assigned) -> None:
    world.due(7)
    days = [n for n in range(9) if deadlines.create_deadline_notices(morning(n), only=world.round)]
    mine = Notice.objects.filter(user=world.coordinator, kind="part.due")
    assert sorted(n.data["days"] for n in mine) == [0, 1, 3, 7]
    assert days[-1] == 8  # the day after
    assert Notice.objects.filter(user=world.coordinator, kind="part.overdue").count() == 1
    for n in range(12):
        deadlines.create_deadline_notices(morning(n), only=world.round)
    assert Notice.objects.filter(user=world.coordinator, kind="part.due").count() == 4
    assert Notice.objects.filter(user=world.coordinator, kind="part.overdue").count() == 1


def test_who_has_handed_in_is_not_reminded(world: Assigned) -> None:
    world.due(3)
    world.submitted()
    world.move("decline", world.part(name="T8"), reason="ไม่มี")
    deadlines.create_deadline_notices(morning())
    assert told("part.due") == {world.people.who(Role.COORDINATOR, "a2")}


def test_the_end_of_the_round_and_meetings_are_told_beforehand(world: Assigned) -> None:
    closes = timezone.localdate(world.round.closes_at)
    deadlines.create_deadline_notices(morning((closes - timezone.localdate()).days - 3))
    assert {world.secretariat, world.people.who(Role.GOVERNOR)} <= told("closing")
    assert not told("closing") & {world.coordinator, world.people.who(Role.COMMITTEE)}


# -- by the clock ---------------------------------------------------------------------------------


def at(monkeypatch: pytest.MonkeyPatch, when: datetime) -> None:
    monkeypatch.setattr(timezone, "now", lambda: when)


def test_the_morning_comes_once_and_not_before_seven(world: Assigned, monkeypatch: pytest.MonkeyPatch) -> None:
    world.due(3)
    at(monkeypatch, morning() - timedelta(hours=2))
    tasks.send_daily_reminders()
    assert not Notice.objects.exists()
    at(monkeypatch, morning())
    tasks.send_daily_reminders()
    count = Letter.objects.count()
    assert count == 2  # both agencies' coordinators
    tell(world.coordinator)
    for hour in range(1, 10):
        at(monkeypatch, morning() + timedelta(hours=hour))
        tasks.send_daily_reminders()
    assert Letter.objects.count() == count
    assert Chore.objects.get(name="daily").day == timezone.localdate()


def test_a_worker_killed_in_the_morning_goes_on_where_it_was(world: Assigned, monkeypatch: pytest.MonkeyPatch) -> None:
    world.due(3)
    at(monkeypatch, morning())
    post = _write_letter
    done: list[User] = []

    def dies(user: User, *args: Any) -> int:
        if done:
            raise KeyboardInterrupt
        done.append(user)
        return post(user, *args)

    with monkeypatch.context() as patched:
        patched.setattr(daily_letters, "_write_letter", dies)
        with pytest.raises(KeyboardInterrupt):
            tasks.send_daily_reminders()
    assert Letter.objects.count() == 1
    tasks.send_daily_reminders()
    assert Letter.objects.count() == 2
    assert Letter.objects.values("user").distinct().count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_the_same_time_are_one_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_assigned(make_people())
    world.due(3)
    at(monkeypatch, morning())
    assert at_once(tasks.send_daily_reminders, tasks.send_daily_reminders, tasks.send_daily_reminders) == [None] * 3
    per_person = Letter.objects.filter(key__startswith="daily:").values_list("user", flat=True)
    assert len(per_person) == len(set(per_person)) >= 2
    reminded = Notice.objects.filter(kind="part.due").values_list("user", flat=True)
    assert len(reminded) == len(set(reminded)) == 2
    assert Chore.objects.filter(name="daily").count() == 1


# -- the page -------------------------------------------------------------------------------------


def test_opening_a_notice_reads_it_and_goes_there(world: Assigned, client: Client) -> None:
    world.submitted()
    world.move("return", reason="ขอเอกสาร")
    client.force_login(world.coordinator)
    page = client.get("/notices/").content.decode()
    assert "ส่งกลับให้แก้ไข 1.1: ขอเอกสาร" in page
    notice = Notice.objects.get(kind="part.return")
    assert client.post(f"/notices/{notice.pk}/")["Location"] == notice.url
    notice.refresh_from_db()
    assert notice.read_at is not None
    assert "ขอเอกสาร" not in client.get("/notices/?unread=1").content.decode()
    client.force_login(world.secretariat)
    assert client.post(f"/notices/{notice.pk}/").status_code == 404


@pytest.mark.django_db
def test_reading_everything_and_choosing_the_digest(client: Client) -> None:
    user = UserFactory()
    tell(user, 3)
    client.force_login(user)
    client.post("/notices/read/")
    assert not Notice.objects.filter(read_at=None).exists()
    client.post("/notices/digest/", {"digest": "0"})
    assert MailChoice.objects.get(user=user).digest is False
    assert "ท่านไม่รับสรุปประจำวันทางอีเมล" in client.get("/notices/").content.decode()
    client.post("/notices/digest/", {"digest": "1"})
    assert MailChoice.objects.get(user=user).digest is True


def test_every_kind_can_be_said_in_both_languages() -> None:
    from django.utils import translation

    from survey.notices import notice_texts as notice_words

    day = date(2026, 7, 1).isoformat()
    data = dict.fromkeys(("what", "agency", "who", "reason", "text", "place", "state", "count"), "x")
    for language in ("th", "en"):
        with translation.override(language):
            for kind in notice_words.NOTICE_KINDS:
                said = notice_words.notice_text(kind, {**data, "day": day, "until": day, "days": 3})
                assert "%" not in said
                assert bool(re.search("[ก-๙]", said)) == (language == "th"), said


def test_assignments_of_the_world_were_told(people: People) -> None:
    make_assigned(people)
    assert Assignment.objects.count() == 5
    assert told("assignment") == {people.who(Role.COORDINATOR), people.who(Role.COORDINATOR, "a2")}


# -- parts, days, and how many are left -------------------------------------------------------------


def test_an_assignment_names_parts_day_and_days_left(people: People) -> None:
    world = make_assigned(people)
    day = world.day(7)
    notice = Notice.objects.filter(user=world.coordinator, kind="assignment").order_by("pk")[0]
    assert notice.data == {"what": "1.1", "count": 1, "day": day.isoformat()}
    assert "1.1" in notice_texts.notice_text(notice.kind, notice.data)
    assert "อีก 7 วัน" in notice_texts.notice_text(notice.kind, notice.data)
    assert "อีก 2 วัน" in notice_texts.notice_text(notice.kind, notice.data, world.day(5))  # as one reads it
    assert "ผ่านมาแล้ว 3 วัน" in notice_texts.notice_text(notice.kind, notice.data, world.day(10))


def test_parts_due_on_several_days_name_the_first(world: Assigned) -> None:
    entries = [
        AssignmentEntry("A1", AssignmentTarget(question="T7"), "R", due=world.day(5)),
        AssignmentEntry("A1", AssignmentTarget(question="T5.2"), "R", due=world.day(3)),
    ]
    apply_assignment_list(by=world.secretariat, round_=world.round, entries=entries, replace=False)
    notice = Notice.objects.get(kind="assignment.days")
    assert notice.data["day"] == world.day(3).isoformat()
    assert "ส่วนแรก" in notice_texts.notice_text(notice.kind, notice.data)


def test_reminders_and_digests_name_the_parts_and_lead_to_the_desk(world: Assigned) -> None:
    world.due(3)
    deadlines.create_deadline_notices(morning())
    write_daily_letters(morning())
    body = Letter.objects.get(user=world.coordinator).body
    for words in ("1.1, T8", "อีก 3 วัน", f"{world.base}desk/?agency=A1"):
        assert words in body
    world.due(-2)
    write_daily_letters(morning(1))
    late = Letter.objects.filter(user=world.coordinator).latest("pk").body
    assert "1.1" in late
    assert ", T8" not in late  # asked for only if there is some
    assert "ผ่านมาแล้ว 3 วัน" in late


def test_what_comes_back_is_told_with_its_day(world: Assigned) -> None:
    world.submitted()
    world.move("return", reason="แก้ไขข้อ 1")
    notice = Notice.objects.get(kind="part.return")
    assert "อีก 7 วัน" in notice_texts.notice_text(notice.kind, notice.data)
    assert "แก้ไขข้อ 1" in notice_texts.notice_text(notice.kind, notice.data)


def test_older_notices_are_read_without_what_they_lack() -> None:
    assert notice_texts.notice_text("assignment", {"what": "P1"}) == "ได้รับมอบหมาย: P1"
    assert "%" not in notice_texts.notice_text("part.due", {"day": "2026-07-01", "days": 3, "count": 2})
