"""The calendar file, read back by the icalendar library: who gets what in it, and how it follows dates that move."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar, Event

from accounts.models import User
from accounts.roles import Role
from survey.assigning.actions import AssignmentTerms, change_assignment
from survey.assigning.targets import AssignmentTarget
from survey.committee.actions import meetings
from survey.models import Meeting
from survey.rounds.actions import DATE_FIELDS, change_round_dates
from survey.rounds.calendar_file import write_calendar
from survey.rounds.calendar_types import CalendarEdition, CalendarEntry
from tests.assigned import Assigned, make_assigned
from tests.people import People

STAMP = datetime(2026, 7, 1, 3, 4, 5, tzinfo=UTC)
EDITION = CalendarEdition(2, STAMP)


def read(file: bytes) -> list[Event]:
    """The events of a calendar file; each has what RFC 5545 asks, and an end."""
    assert file.endswith(b"\r\n")
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    calendar = Calendar.from_ical(file)
    assert (calendar["VERSION"], calendar["METHOD"]) == ("2.0", "PUBLISH")
    assert calendar["PRODID"]
    events = list(calendar.walk("VEVENT"))
    for event in events:
        assert not event.errors
        assert {"UID", "DTSTAMP", "SUMMARY", "SEQUENCE", "LAST-MODIFIED", "STATUS"} <= event.keys()
        assert event.decoded("DTSTART") < event.decoded("DTEND")
    return events


def test_the_rules_of_the_file() -> None:
    long = "ประชุมคณะกรรมการ; วาระที่ 1, 2 \\ และอื่น ๆ " * 6
    moment = datetime(2026, 7, 3, 23, 29, 59, tzinfo=timezone.get_default_timezone())
    entries = [
        CalendarEntry(
            "one@x", date(2026, 6, 5), long, "ก\r\nข\x07", "ห้องประชุม 1", "https://example.org/a", alarm_days=1
        ),
        CalendarEntry("two@x", moment, "ปิด", lasts=timedelta(minutes=30), cancelled=True, alarm_days=1),
    ]
    one, two = read(write_calendar(entries, name="ปี, 2569", stamp=STAMP, edition=EDITION))
    assert (one.decoded("DTSTART"), one.decoded("DTEND")) == (date(2026, 6, 5), date(2026, 6, 6))
    assert one["SUMMARY"] == long.strip()
    assert one["DESCRIPTION"] == "ก\nข"
    assert (one["STATUS"], len(one.walk("VALARM"))) == ("CONFIRMED", 1)
    assert two.decoded("DTSTART") == datetime(2026, 7, 3, 16, 29, 59, tzinfo=UTC)  # 23:29 in Bangkok
    assert two.decoded("DTEND") == datetime(2026, 7, 3, 16, 59, 59, tzinfo=UTC)
    assert (two["SEQUENCE"], two.decoded("LAST-MODIFIED"), two.decoded("DTSTAMP")) == (2, STAMP, STAMP)
    assert (two["STATUS"], two.walk("VALARM")) == ("CANCELLED", [])


# -- the page -------------------------------------------------------------------------------------


@pytest.fixture
def world(people: People) -> Assigned:
    return make_assigned(people)


def fetch(world: Assigned, who: User) -> dict[str, Event]:
    client = Client()
    client.force_login(who)
    answer = client.get(world.base + "dates.ics")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-store"
    found = read(answer.content)
    by_uid = {str(event["UID"]): event for event in found}
    assert len(by_uid) == len(found)
    return by_uid


def test_the_dates_of_the_round(world: Assigned) -> None:
    found = fetch(world, world.secretariat)
    key = f"round-{world.round.pk}"
    assert found.keys() == {f"{key}-{n}@dgready" for n in ("opens_on", "agency_due", "committee_on", "closes")}
    assert found[f"{key}-agency_due@dgready"].decoded("DTSTART") == world.round.agency_due
    closes = world.round.closes_at.astimezone(UTC).replace(microsecond=0)
    assert found[f"{key}-closes@dgready"].decoded("DTEND") == closes


def test_a_date_that_moves_keeps_its_entry_and_is_a_newer_edition(world: Assigned) -> None:
    admin = world.people.who(Role.PROVINCE_ADMIN)
    before = fetch(world, world.secretariat)
    dates = {name: getattr(world.round, name) for name in DATE_FIELDS}
    dates["agency_due"] += timedelta(days=2)
    change_round_dates(by=admin, round_=world.round, dates=dates)
    after = fetch(world, world.secretariat)
    assert after.keys() == before.keys()
    uid = f"round-{world.round.pk}-agency_due@dgready"
    assert after[uid].decoded("DTSTART") == dates["agency_due"]
    assert int(after[uid]["SEQUENCE"]) > int(before[uid]["SEQUENCE"])
    assert after[uid].decoded("LAST-MODIFIED") >= before[uid].decoded("LAST-MODIFIED")
    again = fetch(world, world.secretariat)
    assert again[uid]["SEQUENCE"] == after[uid]["SEQUENCE"]


def test_a_coordinator_gets_the_own_days_of_the_agency_alone(world: Assigned) -> None:
    a1, a2 = world.people.a1, world.people.a2
    part = world.give(a1, AssignmentTarget("2.1"), due=world.day(3))
    other = world.give(a2, AssignmentTarget("2.1"), due=world.day(4))
    mine = fetch(world, world.coordinator)
    uid = f"assignment-{part.pk}-{a1.pk}@dgready"
    assert mine[uid].decoded("DTSTART") == world.day(3)
    assert "2.1" in mine[uid]["SUMMARY"]
    assert f"assignment-{other.pk}-{a2.pk}@dgready" not in mine
    sequence = mine[uid]["SEQUENCE"]
    change_assignment(by=world.secretariat, assignment=part, terms=AssignmentTerms("R", due=world.day(5)))
    moved = fetch(world, world.coordinator)[uid]
    assert moved.decoded("DTSTART") == world.day(5)
    assert int(moved["SEQUENCE"]) > int(sequence)


def test_meetings_are_for_those_who_belong_to_the_committee(world: Assigned) -> None:
    held = (timezone.now() + timedelta(days=4)).replace(microsecond=0)
    fields = {"held_at": held, "place": "ห้องประชุม 1", "agenda": "ร่างคำตอบ"}
    meeting = meetings.record_meeting(by=world.secretariat, round_=world.round, fields=fields)
    uid, day = f"meeting-{meeting.pk}@dgready", f"round-{world.round.pk}-committee_on@dgready"
    for who in (world.secretariat, world.people.who(Role.COMMITTEE), world.people.who(Role.GOVERNOR)):
        full = fetch(world, who)
        assert (full[uid]["DESCRIPTION"], full[uid]["LOCATION"]) == ("ร่างคำตอบ", "ห้องประชุม 1")
        assert full[uid].decoded("DTEND") - full[uid].decoded("DTSTART") == timedelta(hours=3)
        assert day not in full  # the meeting itself says when
    short = fetch(world, world.coordinator)
    assert uid not in short
    assert day in short


def test_a_meeting_that_was_called_off_says_so(world: Assigned) -> None:
    fields = {"held_at": timezone.now() + timedelta(days=4), "place": "", "agenda": "ร่างคำตอบ"}
    meeting = meetings.record_meeting(by=world.secretariat, round_=world.round, fields=fields)
    Meeting.every.filter(pk=meeting.pk).update(cancelled_at=timezone.now(), cancelled_by=world.secretariat)
    found = fetch(world, world.secretariat)
    assert found[f"meeting-{meeting.pk}@dgready"]["STATUS"] == "CANCELLED"
    assert f"round-{world.round.pk}-committee_on@dgready" in found


@pytest.mark.parametrize(("role", "place"), [(Role.SECRETARIAT, "b"), (Role.COORDINATOR, "b1")])
def test_other_provinces_get_nothing(world: Assigned, client: Client, role: Role, place: str) -> None:
    client.force_login(world.people.who(role, place))
    assert client.get(world.base + "dates.ics").status_code == 404
