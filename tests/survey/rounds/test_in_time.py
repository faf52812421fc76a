"""The last minute: who pressed before the close and waited for a turn is taken, who pressed later is refused."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, User
from accounts.roles import Role
from dgready.arrival import ARRIVED
from survey.instrument.queries import compiled_instrument
from survey.journal.event_texts import describe_event
from survey.models import Answer, Assignment, Delegation, Event, FrozenResponse, Response, Round
from survey.verifying import verify
from tests.assigned import make_assigned
from tests.committee import make_delegation, today
from tests.evidence.conftest import pdf
from tests.factories import PASSWORD
from tests.flow import Flow
from tests.people import People

AGO = 3  # seconds ago the round has closed
IN_TIME, TOO_LATE = AGO + 60, AGO - 2  # seconds ago the request arrived
CLOSED = "ปิดรอบแล้ว"


def close(round_: Round) -> None:
    """The round closed a few seconds ago."""
    Round.objects.filter(pk=round_.pk).update(closes_at=timezone.now() - timedelta(seconds=AGO))


def post(client: Client, user: User, url: str, data: dict[str, Any], ago: float, **more: Any) -> HttpResponse:
    """A request that arrived so many seconds ago, and gets its turn now."""
    client.force_login(user)
    return client.post(url, data, **{ARRIVED: time.monotonic() - ago}, **more)


def assert_named(verb: str) -> Event:
    """The event is of its own time and tells when its request arrived; the one event of that verb."""
    event = Event.objects.select_related("response__round").get(verb=verb)
    assert datetime.fromisoformat(event.data["arrived"]) < event.response.round.closes_at < event.at
    return event


def assert_journal_holds() -> None:
    """But for the dates, which this test has moved by hand."""
    assert [f.code for f in verify.verify_journal().faults if not f.code.startswith("round.")] == []


def test_a_save_is_taken_by_its_arrival(flow: Flow, client: Client) -> None:
    url, data = f"/r/{flow.response.pk}/answer/T5.2/", {"_revision": "0", "T5.2": "ทันเวลา"}
    close(flow.round)
    for more in ({}, {"headers": {"dgready-arrived": "1.5", "dgready.arrived": "1.5"}}):
        late = post(client, flow.secretariat, url, data, TOO_LATE, **more)
        assert late.status_code == 403
        assert CLOSED in late.content.decode()
    assert not Answer.objects.exists()
    saved = post(client, flow.secretariat, url, data, IN_TIME, headers={"accept": "application/json"})
    assert saved.status_code == 200, saved.content.decode()
    assert Answer.objects.get().value == {"T5.2": "ทันเวลา"}
    event = assert_named("answer.save")
    assert "มาถึงระบบก่อนปิดรอบ" in describe_event(compiled_instrument(flow.round.instrument), event, {}).text
    assert_journal_holds()


def test_a_file_is_taken_by_its_arrival(flow: Flow, client: Client) -> None:
    flow.save("T1", {"T1": "done"})
    close(flow.round)
    url = f"/r/{flow.response.pk}/evidence/T1/?at=T1%3Ddone"
    for ago, count in ((TOO_LATE, 0), (IN_TIME, 1)):
        paper = SimpleUploadedFile("a.pdf", pdf("a"), "application/pdf")
        post(client, flow.secretariat, url, {"files": paper}, ago)
        assert Event.objects.filter(verb="evidence.attach").count() == count
    assert_named("evidence.attach")


def test_a_part_is_handed_in_by_its_arrival(people: People, client: Client) -> None:
    world = make_assigned(people)
    world.answer("T1", {"T1": "none", "T1.1": "เหตุผล"})
    part = world.part()
    base = f"{world.base}parts/{part.pk}/"
    client.force_login(world.coordinator)
    page = client.get(f"{base}review/").content.decode()
    shown = {name: page.split(f'name="{name}" value="')[1].split('"')[0] for name in ("seen", "reviewed")}
    close(world.round)
    late = post(client, world.coordinator, f"{base}submit/", shown, TOO_LATE)
    assert late.status_code == 422
    assert CLOSED in late.content.decode()
    assert post(client, world.coordinator, f"{base}submit/", shown, IN_TIME).status_code == 302
    assert world.part().state == Assignment.State.SUBMITTED
    assert "late" not in assert_named("part.submit").data
    assert_journal_holds()


def test_an_answer_is_submitted_by_its_arrival(flow: Flow, client: Client) -> None:
    flow.fill()
    flow.prove()
    url = f"/r/{flow.response.pk}/submit/"
    client.force_login(flow.secretariat)
    shown = {"seen": client.get(url).content.decode().split('name="seen" value="')[1].split('"')[0]}
    close(flow.round)
    late = post(client, flow.secretariat, url, shown, TOO_LATE)
    assert late.status_code == 409
    assert CLOSED in late.content.decode()
    assert post(client, flow.secretariat, url, shown, IN_TIME).status_code == 302
    assert_named("response.submit")
    assert_journal_holds()


def test_an_approval_is_taken_by_its_arrival(flow: Flow, client: Client) -> None:
    flow.submit()
    close(flow.round)
    data = {"password": PASSWORD, "version": str(Response.objects.get(pk=flow.response.pk).version)}
    late = post(client, flow.governor, f"/r/{flow.response.pk}/approve/", data, TOO_LATE)
    assert late.status_code == 409
    assert CLOSED in late.content.decode()
    assert post(client, flow.governor, f"/r/{flow.response.pk}/approve/", data, IN_TIME).status_code == 302
    assert FrozenResponse.objects.get().response_id == flow.response.pk
    assert_named("response.approve")


def test_a_role_that_ends_with_the_day_counts_until_then(
    flow: Flow, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever may approve until the last day presses at 23:59 and has a turn after midnight."""
    flow.submit()
    delegation = make_delegation(flow.people, tmp_path, days=(0, 0), delegate=flow.who(Role.COMMITTEE))
    midnight = timezone.make_aware(datetime.combine(today(1), datetime.min.time()))
    Round.objects.filter(pk=flow.round.pk).update(closes_at=midnight - timedelta(seconds=1))
    client.force_login(delegation.delegate)
    assert Delegation.objects.count() == Membership.objects.filter(valid_to=today()).count() == 1
    data = {"password": PASSWORD, "version": str(Response.objects.get(pk=flow.response.pk).version)}
    url = f"/r/{flow.response.pk}/approve/"
    monkeypatch.setattr(timezone, "now", lambda: midnight + timedelta(seconds=2))
    assert client.post(url, data, **{ARRIVED: time.monotonic()}).status_code == 404
    assert client.post(url, data, **{ARRIVED: time.monotonic() - 10}).status_code == 302
    assert assert_named("response.approve").data["delegation"]["id"] == delegation.pk


def test_a_last_day_for_additions_counts_until_midnight(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    response = Response(state=Response.State.ENDORSED, late_until=today())
    midnight = timezone.make_aware(datetime.combine(today(1), datetime.min.time()))
    monkeypatch.setattr("dgready.arrival.deadline_now", lambda: midnight - timedelta(seconds=1))
    assert response.is_editable
    monkeypatch.setattr("dgready.arrival.deadline_now", lambda: midnight)
    assert not response.is_editable
