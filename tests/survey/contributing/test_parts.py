"""An agency's part: who may move it where, what it may answer meanwhile, and that one of two wins."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from accounts.roles import Role
from survey import access
from survey.answering import actions as answers
from survey.assigning.queries import agency_closed_reason, answer_scope
from survey.contributing import actions
from survey.models import Answer, Assignment, Event, Response
from survey.threads import actions as threads
from survey.threads.actions import ThreadSubject
from survey.verifying import verify
from survey.workflow.part_states import allowed_part_transitions
from survey.workflow.part_transitions import PART_TRANSITIONS
from survey.workflow.refusal import TransitionRefused
from tests.assigned import Assigned, make_assigned
from tests.people import make_people
from tests.proven import codes

S = Assignment.State
PLACES = {
    Role.CENTRAL_ADMIN: [""],
    Role.PROVINCE_ADMIN: ["a", "b"],
    Role.SECRETARIAT: ["a", "b"],
    Role.COMMITTEE: ["a", "b"],
    Role.GOVERNOR: ["a", "b"],
    Role.COORDINATOR: ["a1", "a2", "b1"],
}
ASSIGNERS = {(Role.CENTRAL_ADMIN, ""), (Role.PROVINCE_ADMIN, "a"), (Role.SECRETARIAT, "a")}
OWN = {(Role.COORDINATOR, "a1")}
WHO = {
    "submit": OWN,
    "nothing": OWN,
    "withdraw": OWN,
    "decline": OWN,
    "accept": ASSIGNERS,
    "return": ASSIGNERS,
    "reopen": ASSIGNERS,
}
EVERYBODY = [(role, place) for role, places in PLACES.items() for place in places]


def put(world: Assigned, state: S, step: str = "") -> Assignment:
    """The part of a1 in a state, with something answered unless the step asks for nothing."""
    if step != "nothing":
        world.answer("T1", {"T1": "none", "T1.1": "เหตุผล"})
    part = world.part()
    Assignment.objects.filter(pk=part.pk).update(state=state, state_at=timezone.now(), state_by=world.coordinator)
    return world.part()


def test_the_table_names_everybody_once() -> None:
    names = [row.name for row in PART_TRANSITIONS]
    assert names == ["submit", "nothing", "withdraw", "decline", "accept", "return", "reopen"]
    assert {row.target for row in PART_TRANSITIONS} == set(S)


@pytest.mark.parametrize(("role", "place"), EVERYBODY)
@pytest.mark.parametrize("row", PART_TRANSITIONS, ids=lambda row: row.name)
def test_who_may_and_who_may_not(world: Assigned, row: Any, role: Role, place: str) -> None:
    part, by = put(world, row.sources[0], row.name), world.people.who(role, place)
    may = (role, place) in WHO[row.name]
    assert (row in allowed_part_transitions(by, part)) is may
    if may:
        actions.move_part(by=by, part=part, name=row.name, reason="เหตุผล")
        assert world.part().state == row.target
        event = Event.objects.filter(verb=row.verb).get()
        assert event.response.agency == world.people.a1
        assert event.by == by
        assert event.data["from"] == row.sources[0]
        assert event.data["to"] == row.target
        assert codes(by_hand=("event.before",)) == []
    else:
        with pytest.raises(TransitionRefused) as refused:
            actions.move_part(by=by, part=part, name=row.name, reason="เหตุผล")
        assert refused.value.reason == "capability"
        assert world.part().state == row.sources[0]
        assert not Event.objects.filter(verb=row.verb).exists()


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("row", PART_TRANSITIONS, ids=lambda row: row.name)
def test_from_where_a_step_goes(world: Assigned, row: Any, state: S) -> None:
    part = put(world, state, row.name)
    by = world.coordinator if WHO[row.name] == OWN else world.secretariat
    if state in row.sources:
        actions.move_part(by=by, part=part, name=row.name, reason="เหตุผล")
        assert world.part().state == row.target
    else:
        with pytest.raises(TransitionRefused) as refused:
            actions.move_part(by=by, part=part, name=row.name, reason="เหตุผล")
        assert refused.value.reason == "state"
        assert world.coordinator.get_full_name() in str(refused.value)


@pytest.mark.parametrize("name", ["decline", "nothing", "return"])
def test_a_reason_is_asked_for(world: Assigned, name: str) -> None:
    part = put(world, S.SUBMITTED if name == "return" else S.OPEN, name)
    by = world.secretariat if name == "return" else world.coordinator
    with pytest.raises(TransitionRefused) as refused:
        actions.move_part(by=by, part=part, name=name, reason="  ")  # type: ignore[arg-type]
    assert refused.value.reason == "guard"


def test_an_empty_part_is_not_submitted_but_says_that_there_is_nothing(world: Assigned) -> None:
    for part in (world.part(), world.part(name="T8")):
        with pytest.raises(TransitionRefused, match="ยังไม่ได้ตอบ"):
            world.move("submit", part)
    part = world.move("nothing", reason="ปีนี้ไม่ได้จัดบริการ")
    assert (part.state, part.nothing_reason, part.state_note) == (S.SUBMITTED, "ปีนี้ไม่ได้จัดบริการ", "")
    assert part.state_label == "ไม่มีข้อมูลจะรายงาน"
    assert Event.objects.get(verb="part.nothing").data["reason"] == "ปีนี้ไม่ได้จัดบริการ"
    part = world.move("accept")
    assert (part.state, part.nothing_reason) == (S.ACCEPTED, "ปีนี้ไม่ได้จัดบริการ")
    assert part.state_label == "รับแล้ว: ไม่มีข้อมูลจะรายงาน"
    part = world.move("return", reason="มีศูนย์บริการหนึ่งแห่ง")
    assert (part.nothing_reason, part.state_label) == ("", "ส่งกลับให้แก้ไข")


def test_there_is_not_nothing_where_something_is_answered(world: Assigned) -> None:
    world.answer("T1", {"T1": "none"})
    with pytest.raises(TransitionRefused, match="มีคำตอบอยู่แล้ว"):
        world.move("nothing", reason="ไม่มี")
    assert world.part().state == S.OPEN


def test_missing_evidence_needs_a_reason_which_is_kept_with_the_part(world: Assigned) -> None:
    world.answer("T1", {"T1": "done"})
    for reasons in (None, {}, {"T1": " \u200b"}, {"T2": "ข้ออื่น"}):
        with pytest.raises(TransitionRefused, match="ขาดหลักฐาน 1 ข้อ") as refused:
            world.move("submit", evidence_reasons=reasons)
        assert refused.value.reason == "guard"
    part = world.move("submit", evidence_reasons={"T1": "รอประกาศ\x00 ", "T2": "ไม่ได้ขาด", "T8": "ไม่ใช่ส่วนนี้"})
    assert part.evidence_reasons == {"T1": "รอประกาศ"}
    assert Event.objects.get(verb="part.submit").data["evidence"] == {"T1": "รอประกาศ"}
    assert world.move("accept").evidence_reasons == {"T1": "รอประกาศ"}
    assert verify.verify_journal().ok


def test_what_is_not_ours_is_taken_back_by_the_agency_too(world: Assigned) -> None:
    world.move("decline", reason="ไม่ใช่งาน", suggested=world.people.a2)
    part = world.move("withdraw")
    assert (part.state, part.suggested, part.state_note) == (S.OPEN, None, "")


def test_a_demanded_reply_comes_before_submission(world: Assigned) -> None:
    world.answer("T1", {"T1": "none"})
    response = world.contribution()
    office, about = world.secretariat, ThreadSubject(world.flow.question("T1"))
    comment = threads.start_thread(by=office, response=response, text="ปีใด", about=about, must_answer=True)
    whole = threads.start_thread(by=office, response=response, text="ทั้งฉบับ", must_answer=True)
    threads.start_thread(
        by=office, response=response, text="ข้ออื่น", about=ThreadSubject(world.flow.question("T8")), must_answer=True
    )
    with pytest.raises(TransitionRefused, match="ต้องตอบก่อนส่ง"):
        world.move("submit")
    threads.resolve_thread(by=office, response=response, thread=comment)
    with pytest.raises(TransitionRefused, match="ต้องตอบก่อนส่ง"):
        world.move("submit")
    threads.reply_to_thread(by=office, response=response, thread=whole, text="ยังรออยู่")
    with pytest.raises(TransitionRefused, match="1 เรื่องที่ต้องตอบก่อนส่ง"):
        world.move("submit")
    # Answered is answered: whether it is settled is for its author to say.
    threads.reply_to_thread(by=world.coordinator, response=response, thread=whole, text="ตอบแล้ว")
    assert world.move("submit").state == S.SUBMITTED


def test_a_suggestion_is_kept_and_a_late_one_is_marked(world: Assigned) -> None:
    world.due(-1)
    part = world.move("decline", reason="ไม่มีภารกิจ", suggested=world.people.a2)
    assert part.suggested == world.people.a2
    event = Event.objects.get(verb="part.decline")
    assert event.data["suggested"] == "A2"
    assert event.data["late"] is True


def test_whoever_reads_only_moves_nothing(world: Assigned) -> None:
    part = world.part(name="T4")
    assert allowed_part_transitions(world.coordinator, part) == []
    with pytest.raises(TransitionRefused):
        actions.move_part(by=world.coordinator, part=part, name="submit")


def test_what_moved_since_is_not_decided_unseen(world: Assigned) -> None:
    seen = world.submitted().state_at
    world.move("withdraw")
    world.move("submit")
    with pytest.raises(TransitionRefused) as refused:
        world.move("accept", seen=seen)
    assert refused.value.reason == "changed"
    assert world.part().state == S.SUBMITTED


# -- until when -------------------------------------------------------------------------------------


def test_late_answers_are_taken_until_the_committees_last_day(world: Assigned) -> None:
    world.due(-3)
    response, provincial = world.contribution(), Response.objects.filter(pk=world.flow.response.pk)
    assert agency_closed_reason(response) == ""
    provincial.update(state=Response.State.ENDORSED, late_until=world.day(0))
    assert agency_closed_reason(response) == ""
    for last in (world.day(-1), None):
        provincial.update(late_until=last)
        assert "คณะกรรมการ" in agency_closed_reason(response)
        assert not access.may_edit_answer(world.coordinator, response, world.flow.question("T1"))
    provincial.update(state=Response.State.RETURNED)
    assert agency_closed_reason(response) == ""


@pytest.mark.parametrize("state", [Response.State.SUBMITTED, Response.State.APPROVED])
def test_agencies_wait_once_the_province_has_submitted(world: Assigned, state: str) -> None:
    Response.objects.filter(pk=world.flow.response.pk).update(state=state)
    assert agency_closed_reason(world.contribution())
    with pytest.raises(TransitionRefused) as refused:
        world.move("decline", reason="เหตุผล")
    assert refused.value.reason == "guard"


def test_nothing_moves_after_the_round(world: Assigned) -> None:
    part = world.submitted()
    world.flow.close()
    for name in ("withdraw", "accept", "return"):
        with pytest.raises(TransitionRefused) as refused:
            world.move(name, part, reason="เหตุผล")
        assert refused.value.reason == "guard"


# -- two at once ------------------------------------------------------------------------------------


def at_once(*acts: Callable[[], object]) -> list[object]:
    start = threading.Barrier(len(acts))
    given: list[object] = [None] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        start.wait()
        try:
            given[number] = act()
        except (TransitionRefused, answers.NotEditable) as refused:
            given[number] = refused
        finally:
            connections.close_all()

    runners = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join(30)
    return given


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_at_once_one_wins_and_the_other_is_told() -> None:
    assert connection.vendor == "postgresql"
    world = make_assigned(make_people())
    part = world.submitted()
    by = world.secretariat
    given = at_once(
        *(lambda: actions.move_part(by=by, part=world.fresh(part), name="accept") for _ in range(3)),
        lambda: actions.move_part(by=world.coordinator, part=world.fresh(part), name="withdraw"),
    )
    refused = [g for g in given if isinstance(g, TransitionRefused)]
    assert len(refused) == 3
    assert {r.reason for r in refused} == {"state"}
    assert Event.objects.filter(verb__in=["part.accept", "part.withdraw"]).count() == 1
    assert verify.verify_journal().ok


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_answer_saved_while_the_part_is_handed_in_is_before_or_not_at_all() -> None:
    world = make_assigned(make_people())
    world.answer("T1", {"T1": "none"})
    given = at_once(
        lambda: world.answer("T2", {"T2": ["never"]}),
        lambda: actions.move_part(by=world.coordinator, part=world.part(), name="submit"),
    )
    submitted = Event.objects.get(verb="part.submit")
    late = Event.objects.filter(verb="answer.save", response=submitted.response, seq__gt=submitted.seq)
    assert not late.exists()
    assert isinstance(given[0], answers.NotEditable) == (not Answer.objects.filter(question__item_id="T2").exists())
    assert verify.verify_journal().ok


def test_a_part_of_a_question_leaves_out_what_stands_beside_it(world: Assigned) -> None:
    scope = answer_scope(world.contribution(world.people.a2))
    assert scope.writable["T6"] == {"T6", "T6.rounds", "T6.seats", "T6.came", "T6.full"}
    assert scope.partly_writable == {"T6"}


def test_moments_are_kept_to_the_microsecond(world: Assigned) -> None:
    """What is posted back as `seen` is compared with what the database gives."""
    part = world.submitted()
    assert part.state_at is not None
    assert datetime.fromisoformat(part.state_at.isoformat()) == part.state_at
    assert timezone.now() - part.state_at < timedelta(minutes=1)
    assert world.move("accept", seen=part.state_at).state == S.ACCEPTED


def test_accepting_all_leaves_what_moved(world: Assigned) -> None:
    part = world.submitted()
    loose = world.move("nothing", world.part(name="T8"), reason="ไม่มี")
    world.move("withdraw", loose)
    assert actions.accept_parts(by=world.secretariat, parts=[part, loose]) == 1
    assert {world.part().state, world.part(name="T8").state} == {S.ACCEPTED, S.OPEN}
