"""The governor's approval given to a delegate: for some days, by an order; and what is said of it everywhere."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import FileResponse, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.actions import NotAllowed, RefusedError
from accounts.models import Membership, User
from accounts.roles import Role
from survey.approval.actions import approve_response
from survey.approval.review import read_evidence_and_score
from survey.approval.snapshot import read_snapshot
from survey.committee.actions import delegations
from survey.committee.delegation_queries import acting_delegation
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.models import Delegation, Event, FrozenResponse, Notice, Response
from survey.verifying import verify
from survey.workflow.refusal import TransitionRefused
from survey.workflow.response_states import allowed_response_transitions
from tests.committee import PDF, endorsed, make_delegation, today
from tests.factories import PASSWORD
from tests.flow import Flow, outside, submit_with_reasons, text

S = Response.State
Ask = Callable[..., HttpResponse]
NOT_A_PDF = b"\x89PNG\r\n\x1a\n" + b"0" * 64


@pytest.fixture
def deputy(flow: Flow) -> User:
    """Whom the approval is given to: of the committee, with no say of their own."""
    return flow.who(Role.COMMITTEE)


def again(user: User) -> User:
    """The person as the next request meets them."""
    return User.objects.get(pk=user.pk)


def at_time(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """From now on it is that moment."""
    monkeypatch.setattr(timezone, "now", lambda: moment)


def midnight(days: int) -> datetime:
    """The first moment of a day from today."""
    return timezone.make_aware(datetime.combine(today(days), datetime.min.time()))


# -- giving -----------------------------------------------------------------------------------------


def test_it_gives_the_approval_for_those_days(flow: Flow, deputy: User, tmp_path: Path) -> None:
    made = make_delegation(flow.people, tmp_path)
    assert (made.starts_on, made.ends_on, made.document_number) == (today(), today(5), "123/2568")
    with made.document.open() as file:
        assert file.read() == PDF
    assert len(made.document_sha256) == 64
    flow.submit()
    assert {t.name for t in allowed_response_transitions(again(deputy), flow.response)} == {"approve", "return"}
    notice = Notice.objects.get(user=deputy, kind="delegation")
    assert notice.data == {"day": today().isoformat(), "until": today(5).isoformat()}


def test_who_may_delegate(flow: Flow, deputy: User, tmp_path: Path) -> None:
    may = [label for label, user in flow.people.everyone() if delegations.may_delegate(user, flow.province)]
    assert may == ["central_admin:-", "governor:a"]
    for label, user in flow.people.everyone():
        if label not in may:
            with pytest.raises(NotAllowed):
                make_delegation(flow.people, tmp_path, by=user)
    make_delegation(flow.people, tmp_path)
    assert not delegations.may_delegate(again(deputy), flow.province)  # a delegate delegates no further


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"days": (-3, -1)}, "ผ่านไปแล้ว"),
        ({"days": (2, 1)}, "ก่อนวันเริ่มต้น"),
        ({"days": (0, 400)}, "ไม่เกิน 1 ปี"),
        ({"document": " \x00"}, "เลขที่คำสั่ง"),
        ({"self": True}, "อยู่แล้ว"),
    ],
)
def test_what_is_refused(given: dict[str, Any], words: str, flow: Flow, tmp_path: Path) -> None:
    (tmp_path / "given.pdf").write_bytes(PDF)
    if "document" in given:
        given = {"document": delegations.DelegationDocument(given["document"], tmp_path / "given.pdf")}
    if given.pop("self", False):
        given = {"delegate": flow.governor}
    with pytest.raises(RefusedError, match=words):
        make_delegation(flow.people, tmp_path, **given)
    assert not Delegation.objects.exists()
    assert not Membership.objects.filter(user=flow.who(Role.COMMITTEE), role=Role.GOVERNOR).exists()


def test_days_of_one_person_do_not_overlap_but_follow(flow: Flow, tmp_path: Path) -> None:
    make_delegation(flow.people, tmp_path, days=(0, 5))
    with pytest.raises(RefusedError, match="ซ้อน"):
        make_delegation(flow.people, tmp_path, days=(5, 8))
    make_delegation(flow.people, tmp_path, days=(6, 8))
    assert Delegation.objects.count() == 2


# -- the days ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "may"), [((0, 0), True), ((-2, 0), True), ((0, 3), True), ((1, 3), False)])
def test_approval_on_the_days_and_no_other(
    days: tuple[int, int], may: bool, flow: Flow, deputy: User, tmp_path: Path
) -> None:
    make_delegation(flow.people, tmp_path, days=days)
    flow.submit()
    assert ("approve" in {t.name for t in allowed_response_transitions(again(deputy), flow.response)}) is may
    if may:
        assert approve_response(by=again(deputy), response=flow.response, compose=outside).number == 1
    else:
        with pytest.raises(TransitionRefused) as caught:
            approve_response(by=again(deputy), response=flow.response, compose=outside)
        assert caught.value.reason == "capability"
        assert not FrozenResponse.objects.exists()


def test_the_days_end_at_midnight_in_thailand(
    flow: Flow, deputy: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_delegation(flow.people, tmp_path, days=(1, 2))
    flow.submit()
    moments = {midnight(1) - timedelta(seconds=1): False, midnight(1): True}
    moments |= {midnight(3) - timedelta(seconds=1): True, midnight(3): False}
    for moment, may in moments.items():
        at_time(monkeypatch, moment)
        found = {t.name for t in allowed_response_transitions(again(deputy), flow.response, moment)}
        assert ("approve" in found) is may, moment


def test_taken_back_it_counts_no_longer(flow: Flow, deputy: User, tmp_path: Path) -> None:
    made = make_delegation(flow.people, tmp_path)
    with pytest.raises(NotAllowed):
        delegations.revoke_delegation(by=again(deputy), delegation=made)
    delegations.revoke_delegation(by=flow.governor, delegation=made)
    flow.submit()
    with pytest.raises(TransitionRefused):
        approve_response(by=again(deputy), response=flow.response, compose=outside)
    with pytest.raises(RefusedError, match="ถูกยกเลิกไปแล้ว"):
        delegations.revoke_delegation(by=flow.governor, delegation=made)
    assert Notice.objects.filter(user=deputy, kind="delegation.revoke").count() == 1
    make_delegation(flow.people, tmp_path)  # and may be given again


# -- what is said of it -----------------------------------------------------------------------------


def test_an_approval_in_the_governors_place_says_so(
    flow: Flow, deputy: User, tmp_path: Path, client: Client, ask: Ask
) -> None:
    delegation = make_delegation(flow.people, tmp_path)
    flow.submit()
    client.force_login(deputy)
    words = "แทนผู้ว่าราชการจังหวัด ตามคำสั่งเลขที่ 123/2568"
    assert words in text(ask(deputy, "approve", flow.response))
    data = {"version": flow.response.version, "password": PASSWORD}
    assert ask(deputy, "approve", flow.response, data=data).status_code == 302
    version = FrozenResponse.objects.get()
    told = read_snapshot(version)["approved"]["delegation"]
    assert told["document"] == "123/2568"
    assert told["document_sha256"] == delegation.document_sha256
    assert told["by"] == flow.governor.pk
    event = Event.objects.get(verb="response.approve")
    assert event.data["delegation"] == {"id": delegation.pk, "document": "123/2568"}
    for page in (
        ask(deputy, "brief", flow.response),
        ask(flow.secretariat, "version", flow.response, 1),
        ask(flow.secretariat, "journal", flow.response),
        ask(flow.secretariat, "versions", flow.response),
    ):
        assert words in text(page)
    assert verify.verify_journal().ok


def test_the_governors_own_approval_says_nothing_of_it(flow: Flow, tmp_path: Path, ask: Ask) -> None:
    make_delegation(flow.people, tmp_path)
    assert flow.approve()
    assert acting_delegation(flow.governor, flow.province.pk, today()) is None
    assert "แทนผู้ว่าราชการจังหวัด" not in text(ask(flow.secretariat, "brief", flow.response))


# -- pages ------------------------------------------------------------------------------------------


def posted(user: User, content: bytes = PDF, **given: str) -> dict[str, Any]:
    file = SimpleUploadedFile("order.pdf", content, content_type="application/pdf")
    days = {"starts_on": today().isoformat(), "ends_on": today(5).isoformat()}
    return {"delegate": str(user.pk), **days, "document_number": "9/2570", "document": file, **given}


def test_given_listed_read_and_taken_back_on_pages(flow: Flow, deputy: User, client: Client) -> None:
    code = flow.province.code
    new, listing = reverse("survey:delegation-new", args=[code]), reverse("survey:delegations", args=[code])
    client.force_login(flow.governor)
    assert client.get(new).status_code == 200
    for wrong in (
        posted(deputy, NOT_A_PDF),
        posted(deputy, ends_on=today(-1).isoformat()),
        posted(deputy, document_number=""),
        posted(flow.governor),
        posted(flow.people.who(Role.COMMITTEE, "b")),
        {**posted(deputy), "document": ""},
    ):
        assert client.post(new, wrong).status_code == 422
    assert not Delegation.objects.exists()
    assert client.post(new, posted(deputy)).status_code == 302
    made = Delegation.objects.get()
    revoke = reverse("survey:delegation-revoke", args=[code, made.pk])
    document = reverse("survey:delegation-document", args=[code, made.pk])
    page = text(client.get(listing))
    assert deputy.get_full_name() in page
    assert "9/2570" in page
    assert revoke in page
    client.force_login(flow.secretariat)
    assert revoke not in text(client.get(listing))
    file = client.get(document)
    assert isinstance(file, FileResponse)
    assert b"".join(file.streaming_content) == PDF  # type: ignore[arg-type]
    assert file["Content-Disposition"].startswith("attachment")
    assert client.post(revoke, {}).status_code in (403, 404)
    client.force_login(flow.governor)
    assert client.get(revoke).status_code == 200
    assert client.post(revoke, {}).status_code == 302
    assert client.post(revoke, {}).status_code == 422
    assert "ยกเลิกแล้ว" in text(client.get(listing))


def test_pages_take_few_queries(flow: Flow, tmp_path: Path, client: Client) -> None:
    made = make_delegation(flow.people, tmp_path)
    for number in range(1, 6):
        make_delegation(flow.people, tmp_path, days=(10 * number, 10 * number + 5))
    client.force_login(flow.governor)
    client.get("/healthz")  # writes the new session's time, once in five minutes
    code = flow.province.code
    for name, args in (("delegations", [code]), ("delegation-new", [code]), ("delegation-revoke", [code, made.pk])):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(f"survey:{name}", args=args)).status_code == 200
        assert len(queries) <= 10, "\n".join(q["sql"][:150] for q in queries)


@pytest.mark.parametrize("state", [S.ENDORSED, S.SUBMITTED, S.APPROVED])
def test_the_delegates_pages_take_few_queries(real: Flow, state: str, tmp_path: Path, client: Client) -> None:
    deputy = make_delegation(real.people, tmp_path).delegate
    endorsed(real.secretariat, real.round, today(1))
    for item_id, value in (("P1.3", "none"), ("P1.5", "done"), ("P1.6", "done")):
        real.save(item_id, {item_id: value})
    if state != S.ENDORSED:
        submit_with_reasons(real)
    if state == S.APPROVED:
        approve_response(by=again(deputy), response=real.response, compose=read_evidence_and_score)
    client.force_login(deputy)
    client.get("/healthz")  # writes the new session's time, once in five minutes
    compiled_instrument(real.round.instrument)  # the form itself is read once per process
    questions_by_item_id(real.round.instrument)
    for name in ("brief", "approve", "return", "reopen", "versions"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(f"survey:{name}", args=[real.response.pk])).status_code == 200
        assert len(queries) <= 10, name + "\n".join(q["sql"][:150] for q in queries)
