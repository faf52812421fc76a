"""Every transition: who may and who may not, from which state, before and after the round closes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import Role
from dgready.canonical import sha256_hex
from survey.answering import actions as answers
from survey.answering.checker import OpenPoint
from survey.answering.opening import ensure_response
from survey.approval.actions import (
    ReasonsMissing,
    approve_response,
    reopen_response,
    return_response,
    submit_response,
    withdraw_response,
)
from survey.approval.snapshot import read_snapshot, seal_snapshot, verify_snapshot
from survey.instrument.queries import questions_by_item_id
from survey.instrument.schema import LocalizedText
from survey.models import Comment, Event, FrozenResponse, Response
from survey.threads.comments import NewComment
from survey.workflow.refusal import TransitionRefused
from survey.workflow.response_guards import RESPONSE_GUARDS, ResponseGuardFacts
from survey.workflow.response_states import allowed_response_transitions, move_response, refusal_message
from survey.workflow.response_transitions import PROVINCIAL_TRANSITIONS
from tests.flow import Flow, outside

S = Response.State
STATES = (S.DRAFT, S.ENDORSED, S.SUBMITTED, S.RETURNED, S.APPROVED)
POINT = OpenPoint("missing", "T5.2", "T5.2", "1.2.2", LocalizedText("ยังไม่ได้ตอบ"))

RESOLVED = ResponseGuardFacts(timezone.now(), resolved=True, remarks=1)

ACTS: dict[str, Callable[..., object]] = {
    "endorse": lambda by, r: move_response(by=by, response=r, name="endorse", facts=lambda *_: RESOLVED),
    "remand": lambda by, r: move_response(by=by, response=r, name="remand", facts=lambda *_: RESOLVED),
    "submit": lambda by, r: submit_response(by=by, response=r, points=lambda _: [], reasons={}),
    "withdraw": lambda by, r: withdraw_response(by=by, response=r),
    "return": lambda by, r: return_response(by=by, response=r, comments=[], text="แก้ไขข้อ 1"),
    "approve": lambda by, r: approve_response(by=by, response=r, compose=outside),
    "reopen": lambda by, r: reopen_response(by=by, response=r, reason="พบข้อผิดพลาด"),
}
# Written down once more on purpose: the table is not its own judge.
WHO = {
    "endorse": {Role.SECRETARIAT},
    "remand": {Role.SECRETARIAT},
    "submit": {Role.SECRETARIAT},
    "withdraw": {Role.SECRETARIAT},
    "return": {Role.GOVERNOR},
    "approve": {Role.GOVERNOR},
    "reopen": {Role.GOVERNOR, Role.CENTRAL_ADMIN},
}
FROM = {
    "endorse": {S.DRAFT, S.RETURNED},
    "remand": {S.DRAFT, S.RETURNED, S.ENDORSED},
    "submit": {S.DRAFT, S.RETURNED, S.ENDORSED},
    "withdraw": {S.SUBMITTED},
    "return": {S.SUBMITTED},
    "approve": {S.SUBMITTED},
    "reopen": {S.APPROVED},
}
TO = {
    "endorse": S.ENDORSED,
    "remand": S.RETURNED,
    "submit": S.SUBMITTED,
    "withdraw": S.DRAFT,
    "return": S.RETURNED,
    "approve": S.APPROVED,
    "reopen": S.DRAFT,
}


def bring(flow: Flow, state: str) -> Response:
    """The response in a state, by the way people would take."""
    if state == S.APPROVED:
        flow.approve()
    elif state == S.ENDORSED:
        ACTS["endorse"](flow.secretariat, flow.response)
    elif state != S.DRAFT:
        flow.submit()
    if state == S.RETURNED:
        ACTS["return"](flow.governor, flow.response)
    assert flow.response.state == state
    return flow.response


def stored(response: Response) -> str:
    return Response.objects.get(pk=response.pk).state


@pytest.mark.parametrize("name", ACTS)
def test_who_may_and_who_may_not(name: str, flow: Flow) -> None:
    response = bring(flow, next(iter(sorted(FROM[name]))))
    before = response.version, response.state
    entitled = []
    for label, user in flow.people.everyone():
        may = name in {t.name for t in allowed_response_transitions(user, response)}
        if may:
            entitled.append((label, user))
            continue
        with pytest.raises(TransitionRefused) as caught:
            ACTS[name](user, response)
        assert caught.value.reason == "capability"
        assert refusal_message(user, response, name)
    assert Response.objects.values_list("version", "state").get(pk=response.pk) == before
    roles = {Role(label.partition(":")[0]) for label, _ in entitled}
    assert roles == WHO[name]
    assert not any(label.endswith(":b") for label, _ in entitled)
    assert refusal_message(entitled[0][1], response, name) == ""
    ACTS[name](entitled[0][1], response)
    assert response.state == stored(response) == TO[name]


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("state", STATES)
def test_wrong_state_is_refused_in_plain_words(name: str, state: S, flow: Flow) -> None:
    response = bring(flow, state)
    by = flow.people.who(next(iter(sorted(WHO[name]))))
    if state in FROM[name]:
        return
    with pytest.raises(TransitionRefused) as caught:
        ACTS[name](by, response)
    assert caught.value.reason == "state"
    assert str(S(state).label) in str(caught.value)
    assert name not in {t.name for t in allowed_response_transitions(by, response)}
    assert stored(response) == state


@pytest.mark.parametrize("name", ACTS)
def test_nothing_moves_after_the_round_closed(name: str, flow: Flow) -> None:
    response = bring(flow, next(iter(sorted(FROM[name]))))
    flow.close()
    by = flow.people.who(next(iter(sorted(WHO[name]))))
    before = response.state
    assert allowed_response_transitions(by, response) == []
    assert "ปิดรอบแล้ว" in refusal_message(by, response, name)
    with pytest.raises(TransitionRefused, match="ปิดรอบแล้ว"):
        ACTS[name](by, response)
    assert stored(response) == before


def test_the_round_is_open_through_its_last_millisecond(flow: Flow) -> None:
    last = flow.round.closes_at
    assert timezone.localtime(last).strftime("%H:%M:%S.%f") == "23:59:59.999000"
    assert allowed_response_transitions(flow.secretariat, flow.response, last)
    assert not allowed_response_transitions(flow.secretariat, flow.response, last + timedelta(milliseconds=1))


def test_a_contribution_has_no_transitions(flow: Flow) -> None:
    contribution = ensure_response(by=None, round_=flow.round, agency=flow.people.a1)
    assert allowed_response_transitions(flow.secretariat, contribution) == []
    with pytest.raises(TransitionRefused):
        withdraw_response(by=flow.secretariat, response=contribution)


def test_the_table_names_known_guards_and_reaches_every_state() -> None:
    assert {g for t in PROVINCIAL_TRANSITIONS for g in t.guards} == set(RESPONSE_GUARDS)
    assert {t.target for t in PROVINCIAL_TRANSITIONS} == set(STATES)
    assert {s for t in PROVINCIAL_TRANSITIONS for s in t.sources} == set(STATES)


# -- submitting -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reasons",
    [{}, {POINT.key: "  "}, {"missing:T9": "เหตุผล"}, {"missing": "เหตุผล"}, {"missing@9": "เหตุผล"}, {POINT.key: "\x00"}],
)
def test_open_points_need_a_reason(reasons: dict[str, str], flow: Flow) -> None:
    with pytest.raises(ReasonsMissing) as caught:
        submit_response(by=flow.secretariat, response=flow.response, points=lambda r: [POINT], reasons=reasons)
    assert list(caught.value.points) == [POINT]
    assert stored(flow.response) == S.DRAFT
    assert not Event.objects.filter(verb="response.submit").exists()


def test_reasons_are_kept_with_the_points(flow: Flow) -> None:
    submit_response(
        by=flow.secretariat, response=flow.response, points=lambda r: [POINT], reasons={POINT.key: " รอข้อมูล "}
    )
    row = Response.objects.get(pk=flow.response.pk)
    point = {"kind": "missing", "address": "T5.2", "question": "T5.2", "section": "1.2.2"}
    assert row.open_points == [{**point, "say": {"th": "ยังไม่ได้ตอบ", "en": "ยังไม่ได้ตอบ"}, "reason": "รอข้อมูล"}]
    assert row.submitted_at is not None
    event = Event.objects.get(verb="response.submit")
    assert event.data["open_points"] == row.open_points
    assert (event.data["from"], event.data["to"]) == ("draft", "submitted")


def test_points_are_read_under_the_lock(flow: Flow) -> None:
    seen: list[int] = []
    flow.fill()
    stale = Response.objects.get(pk=flow.response.pk)
    stale.version = 0
    submit_response(by=flow.secretariat, response=stale, points=lambda r: seen.append(r.version) or [], reasons={})
    assert seen == [Event.objects.filter(verb="answer.save").count() + 1]


@pytest.mark.parametrize("state", [S.SUBMITTED, S.APPROVED])
def test_answers_do_not_change_while_submitted_or_approved(state: S, flow: Flow) -> None:
    bring(flow, state)
    before = list(flow.response.answers.values_list("pk", "value", "revision"))
    with pytest.raises(answers.NotEditable):
        flow.save("T8", {"T8": "yes"})
    assert list(flow.response.answers.values_list("pk", "value", "revision")) == before


@pytest.mark.parametrize("name", ["return", "withdraw"])
def test_after_return_or_withdrawal_answers_change_again(name: str, flow: Flow) -> None:
    bring(flow, S.SUBMITTED)
    ACTS[name](flow.people.who(next(iter(WHO[name]))), flow.response)
    assert flow.save("T8", {"T8": "yes"}).changed


def test_no_save_after_the_round_closed(flow: Flow) -> None:
    flow.close()
    with pytest.raises(answers.NotEditable):
        flow.save("T8", {"T8": "no"})


# -- returning ------------------------------------------------------------------------------------


def test_a_return_says_what_to_change(flow: Flow) -> None:
    bring(flow, S.SUBMITTED)
    question = questions_by_item_id(flow.round.instrument)["T4"]
    remarks = [NewComment(question, "จำนวนไม่ตรงกับเอกสาร"), NewComment(question, "  ")]
    return_response(by=flow.governor, response=flow.response, comments=remarks, text="ขอแก้ 1 ข้อ")
    made = list(Comment.objects.values_list("question__item_id", "text", "resolved_at", "must_answer"))
    assert made == [(None, "ขอแก้ 1 ข้อ", None, True), ("T4", "จำนวนไม่ตรงกับเอกสาร", None, True)]
    event = Event.objects.get(verb="response.return")
    assert event.data["comments"] == list(Comment.objects.values_list("pk", flat=True))
    assert Event.objects.filter(verb="comment.add").count() == 2


def test_what_was_returned_is_answered_before_it_is_submitted_again(flow: Flow) -> None:
    bring(flow, S.SUBMITTED)
    return_response(by=flow.governor, response=flow.response, comments=[], text="ขอแก้ 1 ข้อ")
    assert "submit" not in {t.name for t in allowed_response_transitions(flow.secretariat, flow.response)}
    with pytest.raises(TransitionRefused, match="ต้องตอบก่อนเสนอ"):
        ACTS["submit"](flow.secretariat, flow.response)
    flow.answer_remarks()
    ACTS["submit"](flow.secretariat, flow.response)
    assert stored(flow.response) == S.SUBMITTED


def test_a_remark_may_be_for_information_only(flow: Flow) -> None:
    bring(flow, S.SUBMITTED)
    return_response(by=flow.governor, response=flow.response, comments=[NewComment(None, "ขอบคุณ", False)])
    ACTS["submit"](flow.secretariat, flow.response)
    assert stored(flow.response) == S.SUBMITTED


def test_a_return_without_a_word_is_refused(flow: Flow) -> None:
    bring(flow, S.SUBMITTED)
    with pytest.raises(TransitionRefused) as caught:
        return_response(by=flow.governor, response=flow.response, comments=[], text=" ")
    assert caught.value.reason == "guard"
    assert not Comment.objects.exists()


# -- approving ------------------------------------------------------------------------------------


def test_approval_freezes_everything_under_its_hash(flow: Flow) -> None:
    version = flow.approve()
    assert verify_snapshot(version) == []
    content = read_snapshot(version)
    assert content["province"]["code"] == flow.province.code
    assert content["instrument"]["checksum"] == flow.round.instrument.checksum
    assert content["answers"]["T1"]["value"] == {"T1": "none", "T1.1": "ยังไม่มีงบประมาณ"}
    assert content["answers"]["T1"]["saved_by"] == flow.secretariat.pk
    assert content["approved"]["by"] == flow.governor.pk
    assert content["round"]["closes_at"].endswith("23:59:59.999000+07:00")
    submitted, approved = Event.objects.filter(verb__in=["response.submit", "response.approve"]).order_by("seq")
    assert content["journal"] == {"seq": submitted.seq, "hash": submitted.hash}
    assert approved.data["sha256"] == version.sha256
    assert approved.data["number"] == version.number == 1


def test_any_change_of_the_content_shows(flow: Flow) -> None:
    version = flow.approve()
    version.content = version.content.replace('"T8":"no"', '"T8":"yes"')
    assert verify_snapshot(version) == ["the content does not match its SHA-256"]
    version.content, version.sha256 = seal_snapshot({"format": "other"})
    assert verify_snapshot(version) != []
    version.content, version.sha256 = "[", sha256_hex("[")
    assert verify_snapshot(version) != []


def test_what_cannot_be_frozen_stops_the_approval(flow: Flow) -> None:
    flow.submit()
    for given in ({"scheme": {}}, {**outside(flow.response), "score": {"total": 0.5}}):
        with pytest.raises(ValueError):
            approve_response(by=flow.governor, response=flow.response, compose=lambda r, g=given: g)
    assert stored(flow.response) == S.SUBMITTED
    assert not FrozenResponse.objects.exists()


def test_an_answer_that_changed_after_the_brief_is_not_approved_unseen(flow: Flow) -> None:
    flow.submit()
    seen = flow.response.version
    withdraw_response(by=flow.secretariat, response=flow.response)
    flow.save("T8", {"T8": "yes"})
    ACTS["submit"](flow.secretariat, flow.response)
    with pytest.raises(TransitionRefused) as caught:
        approve_response(by=flow.governor, response=flow.response, compose=outside, seen=seen)
    assert caught.value.reason == "changed"
    assert not FrozenResponse.objects.exists()


def test_the_second_of_two_approvals_is_told_who_was_first(flow: Flow) -> None:
    flow.submit()
    stale = Response.objects.get(pk=flow.response.pk)
    ACTS["approve"](flow.governor, flow.response)
    with pytest.raises(TransitionRefused, match=flow.governor.get_full_name()):
        ACTS["approve"](flow.governor, stale)
    assert FrozenResponse.objects.count() == 1


# -- reopening ------------------------------------------------------------------------------------


def test_reopening_voids_and_keeps_the_frozen_version(flow: Flow) -> None:
    first = flow.approve()
    reopen_response(by=flow.governor, response=flow.response, reason=" พบข้อผิดพลาด ")
    first.refresh_from_db()
    assert first.voided_at is not None
    assert (first.voided_by, first.void_reason) == (flow.governor, "พบข้อผิดพลาด")
    assert verify_snapshot(first) == []
    event = Event.objects.get(verb="response.reopen")
    assert event.data["reason"] == "พบข้อผิดพลาด"
    assert event.data["number"] == 1
    flow.save("T8", {"T8": "yes"})
    ACTS["submit"](flow.secretariat, flow.response)
    second = approve_response(by=flow.governor, response=flow.response, compose=outside)
    assert second.number == 2
    assert list(FrozenResponse.objects.filter(voided_at=None)) == [second]
    assert read_snapshot(first)["answers"]["T8"]["value"] == {"T8": "no"}


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_reopening_needs_a_reason(reason: str, flow: Flow) -> None:
    flow.approve()
    with pytest.raises(TransitionRefused) as caught:
        reopen_response(by=flow.governor, response=flow.response, reason=reason)
    assert caught.value.reason == "guard"
    assert FrozenResponse.objects.get().voided_at is None
