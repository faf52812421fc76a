"""The pages of checking and deciding: who sees what, what is refused, how many queries."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from scoring.scheme.registry import MissingScheme
from survey.answering.opening import ensure_response
from survey.approval.actions import approve_response, withdraw_response
from survey.approval.review import read_evidence_and_score
from survey.approval.snapshot import read_snapshot
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.models import Comment, FrozenResponse, Response
from survey.threads import actions as threads
from survey.verifying import verify
from tests.factories import PASSWORD
from tests.flow import COURSE, Flow, submit_with_reasons, text

QUERIES = 10
S = Response.State


# -- all pages ------------------------------------------------------------------------------------

PAGES: list[tuple[str, Role, tuple[Any, ...]]] = [
    ("check", Role.SECRETARIAT, ()),
    ("check", Role.COMMITTEE, ()),
    ("submit", Role.SECRETARIAT, ()),
    ("withdraw", Role.SECRETARIAT, ()),
    ("brief", Role.GOVERNOR, ()),
    ("brief", Role.SECRETARIAT, ()),
    ("approve", Role.GOVERNOR, ()),
    ("return", Role.GOVERNOR, ()),
    ("reopen", Role.GOVERNOR, ()),
    ("threads", Role.COMMITTEE, ()),
    ("history", Role.COMMITTEE, ("P1.1",)),
    ("journal", Role.GOVERNOR, ()),
    ("answers", Role.GOVERNOR, ()),
    ("changes", Role.GOVERNOR, ()),
    ("versions", Role.COMMITTEE, ()),
]


@pytest.mark.parametrize("state", [S.DRAFT, S.SUBMITTED, S.APPROVED])
@pytest.mark.parametrize(("name", "role", "args"), PAGES)
def test_pages_in_every_state_take_few_queries(
    name: str, role: Role, args: tuple[Any, ...], state: str, real: Flow, client: Client
) -> None:
    if state != S.DRAFT:
        submit_with_reasons(real)
    if state == S.APPROVED:
        approve_response(by=real.governor, response=real.response, compose=read_evidence_and_score)
    client.force_login(real.who(role))
    client.get("/healthz")  # writes the new session's time, once in five minutes
    compiled_instrument(real.response.round.instrument)  # the form itself is read once per process
    questions_by_item_id(real.response.round.instrument)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse(f"survey:{name}", args=[real.response.pk, *args]))
    assert page.status_code == 200
    listed = "\n".join(q["sql"][:150] for q in queries)
    assert len(queries) <= QUERIES, listed


def test_the_version_page_takes_few_queries(real: Flow, client: Client) -> None:
    submit_with_reasons(real)
    approve_response(by=real.governor, response=real.response, compose=read_evidence_and_score)
    client.force_login(real.who(Role.COMMITTEE))
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("survey:version", args=[real.response.pk, 1]))
    assert page.status_code == 200
    assert len(queries) <= QUERIES


@pytest.mark.parametrize("name", ["brief", "versions"])
def test_a_contribution_has_no_pages_of_the_province(name: str, flow: Flow, ask: Any) -> None:
    contribution = ensure_response(by=None, round_=flow.round, agency=flow.people.a1)
    assert ask(flow.secretariat, name, contribution).status_code == 404


def test_a_coordinator_checks_the_own_contribution_only(flow: Flow, ask: Any) -> None:
    mine = ensure_response(by=None, round_=flow.round, agency=flow.people.a1)
    coordinator = flow.who(Role.COORDINATOR)
    page = ask(coordinator, "check", mine)
    assert page.status_code == 200
    assert reverse("survey:submit", args=[mine.pk]) not in text(page)
    assert ask(coordinator, "history", mine, "T1").status_code == 200
    assert ask(coordinator, "check", flow.response).status_code == 404


def seen_in(page: Any) -> dict[str, str]:
    """The mark by which the page of a submission says what it showed."""
    return {"seen": page.context["seen"]}


# -- checking and submitting ----------------------------------------------------------------------


def test_the_checker_groups_and_filters(flow: Flow, ask: Any) -> None:
    flow.save("T8", {"T8": "no"}, unsure=True, note="ขอตรวจแบบสอบถาม")
    threads.start_thread(by=flow.governor, response=flow.response, text="ดีมาก แต่ขอเพิ่ม")
    page = text(ask(flow.secretariat, "check", flow.response))
    assert "ขอตรวจแบบสอบถาม" in page
    assert "ดีมาก แต่ขอเพิ่ม" in page
    assert f'href="{reverse("survey:fill", args=[flow.response.pk, "1.1"])}?point=missing%3AT1#T1"' in page
    assert f'href="{reverse("survey:threads", args=[flow.response.pk])}"' in page
    only = text(ask(flow.secretariat, "check", flow.response, QUERY_STRING="kind=unsure"))
    assert "ขอตรวจแบบสอบถาม" in only
    assert "#T1" not in only
    assert ask(flow.secretariat, "check", flow.response, QUERY_STRING="kind=<x>").status_code == 200


def test_a_clean_answer_is_submitted_at_once(flow: Flow, ask: Any) -> None:
    flow.fill()
    flow.prove()
    assert "ครบถ้วน" in text(ask(flow.secretariat, "check", flow.response))
    page = ask(flow.secretariat, "submit", flow.response)
    assert "textarea" not in text(page)
    done = ask(flow.secretariat, "submit", flow.response, data=seen_in(page))
    assert done.status_code == 302
    assert done["Location"] == reverse("survey:brief", args=[flow.response.pk])
    assert Response.objects.get().state == S.SUBMITTED


def test_open_points_are_explained_one_by_one_or_by_group(flow: Flow, ask: Any) -> None:
    flow.fill()
    flow.save("T8", {})
    flow.save("T1", {})
    flow.prove(marked=False)
    first = ask(flow.secretariat, "submit", flow.response)
    assert 'name="why:missing:T8"' in text(first)
    groups = [group for kind in first.context["kinds"] for group in kind["groups"]]
    assert [(g["key"], len(g["points"])) for g in groups] == [
        ("missing@1", 2),
        ("missing@2", 1),
        ("no_mark@2", 1),
    ]
    assert 'name="all:missing@1"' in text(first)
    assert 'name="all:missing@2"' not in text(first)  # one point has its own field

    some = {"why:missing:T8": "วัดปีหน้า", "why:no_mark:T6#r1": "  ", **seen_in(first)}
    refused = ask(flow.secretariat, "submit", flow.response, data=some)
    assert refused.status_code == 422
    assert "วัดปีหน้า" in text(refused)
    assert text(refused).count("ยังไม่มีเหตุผล") == 2  # the group of T1 and T2, and the mark
    assert Response.objects.get().state == S.DRAFT

    given = {**some, "all:missing@1": "รอข้อมูล", f"why:no_mark:{COURSE}": "ไฟล์ภาพ"}
    assert ask(flow.secretariat, "submit", flow.response, data=given).status_code == 302
    row = Response.objects.get()
    reasons = {f"{p['kind']}:{p['address']}": p["reason"] for p in row.open_points}
    assert reasons == {
        "missing:T1": "รอข้อมูล",
        "missing:T2": "รอข้อมูล",
        f"no_mark:{COURSE}": "ไฟล์ภาพ",
        "missing:T8": "วัดปีหน้า",
    }
    assert "วัดปีหน้า" in text(ask(flow.governor, "brief", flow.response))


def test_the_points_of_a_group_get_fields_of_their_own_when_asked(flow: Flow, ask: Any) -> None:
    flow.fill()
    flow.save("T1", {})
    flow.prove()
    first = ask(flow.secretariat, "submit", flow.response)
    assert "why:missing:T1" not in text(first)
    asked = {"all:missing@1": "รอข้อมูล", "each": "missing@1", **seen_in(first)}
    page = ask(flow.secretariat, "submit", flow.response, data=asked)
    assert page.status_code == 200
    assert "รอข้อมูล</textarea>" in text(page)
    assert Response.objects.get().state == S.DRAFT
    given = {"all:missing@1": "รอข้อมูล", "why:missing:T1": "", "why:missing:T2": "วัดปีหน้า", **seen_in(first)}
    assert ask(flow.secretariat, "submit", flow.response, data=given).status_code == 302
    reasons = {p["address"]: p["reason"] for p in Response.objects.get().open_points}
    assert reasons == {"T1": "รอข้อมูล", "T2": "วัดปีหน้า"}


def test_what_was_not_shown_is_not_submitted(flow: Flow, ask: Any) -> None:
    flow.fill()
    flow.prove()
    shown = seen_in(ask(flow.secretariat, "submit", flow.response))
    flow.save("T8", {})
    for data in (shown, {}):
        refused = ask(flow.secretariat, "submit", flow.response, data=data)
        assert refused.status_code == 409
        assert "เปลี่ยนไปหลังจากท่านเปิดหน้านี้" in text(refused)
        assert "why:missing:T8" in text(refused)
    assert Response.objects.get().state == S.DRAFT


def test_reasons_of_the_last_submission_are_shown_as_old_and_not_used_by_themselves(flow: Flow, ask: Any) -> None:
    flow.fill()
    flow.save("T1", {})
    submit_with_reasons(flow)
    day = Response.objects.get().submitted_at
    assert day is not None
    withdraw_response(by=flow.secretariat, response=flow.response)
    page = ask(flow.secretariat, "submit", flow.response)
    assert "รอข้อมูล</textarea>" not in text(page)
    assert text(page).count("เหตุผลเดิม") >= 3
    assert ask(flow.secretariat, "submit", flow.response, data=seen_in(page)).status_code == 422

    given = {"again:missing@1": "1", "why:no_file:T6#r1": "รอหลักสูตร", **seen_in(page)}
    assert ask(flow.secretariat, "submit", flow.response, data=given).status_code == 302
    points = {f"{p['kind']}:{p['address']}": p for p in Response.objects.get().open_points}
    assert points["missing:T1"]["reason"] == "รอข้อมูล"
    assert datetime.fromisoformat(points["missing:T1"]["since"]) == day
    assert "since" not in points["no_file:T6#r1"]
    brief = text(ask(flow.governor, "brief", flow.response))
    assert brief.count("เหตุผลเดิม") == 1  # said once for the group


def test_submitting_what_is_submitted_or_closed_is_said_plainly(flow: Flow, ask: Any) -> None:
    flow.submit()
    again = ask(flow.secretariat, "submit", flow.response, data={})
    assert again.status_code == 409
    assert flow.secretariat.get_full_name() in text(again)
    withdraw_response(by=flow.secretariat, response=flow.response)
    flow.close()
    assert "ปิดรอบแล้ว" in text(ask(flow.secretariat, "check", flow.response))
    assert "<textarea" not in text(ask(flow.secretariat, "submit", flow.response))
    assert ask(flow.secretariat, "submit", flow.response, data={}).status_code == 409


def test_withdrawing(flow: Flow, ask: Any) -> None:
    assert ask(flow.secretariat, "withdraw", flow.response, data={}).status_code == 409
    flow.submit()
    assert "<form" in text(ask(flow.secretariat, "withdraw", flow.response))
    assert ask(flow.secretariat, "withdraw", flow.response, data={}).status_code == 302
    assert Response.objects.get().state == S.DRAFT


# -- the brief and the decision -------------------------------------------------------------------


def test_the_brief_says_what_is_estimated_and_what_can_be_decided(real: Flow, ask: Any) -> None:
    submit_with_reasons(real)
    page = text(ask(real.governor, "brief", real.response))
    for words in ("คะแนนประมาณการ", "รอข้อมูล", "ตัวชี้วัดหลัก", "อีก 20 วัน", "3.3, 4.2"):
        assert words in page
    approve = reverse("survey:approve", args=[real.response.pk])
    assert approve in page
    assert approve not in text(ask(real.secretariat, "brief", real.response))
    assert reverse("survey:withdraw", args=[real.response.pk]) in text(ask(real.secretariat, "brief", real.response))


def test_the_brief_without_a_scheme_still_shows(flow: Flow, ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*args: Any) -> None:
        raise MissingScheme("none")

    monkeypatch.setattr("survey.approval.views.score_card.score_response", missing)
    page = ask(flow.governor, "brief", flow.response)
    assert page.status_code == 200
    assert "ยังไม่มีเกณฑ์คะแนน" in text(page)


def test_approving_needs_the_password_again(real: Flow, ask: Any) -> None:
    submit_with_reasons(real)
    version = {"version": real.response.version}
    for given in ("", "wrong"):
        refused = ask(real.governor, "approve", real.response, data={**version, "password": given})
        assert refused.status_code == 422
        assert "รหัสผ่านไม่ถูกต้อง" in text(refused)
    assert not FrozenResponse.objects.exists()
    done = ask(real.governor, "approve", real.response, data={**version, "password": PASSWORD})
    assert done.status_code == 302
    row = FrozenResponse.objects.get()
    content = read_snapshot(row)
    assert content["score"]["pillars"]
    assert content["scheme"]["source"].startswith("#") or "scheme" in content["scheme"]["source"]
    assert content["open_points"][0]["reason"] == "รอข้อมูล"
    assert verify.verify_journal().ok
    page = text(ask(real.governor, "brief", real.response))
    assert row.sha256 in page
    assert "อนุมัติแล้ว" in page


def test_evidence_is_frozen_with_its_hash_and_marks(real: Flow, ask: Any) -> None:
    real.prove("P1.3=done")
    submit_with_reasons(real)
    approve_response(by=real.governor, response=real.response, compose=read_evidence_and_score)
    (evidence,) = read_snapshot(FrozenResponse.objects.get())["evidence"]
    assert evidence["sha256"] == "0" * 64
    assert evidence["marks"] == [{"pages": "1", "quote": "ข้อความ"}]


def test_only_the_version_that_was_seen_is_approved(real: Flow, ask: Any) -> None:
    submit_with_reasons(real)
    seen = real.response.version
    withdraw_response(by=real.secretariat, response=real.response)
    submit_with_reasons(real)
    data = {"version": seen, "password": PASSWORD}
    refused = ask(real.governor, "approve", real.response, data=data)
    assert refused.status_code == 409
    assert "เปลี่ยนไปหลังจากท่านเปิดหน้านี้" in text(refused)
    assert f'name="version" value="{Response.objects.get().version}"' in text(refused)
    for odd in ("", "x", "9" * 30):
        data = {"version": odd, "password": PASSWORD}
        assert ask(real.governor, "approve", real.response, data=data).status_code == 409
    assert not FrozenResponse.objects.exists()


def test_a_second_approval_is_told_who_was_first(flow: Flow, ask: Any) -> None:
    flow.approve()
    data = {"version": flow.response.version, "password": PASSWORD}
    refused = ask(flow.governor, "approve", flow.response, data=data)
    assert refused.status_code == 409
    assert flow.governor.get_full_name() in text(refused)
    assert FrozenResponse.objects.count() == 1


def test_without_a_scheme_nothing_is_approved(flow: Flow, ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(response: Response) -> None:
        raise MissingScheme("none")

    flow.submit()
    monkeypatch.setattr("survey.approval.review.build_score_snapshot", missing)
    data = {"version": flow.response.version, "password": PASSWORD}
    refused = ask(flow.governor, "approve", flow.response, data=data)
    assert refused.status_code == 422
    assert Response.objects.get().state == S.SUBMITTED


def test_returning_with_remarks(flow: Flow, ask: Any) -> None:
    flow.submit()
    page = text(ask(flow.governor, "return", flow.response))
    assert page.count("<fieldset") == 5
    more = ask(flow.governor, "return", flow.response, data={"rows": "5", "text-0": "แก้เลข", "more": "1"})
    assert more.status_code == 200
    assert text(more).count("<fieldset") == 10
    assert "แก้เลข" in text(more)
    for data in ({}, {"text": "  "}, {"rows": "5", "text-0": "แก้เลข"}, {"rows": "5", "text-0": "ก", "question-0": "X"}):
        assert ask(flow.governor, "return", flow.response, data=data).status_code == 422
    assert not Comment.objects.exists()
    data = {"rows": "10", "text": "ขอแก้", "question-7": "T4", "text-7": "จำนวน", "question-2": "T1", "text-2": "แผน"}
    assert ask(flow.governor, "return", flow.response, data=data).status_code == 302
    assert Response.objects.get().state == S.RETURNED
    made = Comment.objects.values_list("question__item_id", "text")
    assert list(made) == [(None, "ขอแก้"), ("T1", "แผน"), ("T4", "จำนวน")]
    check = text(ask(flow.secretariat, "check", flow.response))
    assert "จำนวน" in check
    assert "#q%3AT4" in check
    assert ask(flow.governor, "return", flow.response, data={"text": "อีกครั้ง"}).status_code == 409


def test_reopening(flow: Flow, ask: Any) -> None:
    assert ask(flow.governor, "reopen", flow.response, data={"reason": "ก"}).status_code == 409
    flow.approve()
    assert ask(flow.governor, "reopen", flow.response, data={"reason": " "}).status_code == 422
    assert ask(flow.governor, "reopen", flow.response, data={"reason": "พบข้อผิดพลาด"}).status_code == 302
    page = text(ask(flow.secretariat, "versions", flow.response))
    assert "โมฆะ" in page
    assert "พบข้อผิดพลาด" in page
