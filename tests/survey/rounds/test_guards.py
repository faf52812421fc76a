"""The settings of a round: which guards of the submission are on, by whom and why, in the journal."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import NotAllowed
from accounts.roles import Role
from survey.instrument.queries import compiled_instrument
from survey.journal.event_texts import describe_event
from survey.models import Event, Round, SubmissionGuard
from survey.rounds.actions import ReasonRequired, set_submission_guards
from tests.flow import Flow
from tests.proven import codes

G = SubmissionGuard


@pytest.fixture
def guarded(flow: Flow) -> Flow:
    """A round with every guard."""
    flow.set_guards()
    return flow


def test_turning_one_off_needs_a_reason_and_is_journalled(guarded: Flow) -> None:
    admin = guarded.who(Role.PROVINCE_ADMIN)
    left = [G.PARTS_SETTLED.value, G.UNCHANGED.value]
    with pytest.raises(ReasonRequired):
        set_submission_guards(by=admin, round_=guarded.round, guards=left, reason=" ")
    assert Round.objects.get().submission_guards == G.values
    set_submission_guards(by=admin, round_=guarded.round, guards=left, reason="ปีนี้ไม่มีการประชุม")
    assert Round.objects.get().submission_guards == left
    event = Event.objects.get(verb="round.guards")
    assert (event.by, event.data["reason"]) == (admin, "ปีนี้ไม่มีการประชุม")
    (change,) = describe_event(compiled_instrument(guarded.round.instrument), event, {}).changes
    assert (change.label, change.before, change.after) == ("คณะกรรมการ PCIO เห็นชอบแล้ว", "ใช้อยู่", "ไม่ได้ใช้")
    by_hand = {("event.before", "submission_guards"), ("round.changed", "submission_guards")}
    assert set(codes()) == by_hand


def test_turning_on_needs_none_and_nothing_is_written_for_nothing(guarded: Flow) -> None:
    admin = guarded.who(Role.CENTRAL_ADMIN)
    guarded.set_guards(G.UNCHANGED)
    set_submission_guards(by=admin, round_=guarded.round, guards=[G.UNCHANGED])
    assert not Event.objects.filter(verb="round.guards").exists()
    set_submission_guards(by=admin, round_=guarded.round, guards=reversed(G.values))
    assert Round.objects.get().submission_guards == G.values


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.GOVERNOR, Role.COMMITTEE, Role.COORDINATOR])
def test_who_submits_or_approves_does_not_set_them(role: Role, guarded: Flow) -> None:
    with pytest.raises(NotAllowed):
        set_submission_guards(by=guarded.who(role), round_=guarded.round, guards=[], reason="x")


def test_an_unknown_guard_is_refused(guarded: Flow) -> None:
    with pytest.raises(ValueError, match="nonsense"):
        set_submission_guards(by=guarded.who(Role.PROVINCE_ADMIN), round_=guarded.round, guards=["nonsense"])


def test_the_page(guarded: Flow, client: Client) -> None:
    client.force_login(guarded.who(Role.PROVINCE_ADMIN))
    url = reverse("survey:round-guards", args=[guarded.province.code, guarded.round.year])
    page = client.get(url).content.decode()
    assert page.count(" checked") == 3
    refused = client.post(url, {"guards": ["unchanged"]})
    assert refused.status_code == 422
    assert "โปรดระบุเหตุผล" in refused.content.decode()
    assert client.post(url, {"guards": ["unchanged"], "reason": "ปีนี้ไม่มีการประชุม"}).status_code == 302
    assert Round.objects.get().submission_guards == ["unchanged"]
    assert client.post(url, {"guards": ["other"], "reason": "x"}).status_code == 422
    assert client.post(url, {"reason": "เลิกใช้ทั้งหมด"}).status_code == 302  # none is a choice, too
    assert Round.objects.get().submission_guards == []
