"""Submitting shows the whole truth, and the round's guards ask for a reason that the governor sees."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from dgready.canonical import canonical_json, sha256_hex
from survey.approval.actions import ReasonsMissing, approve_response, submit_response
from survey.approval.snapshot import read_snapshot, verify_snapshot
from survey.approval.submission_standing import read_submission_standing
from survey.approval.unsettled_parts import read_unsettled_parts
from survey.assigning.targets import AssignmentTarget
from survey.instrument.queries import compiled_instrument
from survey.journal.event_texts import describe_event
from survey.models import Assignment, Event, Response, Round, SubmissionGuard
from survey.rounds import actions as rounds
from survey.threads import actions as threads
from tests.assigned import Assigned, make_assigned
from tests.committee import endorsed, make_meeting, today
from tests.flow import Flow, outside, text
from tests.people import People
from tests.proven import codes
from tests.survey.approval.test_workflow_pages import seen_in

G = SubmissionGuard
S = Response.State
REASON = "หน่วยงานขอส่งหลังรอบนี้"


@pytest.fixture
def given(people: People) -> Assigned:
    """A round with all guards, whose parts are with agencies; everything is answered."""
    world = make_assigned(people)
    world.flow.set_guards()
    world.flow.fill()
    world.flow.prove()
    return world


def submit(flow: Flow, **overrides: str) -> None:
    """Submits an answer without open points."""
    submit_response(by=flow.secretariat, response=flow.response, points=lambda r: [], reasons={}, overrides=overrides)


def failing(flow: Flow) -> set[str]:
    """The guards that fail now."""
    standing = read_submission_standing(flow.response)
    return {str(g.guard) for g in standing.guards if not g.holds}


def settle(world: Assigned) -> None:
    """All parts are accepted."""
    Assignment.objects.filter(round=world.round).update(state=Assignment.State.ACCEPTED)


# -- what each guard means --------------------------------------------------------------------------


def test_a_new_round_has_every_guard(flow: Flow) -> None:
    dates = {name: getattr(flow.round, name) for name in rounds.DATE_FIELDS}
    other = rounds.open_round(by=None, province=flow.people.b, instrument=flow.round.instrument, dates=dates)
    assert other.submission_guards == ["parts_settled", "committee_endorsed", "unchanged"]
    assert Round._meta.get_field("submission_guards").get_default() == other.submission_guards


@pytest.mark.parametrize(
    ("state", "if_any", "due", "settled"),
    [
        ("open", False, 3, False),
        ("open", False, -1, False),
        ("open", True, 3, False),
        ("open", True, -1, True),
        ("returned", True, -1, False),
        ("submitted", False, 3, False),
        ("accepted", False, 3, True),
        ("declined", False, 3, True),
    ],
)
def test_which_parts_are_settled(state: str, if_any: bool, due: int, settled: bool, given: Assigned) -> None:
    Assignment.objects.filter(round=given.round).exclude(pk=given.part().pk).delete()
    Assignment.objects.filter(round=given.round).update(state=state, if_any=if_any, due=today(due))
    found = read_unsettled_parts(given.round)
    assert (not found.agencies) is settled
    assert found.total == 1
    if not settled:
        (agency,) = found.agencies
        assert (bool(agency.missing), bool(agency.waiting)) == (state != "submitted", state == "submitted")
        assert agency.overdue is (due < 0)
        assert agency.name.th in agency.line.th


def test_roles_that_only_read_are_not_waited_for(given: Assigned) -> None:
    settle(given)
    given.give(given.people.a2, AssignmentTarget("2.1"), "I")
    assert read_unsettled_parts(given.round).agencies == ()


def test_the_guards_follow_the_year(given: Assigned) -> None:
    flow = given.flow
    assert failing(flow) == {G.PARTS_SETTLED, G.COMMITTEE_ENDORSED}
    settle(given)
    assert failing(flow) == {G.COMMITTEE_ENDORSED}
    endorsed(flow.secretariat, flow.round, today(1))
    flow.response.refresh_from_db()
    assert failing(flow) == set()
    flow.save("T8", {"T8": "yes"})
    assert failing(flow) == {G.UNCHANGED}


# -- blocking and overriding ------------------------------------------------------------------------


@pytest.mark.parametrize("missing", [G.PARTS_SETTLED, G.COMMITTEE_ENDORSED])
def test_each_guard_blocks_until_it_is_overridden_with_a_reason(missing: str, given: Assigned) -> None:
    flow = given.flow
    reasons = {G.PARTS_SETTLED.value: REASON, G.COMMITTEE_ENDORSED.value: "ประชุมหลังวันปิด"}
    for empty in ("", "  ", "\x00"):
        with pytest.raises(ReasonsMissing) as caught:
            submit(flow, **{**reasons, str(missing): empty})
        assert [g.guard for g in caught.value.guards] == [missing]
        assert Response.objects.get(round=flow.round, agency=None).state == S.DRAFT
    submit(flow, **reasons)
    stated = {g["guard"]: g for g in Event.objects.get(verb="response.submit").data["guards"]}
    assert stated[missing]["reason"] == reasons[missing]
    assert (stated[missing]["on"], stated[missing]["holds"]) == (True, False)


def test_a_change_after_the_endorsement_needs_its_reason(given: Assigned) -> None:
    flow = given.flow
    settle(given)
    endorsed(flow.secretariat, flow.round, today(1))
    flow.response.refresh_from_db()
    flow.save("T8", {"T8": "yes"})
    with pytest.raises(ReasonsMissing, match="เปลี่ยนหลังคณะกรรมการเห็นชอบ"):
        submit(flow)
    submit(flow, unchanged="แก้ตามมติ")
    (stated,) = [g for g in Event.objects.get(verb="response.submit").data["guards"] if not g["holds"]]
    assert stated["reason"] == "แก้ตามมติ"
    assert "1 ข้อ" in stated["say"]["th"]


def test_a_guard_that_is_off_is_told_but_not_asked(given: Assigned) -> None:
    given.flow.set_guards(G.UNCHANGED)
    submit(given.flow, parts_settled="เหตุผลที่ไม่ได้ถาม")
    stated = {g["guard"]: g for g in Event.objects.get(verb="response.submit").data["guards"]}
    assert (stated["parts_settled"]["on"], stated["parts_settled"]["holds"]) == (False, False)
    assert stated["parts_settled"]["reason"] == ""


def test_overrides_are_frozen_and_the_journal_proves_them(given: Assigned) -> None:
    flow = given.flow
    submit(flow, parts_settled=REASON, committee_endorsed="ประชุมหลังวันปิด")
    version = approve_response(by=flow.governor, response=flow.response, compose=outside)
    assert verify_snapshot(version) == []
    told = read_snapshot(version)["submitted"]
    event = Event.objects.get(verb="response.submit")
    assert told["by"] == flow.secretariat.pk
    assert told["guards"] == event.data["guards"]
    assert codes() == [("round.changed", "submission_guards")]  # turned on by hand
    entry = describe_event(compiled_instrument(flow.round.instrument), event, {})
    assert REASON in entry.text


def test_another_override_than_the_journals_is_found(given: Assigned, monkeypatch: pytest.MonkeyPatch) -> None:
    flow = given.flow
    submit(flow, parts_settled=REASON, committee_endorsed="ประชุมหลังวันปิด")
    with monkeypatch.context() as patched:
        other = {"at": timezone.now(), "by": flow.secretariat.pk, "guards": []}
        patched.setattr("survey.approval.snapshot.submission_content", lambda submission: other)
        approve_response(by=flow.governor, response=flow.response, compose=outside)
    assert ("version.text", "submitted") in codes()


def test_a_version_frozen_before_there_were_guards_still_holds(given: Assigned) -> None:
    flow = given.flow
    submit(flow, parts_settled=REASON, committee_endorsed="ประชุมหลังวันปิด")
    version = approve_response(by=flow.governor, response=flow.response, compose=outside)
    data = read_snapshot(version)
    data["submitted"] = {"at": data["submitted"]["at"]}
    version.content = canonical_json(data)
    version.sha256 = sha256_hex(version.content)
    assert verify_snapshot(version) == []


# -- the page ---------------------------------------------------------------------------------------


def test_the_page_shows_the_whole_truth(given: Assigned, ask: Any) -> None:
    flow = given.flow
    given.submitted()
    given.due(-2)
    page = text(ask(flow.secretariat, "submit", flow.response))
    for agency in (given.people.a1, given.people.a2):
        assert reverse("survey:board-agency", args=[flow.province.code, flow.round.year, agency.code]) in page
        assert agency.name in page
    for words in ("ส่งแล้วยังไม่รับ", "ยังไม่ส่ง", "เลยกำหนด", "กำหนดส่งของหน่วยงาน", "ผ่านแล้ว", "ไม่มีมติเห็นชอบ"):
        assert words in page
    assert 'name="guard:parts_settled"' in page
    assert 'name="guard:unchanged"' not in page


def test_the_governor_sees_the_reason_before_the_act(given: Assigned, ask: Any) -> None:
    flow = given.flow
    page = ask(flow.secretariat, "submit", flow.response)
    refused = ask(flow.secretariat, "submit", flow.response, data={**seen_in(page), "guard:parts_settled": REASON})
    assert refused.status_code == 422
    assert f"{REASON}</textarea>" in text(refused)
    assert text(refused).count("ยังไม่มีเหตุผล") == 1
    given_reasons = {"guard:parts_settled": REASON, "guard:committee_endorsed": "ประชุมหลังวันปิด"}
    assert ask(flow.secretariat, "submit", flow.response, data={**seen_in(page), **given_reasons}).status_code == 302
    for name in ("brief", "approve"):
        shown = text(ask(flow.governor, name, flow.response))
        assert REASON in shown
        assert given.people.a2.name in shown


def test_a_part_that_moved_meanwhile_was_not_shown(given: Assigned, ask: Any) -> None:
    flow = given.flow
    page = ask(flow.secretariat, "submit", flow.response)
    given.move("decline", reason="ไม่มีข้อมูล")
    reasons = {"guard:parts_settled": REASON, "guard:committee_endorsed": "ประชุมหลังวันปิด"}
    refused = ask(flow.secretariat, "submit", flow.response, data={**seen_in(page), **reasons})
    assert refused.status_code == 409
    assert f"{REASON}</textarea>" in text(refused)


def test_what_must_be_answered_is_linked_where_it_blocks(given: Assigned, ask: Any) -> None:
    flow = given.flow
    threads.start_thread(by=flow.governor, response=flow.response, text="ขอเอกสาร", must_answer=True)
    where = reverse("survey:threads", args=[flow.response.pk]) + "?show=must"
    for name in ("check", "submit"):
        assert where in text(ask(flow.secretariat, name, flow.response))


def test_a_planned_meeting_still_comes_first(given: Assigned, ask: Any) -> None:
    flow = given.flow
    make_meeting(flow.secretariat, flow.round)
    page = text(ask(flow.secretariat, "submit", flow.response))
    assert "<textarea" not in page
    assert given.people.a1.name in page  # the truth is shown all the same


def test_the_page_takes_few_queries_whatever_is_open(given: Assigned, client: Client) -> None:
    flow = given.flow
    endorsed(flow.secretariat, flow.round, today(1))
    for answer in ("yes", "no", "yes"):
        flow.save("T8", {"T8": answer})
    client.force_login(flow.secretariat)
    client.get("/healthz")
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("survey:submit", args=[flow.response.pk]))
    assert page.status_code == 200
    assert len(queries) <= 10, "\n".join(q["sql"][:150] for q in queries)


def test_last_years_reasons_are_shown_with_their_year(given: Assigned, ask: Any) -> None:
    flow = given.flow
    flow.save("T8", {})
    names = ("instrument", "period_from", "period_to", "opens_on", "agency_due", "committee_on", "closes_at")
    before = Round.objects.create(
        province=flow.province, year=flow.round.year - 1, **{n: getattr(flow.round, n) for n in names}
    )
    point = {"kind": "missing", "address": "T8", "question": "T8", "section": "2.1", "reason": "ปีก่อนไม่ได้วัด"}
    at = timezone.now() - timedelta(days=365)
    Response.objects.create(round=before, state=S.APPROVED, open_points=[point], submitted_at=at)
    Round.objects.filter(pk=flow.round.pk).update(previous=before)
    page = text(ask(flow.secretariat, "submit", flow.response))
    assert "ปีก่อนไม่ได้วัด" in page
    assert f"เหตุผลเดิม ปี {before.year}" in page
    assert "ปีก่อนไม่ได้วัด</textarea>" not in page


def test_who_manages_the_round_is_led_to_its_guards(given: Assigned, ask: Any, client: Client) -> None:
    flow = given.flow
    where = reverse("survey:round-guards", args=[flow.province.code, flow.round.year])
    assert where not in text(ask(flow.secretariat, "submit", flow.response))
    client.force_login(flow.who(Role.PROVINCE_ADMIN))
    assert where in text(client.get(reverse("survey:round", args=[flow.province.code, flow.round.year])))
