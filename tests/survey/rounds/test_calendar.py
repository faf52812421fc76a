"""The calendar file: what RFC 5545 asks, who gets what in it, and how it follows dates that move."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from survey.assigning.actions import AssignmentTerms, change_assignment
from survey.assigning.targets import AssignmentTarget
from survey.committee.actions import meetings
from survey.rounds.actions import DATE_FIELDS, change_round_dates
from survey.rounds.calendar_file import MAX_LINE_OCTETS, CalendarEdition, CalendarEntry, fold_line, write_calendar
from tests.assigned import Assigned, make_assigned
from tests.people import People

STAMP = datetime(2026, 7, 1, 3, 4, 5, tzinfo=UTC)
EDITION = CalendarEdition(2, STAMP)
Event = dict[str, str]


def read(file: bytes) -> list[Event]:
    """The events of a calendar file, by its rules alone."""
    text = file.decode()
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert all(len(line) <= MAX_LINE_OCTETS for line in file.split(b"\r\n"))
    lines = text.replace("\r\n ", "").split("\r\n")[:-1]
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert {"VERSION:2.0", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"} <= set(lines)
    assert all(re.fullmatch(r"[A-Z-]+(;[A-Z-]+=[A-Z0-9-]+)*:.*", line) for line in lines)
    events: list[Event] = []
    inside: list[str] = []
    for line in lines:
        key, _, value = line.partition(":")
        if key == "BEGIN":
            inside.append(value)
            if value == "VEVENT":
                events.append({})
        elif key == "END":
            assert inside.pop() == value
        elif inside[-1] == "VEVENT":
            assert key not in events[-1], f"{key} twice"
            events[-1][key] = value
    assert not inside
    for event in events:
        assert {"UID", "DTSTAMP", "SUMMARY", "SEQUENCE", "LAST-MODIFIED"} <= event.keys()
        assert any(key.startswith("DTSTART") for key in event)
    return events


def test_the_rules_of_the_file() -> None:
    long = "ประชุมคณะกรรมการ; วาระที่ 1, 2 \\ และอื่น ๆ " * 6
    moment = datetime(2026, 7, 3, 23, 59, 59, tzinfo=timezone.get_default_timezone())
    entries = [
        CalendarEntry(
            "one@x", date(2026, 6, 5), long, "ก\r\nข\x07", "ห้องประชุม 1", "https://example.org/a", alarm_days=1
        ),
        CalendarEntry("two@x", moment, "ปิด"),
    ]
    one, two = read(write_calendar(entries, name="ปี, 2569", stamp=STAMP, edition=EDITION))
    assert one["DTSTART;VALUE=DATE"] == "20260605"
    assert one["DTEND;VALUE=DATE"] == "20260606"
    assert one["SUMMARY"] == long.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    assert one["DESCRIPTION"] == "ก\\nข"
    assert two["DTSTART"] == "20260703T165959Z"  # 23:59 in Bangkok
    assert (two["SEQUENCE"], two["LAST-MODIFIED"], two["DTSTAMP"]) == ("2", "20260701T030405Z", "20260701T030405Z")


def test_no_character_is_cut_in_two() -> None:
    for length in range(60, 90):
        folded = fold_line("S" * length + "กิ่ง" * 40)
        assert folded.replace(b"\r\n ", b"").decode() == "S" * length + "กิ่ง" * 40 + "\r\n"
        for line in folded.split(b"\r\n"):
            line.decode()
            assert len(line) <= MAX_LINE_OCTETS


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
    by_uid = {event["UID"]: event for event in found}
    assert len(by_uid) == len(found)
    return by_uid


def test_the_dates_of_the_round(world: Assigned) -> None:
    found = fetch(world, world.secretariat)
    key = f"round-{world.round.pk}"
    assert found.keys() == {f"{key}-{n}@dgready" for n in ("opens_on", "agency_due", "committee_on", "closes")}
    assert found[f"{key}-agency_due@dgready"]["DTSTART;VALUE=DATE"] == f"{world.round.agency_due:%Y%m%d}"
    closes = world.round.closes_at.astimezone(UTC)
    assert found[f"{key}-closes@dgready"]["DTSTART"] == f"{closes:%Y%m%dT%H%M%SZ}"


def test_a_date_that_moves_keeps_its_entry_and_is_a_newer_edition(world: Assigned) -> None:
    admin = world.people.who(Role.PROVINCE_ADMIN)
    before = fetch(world, world.secretariat)
    dates = {name: getattr(world.round, name) for name in DATE_FIELDS}
    dates["agency_due"] += timedelta(days=2)
    change_round_dates(by=admin, round_=world.round, dates=dates)
    after = fetch(world, world.secretariat)
    assert after.keys() == before.keys()
    uid = f"round-{world.round.pk}-agency_due@dgready"
    assert after[uid]["DTSTART;VALUE=DATE"] == f"{dates['agency_due']:%Y%m%d}"
    assert int(after[uid]["SEQUENCE"]) > int(before[uid]["SEQUENCE"])
    assert after[uid]["LAST-MODIFIED"] >= before[uid]["LAST-MODIFIED"]
    again = fetch(world, world.secretariat)
    assert again[uid]["SEQUENCE"] == after[uid]["SEQUENCE"]


def test_a_coordinator_gets_the_own_days_of_the_agency_alone(world: Assigned) -> None:
    a1, a2 = world.people.a1, world.people.a2
    part = world.give(a1, AssignmentTarget("2.1"), due=world.day(3))
    other = world.give(a2, AssignmentTarget("2.1"), due=world.day(4))
    mine = fetch(world, world.coordinator)
    uid = f"assignment-{part.pk}-{a1.pk}@dgready"
    assert mine[uid]["DTSTART;VALUE=DATE"] == f"{world.day(3):%Y%m%d}"
    assert "2.1" in mine[uid]["SUMMARY"]
    assert f"assignment-{other.pk}-{a2.pk}@dgready" not in mine
    sequence = mine[uid]["SEQUENCE"]
    change_assignment(by=world.secretariat, assignment=part, terms=AssignmentTerms("R", due=world.day(5)))
    moved = fetch(world, world.coordinator)[uid]
    assert moved["DTSTART;VALUE=DATE"] == f"{world.day(5):%Y%m%d}"
    assert int(moved["SEQUENCE"]) > int(sequence)


def test_the_agenda_is_for_those_who_read_the_provinces_answer(world: Assigned) -> None:
    held = timezone.now() + timedelta(days=4)
    fields = {"held_at": held, "place": "ห้องประชุม 1", "agenda": "ร่างคำตอบ"}
    meeting = meetings.record_meeting(by=world.secretariat, round_=world.round, fields=fields)
    uid = f"meeting-{meeting.pk}@dgready"
    full, short = fetch(world, world.secretariat), fetch(world, world.coordinator)
    assert (full[uid]["DESCRIPTION"], full[uid]["LOCATION"]) == ("ร่างคำตอบ", "ห้องประชุม 1")
    assert "DESCRIPTION" not in short[uid]
    assert "URL" not in short[uid]
    assert f"round-{world.round.pk}-committee_on@dgready" not in full  # the meeting itself says when


@pytest.mark.parametrize(("role", "place"), [(Role.SECRETARIAT, "b"), (Role.COORDINATOR, "b1")])
def test_other_provinces_get_nothing(world: Assigned, client: Client, role: Role, place: str) -> None:
    client.force_login(world.people.who(role, place))
    assert client.get(world.base + "dates.ics").status_code == 404
