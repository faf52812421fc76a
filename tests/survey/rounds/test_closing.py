"""The end of a round, its extension, and the public page that tells whether an approval stands."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import strip_tags

from accounts.actions import NotAllowed
from accounts.roles import Role
from dgready import thai
from survey.approval.actions import approve_response, reopen_response, submit_response
from survey.approval.time_left import time_left
from survey.models import Event, FrozenResponse, Notice, Response, Round
from survey.rounds.actions import DATE_FIELDS, ReasonRequired, change_round_dates
from survey.workflow.refusal import TransitionRefused
from tests.committee import make_delegation, today
from tests.flow import Flow, end_of, outside, text
from tests.proven import codes

S = Response.State
Ask = Callable[..., HttpResponse]


def dates(flow: Flow, **other: Any) -> dict[str, Any]:
    """The dates of the round, some of them other."""
    stored = Round.objects.get(pk=flow.round.pk)
    return {**{name: getattr(stored, name) for name in DATE_FIELDS}, **other}


def posted(flow: Flow, **other: Any) -> dict[str, Any]:
    """The form of the round's dates."""
    given = {k: v.isoformat() for k, v in dates(flow).items() if k != "closes_at"}
    return {**given, "closes_on": timezone.localdate(dates(flow)["closes_at"]).isoformat(), **other}


# -- the countdown ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(days=3, hours=4, minutes=5), "อีก 3 วัน 4 ชั่วโมง"),
        (timedelta(hours=4, minutes=5), "อีก 4 ชั่วโมง 5 นาที"),
        (timedelta(minutes=5, seconds=59), "อีก 5 นาที"),
        (timedelta(seconds=10), "อีก 0 นาที"),
        (timedelta(0), "อีก 0 นาที"),
        (timedelta(seconds=-1), ""),
    ],
)
def test_it_counts_down_to_the_last_minute(before: timedelta, words: str, flow: Flow) -> None:
    assert time_left(flow.round.closes_at, flow.round.closes_at - before) == words


def test_the_brief_counts_down_and_says_when_it_is_over(flow: Flow, ask: Ask) -> None:
    page = text(ask(flow.governor, "brief", flow.response))
    assert "อีก 20 วัน" in page
    assert "23:59 น." in page
    flow.close()
    page = text(ask(flow.governor, "brief", flow.response))
    assert "ปิดรอบแล้ว" in page
    extend = reverse("survey:round-extend", args=[flow.province.code, flow.round.year])
    assert extend not in page
    assert extend in text(ask(flow.who(Role.PROVINCE_ADMIN), "brief", flow.response))


def test_forms_close_a_round_at_23_59(flow: Flow, client: Client) -> None:
    client.force_login(flow.who(Role.PROVINCE_ADMIN))
    url = reverse("survey:round-edit", args=[flow.province.code, flow.round.year])
    assert client.post(url, posted(flow, closes_on=today(30).isoformat())).status_code == 302
    closes = timezone.localtime(Round.objects.get().closes_at)
    assert (closes.date(), f"{closes:%H:%M}") == (today(30), "23:59")


# -- the extension ----------------------------------------------------------------------------------


def test_who_extends_a_closed_round(flow: Flow) -> None:
    flow.close()
    later = dates(flow, closes_at=end_of(today(2)))
    may = {"central_admin:-", "province_admin:a"}
    for label, user in flow.people.everyone():
        if label not in may:
            with pytest.raises(NotAllowed):
                change_round_dates(by=user, round_=flow.round, dates=later, reason="ระบบขัดข้อง")
    for user in (flow.who(Role.PROVINCE_ADMIN), flow.who(Role.CENTRAL_ADMIN)):
        with pytest.raises(ReasonRequired):
            change_round_dates(by=user, round_=flow.round, dates=later, reason=" \x00")
    assert Round.objects.get().is_closed(timezone.now())
    change_round_dates(by=flow.who(Role.PROVINCE_ADMIN), round_=flow.round, dates=later, reason=" ระบบขัดข้อง ")
    assert Round.objects.get().closes_at == later["closes_at"]
    event = Event.objects.get(verb="round.extend")
    assert event.data["reason"] == "ระบบขัดข้อง"
    assert set(event.data["after"]) == {"closes_at"}
    told = Notice.objects.filter(kind="round.extend").values_list("user", flat=True)
    assert {flow.governor.pk, flow.secretariat.pk} <= set(told)
    assert codes(by_hand=("event.before",)) == []


def test_after_an_extension_steps_go_on(flow: Flow) -> None:
    flow.submit()
    flow.close()
    with pytest.raises(TransitionRefused, match="ปิดรอบแล้ว"):
        approve_response(by=flow.governor, response=flow.response, compose=outside)
    by = flow.who(Role.CENTRAL_ADMIN)
    change_round_dates(by=by, round_=flow.round, dates=dates(flow, closes_at=end_of(today())), reason="ไฟดับ")
    flow.response.refresh_from_db()
    assert approve_response(by=flow.governor, response=flow.response, compose=outside).number == 1


def test_the_page_of_the_extension(flow: Flow, client: Client) -> None:
    url = reverse("survey:round-extend", args=[flow.province.code, flow.round.year])
    given = {"closes_on": today(2).isoformat(), "reason": "ระบบขัดข้อง"}
    client.force_login(flow.who(Role.PROVINCE_ADMIN))
    assert "ยังเปิดอยู่" in text(client.get(url))
    assert client.post(url, given).status_code == 409
    flow.close()
    assert client.get(url).status_code == 200
    for wrong in ({"reason": " "}, {"closes_on": today(-1).isoformat()}, {"closes_on": "x"}):
        assert client.post(url, {**given, **wrong}).status_code == 422
    for user in (flow.secretariat, flow.governor, flow.who(Role.COMMITTEE), flow.people.who(Role.PROVINCE_ADMIN, "b")):
        client.force_login(user)
        assert client.post(url, given).status_code in (403, 404)
    assert Round.objects.get().is_closed(timezone.now())
    client.force_login(flow.who(Role.PROVINCE_ADMIN))
    assert url in text(client.get(reverse("survey:round", args=[flow.province.code, flow.round.year])))
    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    assert len(queries) <= 10
    assert client.post(url, given).status_code == 302
    closes = timezone.localtime(Round.objects.get().closes_at)
    assert (closes.date(), f"{closes:%H:%M}") == (today(2), "23:59")


def test_the_dates_of_a_closed_round_ask_for_the_reason(flow: Flow, client: Client) -> None:
    flow.close()
    client.force_login(flow.who(Role.PROVINCE_ADMIN))
    url = reverse("survey:round-edit", args=[flow.province.code, flow.round.year])
    early = {name: today(-9).isoformat() for name in ("opens_on", "agency_due", "committee_on")}
    refused = client.post(url, posted(flow, **early, closes_on=today(5).isoformat()))
    assert refused.status_code == 422
    assert "ขยายเวลา" in text(refused)
    assert Round.objects.get().is_closed(timezone.now())


# -- the public page --------------------------------------------------------------------------------


def squeezed(words: str) -> str:
    """Words without any space."""
    return "".join(words.split())


def shown(at: datetime | None) -> str:
    """A time as pages show it."""
    assert at is not None
    return thai.format_datetime(timezone.localtime(at), "th")


def checked(version: FrozenResponse) -> str:
    """The address of its public page."""
    return reverse("survey:verify", args=[version.public_id])


def public(version: FrozenResponse) -> str:
    """What somebody without an account reads, as text; and nothing else is in the page's content."""
    page = Client().get(reverse("survey:verify", args=[version.public_id]))
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    content = re.search(r"<main.*?</main>", text(page), re.DOTALL)
    assert content is not None
    return "".join(strip_tags(content[0]).split())


def test_it_shows_five_things_and_nothing_else(flow: Flow, tmp_path: Path) -> None:
    delegation = make_delegation(flow.people, tmp_path)
    flow.submit()
    deputy = delegation.delegate
    deputy.forget_grants()
    version = approve_response(by=deputy, response=flow.response, compose=outside)
    when = thai.format_datetime(timezone.localtime(version.approved_at), "th")
    hint = "เทียบค่านี้กับค่าที่พิมพ์ในหนังสือรับรอง ต้องตรงกันทุกตัว"
    expected = (
        f"ตรวจสอบหนังสือรับรองการอนุมัติ มีผล จังหวัด {flow.province.name} ปี 2570 อนุมัติเมื่อ {when} SHA-256 {version.sha256} {hint}"
    )
    assert public(version) == "".join(expected.split())


def test_reopened_it_is_void_for_good(flow: Flow) -> None:
    first = flow.approve()
    valid = public(first)
    reopen_response(by=flow.governor, response=flow.response, reason="พบตัวเลขผิด")
    void = public(first)
    first.refresh_from_db()
    since = f"โมฆะ ตั้งแต่ {shown(first.voided_at)}"
    assert void == valid.replace("มีผล", squeezed(f"{since} ยังไม่มีฉบับที่ใช้แทน"))
    assert "พบตัวเลขผิด" not in void
    submit_response(by=flow.secretariat, response=flow.response, points=lambda r: [], reasons={})
    second = approve_response(by=flow.governor, response=flow.response, compose=outside)
    assert "มีผล" in public(second)
    after = f"{since} มีฉบับใหม่แทนแล้ว อนุมัติเมื่อ {shown(second.approved_at)} ตรวจสอบฉบับที่ใช้แทน"
    assert public(first) == valid.replace("มีผล", squeezed(after))
    page = Client().get(checked(first)).content.decode()
    assert f'href="{checked(second)}"' in page
    assert f'href="{checked(first)}"' not in Client().get(checked(second)).content.decode()


def test_what_was_tampered_with_is_not_confirmed(flow: Flow) -> None:
    version = flow.approve()
    FrozenResponse.objects.filter(pk=version.pk).update(content=version.content.replace("T8", "T9"))
    page = public(version)
    assert "ใช้ยืนยันไม่ได้" in page
    assert "มีผล" not in page


@pytest.mark.parametrize("number", ["3f0f4c55-976b-4a91-8ae4-c59324611045", "1", "ก", "0" * 32, "<b>"])
def test_an_unknown_number_was_never_issued_here(flow: Flow, number: str) -> None:
    version = flow.approve()
    answer = Client().get(f"/verify/{number}/", follow=True)
    assert answer.status_code == 404
    assert "no-store" in answer["Cache-Control"]
    assert "ระบบนี้ไม่เคยออกเอกสารที่มีเลขนี้" in text(answer)
    for secret in (flow.province.name, version.sha256, str(version.public_id)):
        assert secret not in text(answer)
    assert text(answer).count("<b>") == 0


def test_a_number_that_was_typed_leads_to_the_paper(flow: Flow) -> None:
    version = flow.approve()
    for typed in (str(version.public_id).upper(), version.public_id.hex):
        answer = Client().get(f"/verify/{typed}/")
        assert (answer.status_code, answer["Location"]) == (302, checked(version))


def test_a_replacement_that_does_not_hold_is_not_named(flow: Flow) -> None:
    first = flow.approve()
    reopen_response(by=flow.governor, response=flow.response, reason="พบตัวเลขผิด")
    submit_response(by=flow.secretariat, response=flow.response, points=lambda r: [], reasons={})
    second = approve_response(by=flow.governor, response=flow.response, compose=outside)
    FrozenResponse.objects.filter(pk=second.pk).update(content=second.content.replace("T8", "T9"))
    assert squeezed("ยังไม่มีฉบับที่ใช้แทน") in public(first)


def test_it_is_the_same_for_everybody_and_cheap(flow: Flow, client: Client) -> None:
    version = flow.approve()
    url = reverse("survey:verify", args=[version.public_id])
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    assert len(queries) <= 2
    assert not client.cookies.get("sessionid")
    assert client.post(url).status_code == 405
    with translation.override("th"):  # and back, whatever the page was read in
        english = text(client.get(url, headers={"accept-language": "en"}))
    assert "</i> valid" in english
    assert "มีผล" not in english
