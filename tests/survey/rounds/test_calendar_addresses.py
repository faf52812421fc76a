"""A calendar that follows a round at a secret address: whose, for how long, and that the secret stays one."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import deactivate_user, revoke_role
from accounts.actions.log import NotAllowed, RefusedError
from accounts.models import AccountEvent, Membership
from accounts.roles import Role
from dgready.log_output import SecretlessFormatter
from survey.models import CalendarAddress
from survey.rounds.calendar_addresses import create_calendar_address, revoke_calendar_address
from tests.assigned import Assigned, make_assigned
from tests.people import People
from tests.survey.rounds.test_calendar import read


@pytest.fixture
def world(people: People) -> Assigned:
    return make_assigned(people)


def feed(secret: str) -> Any:
    return Client().get(reverse("survey:calendar-feed", args=[secret]))


def test_the_page_shows_the_address_once_and_a_calendar_finds_its_dates_there(world: Assigned, client: Client) -> None:
    client.force_login(world.coordinator)
    page = world.base + "calendar/"
    made = client.post(page)
    address = made.context["address"]
    assert address in made.content.decode()
    assert address not in client.get(page).content.decode()
    assert client.post(page).status_code == 409  # sent again
    found = Client().get(address[address.index("/calendar/") :])
    assert (found.status_code, found["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert found["Cache-Control"].startswith("private")
    uids = [str(event["UID"]) for event in read(found.content)]
    assert f"round-{world.round.pk}-closes@dgready" in uids
    row = CalendarAddress.objects.get()
    assert (row.fetches, row.last_fetched_at is not None) == (1, True)
    assert "ปฏิทินอ่านล่าสุด" in client.get(page).content.decode()


def test_it_shows_what_the_person_sees(world: Assigned, client: Client) -> None:
    secret = create_calendar_address(by=world.coordinator, round_=world.round)
    client.force_login(world.coordinator)
    same = read(client.get(world.base + "dates.ics").content)
    assert [e["UID"] for e in read(feed(secret).content)] == [e["UID"] for e in same]


def test_revoked_for_good_and_another_can_be_made(world: Assigned, client: Client) -> None:
    secret = create_calendar_address(by=world.coordinator, round_=world.round)
    with pytest.raises(RefusedError):
        create_calendar_address(by=world.coordinator, round_=world.round)
    client.force_login(world.coordinator)
    assert feed(secret).status_code == 200
    assert client.get(world.base + "calendar/revoke/").status_code == 200
    assert feed(secret).status_code == 200
    client.post(world.base + "calendar/revoke/")
    assert feed(secret).status_code == 404
    with pytest.raises(RefusedError):
        revoke_calendar_address(by=world.coordinator, round_=world.round)
    assert feed(create_calendar_address(by=world.coordinator, round_=world.round)).status_code == 200


def test_it_ends_with_the_role_and_the_account(world: Assigned) -> None:
    admin = world.people.who(Role.CENTRAL_ADMIN)
    member = world.people.who(Role.COMMITTEE)
    secrets = [create_calendar_address(by=who, round_=world.round) for who in (world.coordinator, member)]
    revoke_role(by=admin, membership=Membership.objects.get(user=world.coordinator, active=True))
    deactivate_user(by=admin, user=member)
    assert [feed(secret).status_code for secret in secrets] == [404, 404]


def test_strangers_make_none(world: Assigned) -> None:
    with pytest.raises(NotAllowed):
        create_calendar_address(by=world.people.who(Role.SECRETARIAT, "b"), round_=world.round)


def test_guesses_are_refused_and_limited(db: None, settings: Any) -> None:
    settings.API_LIMITS = replace(settings.API_LIMITS, refusals=1)
    answers = [feed("x" * 43) for _ in range(4)]
    assert {answer.status_code for answer in answers} == {404, 429}
    assert next(a for a in answers if a.status_code == 429)["Retry-After"]


def test_neither_rows_nor_logs_hold_the_secret(world: Assigned, caplog: pytest.LogCaptureFixture) -> None:
    secret = create_calendar_address(by=world.coordinator, round_=world.round)
    kept = [
        CalendarAddress.objects.values().get(),
        *AccountEvent.objects.filter(verb="calendar_address").values("data"),
    ]
    assert secret not in json.dumps(kept, default=str)
    with caplog.at_level("INFO"):
        feed(secret + "x")
    assert secret not in "".join(r.getMessage() for r in caplog.records if r.name.startswith("dgready"))
    path = reverse("survey:calendar-feed", args=[secret])
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "Internal Server Error: %s", (path,), None)
    assert SecretlessFormatter().format(record) == "Internal Server Error: /calendar/….ics"
