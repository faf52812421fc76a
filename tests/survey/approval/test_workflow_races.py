"""Two people at once, in threads of their own."""

import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from accounts.actions import RefusedError
from accounts.roles import Capability, Role
from survey.answering import actions as answers
from survey.approval.actions import approve_response, submit_response, withdraw_response
from survey.committee.actions import meetings
from survey.committee.actions.conclusion import conclude_meeting
from survey.committee.actions.meetings import SubPillarDecision
from survey.committee.queries import sub_pillars_to_decide
from survey.contributing.actions import move_part
from survey.models import Assignment, Comment, Delegation, Event, FrozenResponse, Meeting, Response, Round
from survey.rounds.actions import DATE_FIELDS, ReasonRequired, change_round_dates
from survey.verifying import verify
from survey.workflow.part_transitions import PART_TRANSITIONS, PART_TRANSITIONS_BY_NAME
from survey.workflow.refusal import TransitionRefused
from survey.workflow.response_transitions import PROVINCIAL_TRANSITIONS, get_transition
from tests.assigned import make_assigned
from tests.committee import D, decide, make_delegation, make_meeting, today
from tests.flow import Flow, end_of, make_flow, outside
from tests.people import make_people
from tests.proven import codes
from tests.survey.approval.test_workflow import ACTS, WHO, bring

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def submitted(transactional_db: None) -> Flow:
    flow = make_flow(make_people())
    flow.submit()
    return flow


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Runs all at the same moment; what each gave, or the exception it raised."""
    start = threading.Barrier(len(acts))
    given: list[object] = [None] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        start.wait()
        try:
            given[number] = act()
        except (TransitionRefused, RefusedError, ReasonRequired, answers.NotEditable) as refused:
            given[number] = refused
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return given


def fresh(flow: Flow) -> Response:
    return Response.objects.select_related("round").get(pk=flow.response.pk)


@pytest.mark.postgres
def test_of_two_approvals_at_once_one_wins_and_the_other_is_told(submitted: Flow) -> None:
    assert connection.vendor == "postgresql"

    def approval(response: Response) -> Callable[[], object]:
        return lambda: approve_response(by=submitted.governor, response=response, compose=outside)

    given = at_once(*(approval(fresh(submitted)) for _ in range(4)))
    assert len([g for g in given if isinstance(g, FrozenResponse)]) == 1
    told = [g for g in given if isinstance(g, TransitionRefused)]
    assert len(told) == 3
    assert all(r.reason == "state" and submitted.governor.get_full_name() in str(r) for r in told)
    assert Event.objects.filter(verb="response.approve").count() == 1
    assert verify.verify_journal().ok


@pytest.mark.postgres
def test_approval_and_withdrawal_at_once(submitted: Flow) -> None:
    one, two = fresh(submitted), fresh(submitted)
    given = at_once(
        lambda: approve_response(by=submitted.governor, response=one, compose=outside),
        lambda: withdraw_response(by=submitted.secretariat, response=two),
    )
    assert sum(isinstance(g, TransitionRefused) for g in given) == 1
    state = fresh(submitted).state
    assert (state == "approved") == (FrozenResponse.objects.count() == 1)
    assert verify.verify_journal().ok


@pytest.mark.postgres
def test_a_save_never_slips_in_behind_a_submission(submitted: Flow) -> None:
    withdraw_response(by=submitted.secretariat, response=submitted.response)
    one, two = fresh(submitted), fresh(submitted)
    submitted.response = two
    at_once(
        lambda: submit_response(by=submitted.secretariat, response=one, points=lambda r: [], reasons={}),
        lambda: submitted.save("T8", {"T8": "yes"}),
    )
    last = Event.objects.order_by("-seq").first()
    assert last is not None
    assert last.verb == "response.submit"
    assert verify.verify_journal().ok


# -- every pair of steps ----------------------------------------------------------------------------


def pairs(rows: Iterable[Any]) -> list[Any]:
    """Every two steps that a state offers side by side, each pair once, with the first such state."""
    found: dict[tuple[str, str], str] = {}
    table = list(rows)
    for state in dict.fromkeys(source for row in table for source in row.sources):
        here = [row.name for row in table if state in row.sources]
        for pair in combinations_with_replacement(here, 2):
            found.setdefault(pair, state)
    return [pytest.param(one, two, state, id=f"{state}-{one}-{two}") for (one, two), state in found.items()]


def told_in_thai(refused: TransitionRefused, by: Any) -> None:
    """Who was too late reads why: in Thai, and who was first."""
    assert refused.reason == "state"
    assert by.get_full_name() in str(refused)
    assert "ไม่ได้ เพราะ" in str(refused)


@pytest.mark.postgres
@pytest.mark.parametrize(("one", "two", "state"), pairs(PROVINCIAL_TRANSITIONS))
def test_of_two_steps_at_once_one_is_first_and_the_other_is_told(
    transactional_db: None, one: str, two: str, state: str
) -> None:
    assert connection.vendor == "postgresql"
    flow = make_flow(make_people())
    bring(flow, state)
    before = Event.objects.filter(response=flow.response).count()

    def act(name: str) -> Callable[[], object]:
        by, response = flow.who(min(WHO[name])), fresh(flow)
        return lambda: ACTS[name](by, response)

    given = at_once(act(one), act(two))
    made = Event.objects.filter(response=flow.response, seq__gt=before, verb__startswith="response.").order_by("seq")
    refused = [g for g in given if isinstance(g, TransitionRefused)]
    assert len(made) + len(refused) == 2
    assert len(made) >= 1
    stands = state
    for event in made:  # whoever came second began where the first had ended
        row = get_transition(flow.response, event.verb.removeprefix("response."))  # type: ignore[arg-type]
        assert event.data["from"] == stands
        assert stands in row.sources
        stands = event.data["to"]
    assert fresh(flow).state == stands
    for one_refused in refused:
        told_in_thai(one_refused, made[0].by)
    assert FrozenResponse.objects.filter(voided_at=None).count() == (stands == "approved")
    assert verify.verify_journal().ok


@pytest.mark.postgres
@pytest.mark.parametrize(("one", "two", "state"), pairs(PART_TRANSITIONS))
def test_of_two_steps_of_a_part_at_once_one_is_first(transactional_db: None, one: str, two: str, state: str) -> None:
    if {one, two} == {"submit", "nothing"}:
        pytest.skip("never possible side by side: one asks for answers, the other for none")
    world = make_assigned(make_people())
    if "nothing" not in (one, two):
        world.answer("T1", {"T1": "none"})
    part = world.part()
    Assignment.objects.filter(pk=part.pk).update(state=state, state_at=timezone.now(), state_by=world.coordinator)

    def act(name: str) -> Callable[[], object]:
        row = PART_TRANSITIONS_BY_NAME[name]  # type: ignore[index]
        by = world.coordinator if row.capability == Capability.CONTRIBUTION_EDIT else world.secretariat
        mine = world.part()
        return lambda: move_part(by=by, part=mine, name=row.name, reason="เหตุผล")

    given = at_once(act(one), act(two))
    made = Event.objects.filter(verb__in=[row.verb for row in PART_TRANSITIONS]).order_by("seq")
    refused = [g for g in given if isinstance(g, TransitionRefused)]
    assert len(made) + len(refused) == 2
    stands = state
    for event in made:
        assert event.data["from"] == stands
        assert stands in PART_TRANSITIONS_BY_NAME[event.verb.removeprefix("part.")].sources  # type: ignore[index]
        stands = event.data["to"]
    assert world.part().state == stands
    for one_refused in refused:
        told_in_thai(one_refused, made[0].by)
    assert codes(by_hand=("event.before",)) == []


# -- the committee and the governor -----------------------------------------------------------------


@pytest.fixture
def decided(transactional_db: None) -> tuple[Flow, Meeting]:
    """A meeting whose resolutions are written and not concluded."""
    flow = make_flow(make_people())
    meeting = make_meeting(flow.secretariat, flow.round)
    decide(flow.secretariat, meeting)
    return flow, meeting


@pytest.mark.postgres
@pytest.mark.parametrize("outcome", ["endorse", "remand"])
def test_a_meeting_is_concluded_once(decided: tuple[Flow, Meeting], outcome: str) -> None:
    flow, meeting = decided
    if outcome == "remand":
        code = sub_pillars_to_decide(flow.round)[0]
        returned = {code: SubPillarDecision(D.RETURN, "แก้ตัวเลข")}
        meetings.record_resolutions(by=flow.secretariat, meeting=meeting, decided=returned)

    def conclusion() -> Callable[[], object]:
        mine = Meeting.objects.select_related("round__province", "round__instrument").get(pk=meeting.pk)
        return lambda: conclude_meeting(by=flow.secretariat, meeting=mine, late_until=today(1))

    given = at_once(*(conclusion() for _ in range(3)))
    refused = [g for g in given if isinstance(g, TransitionRefused)]
    assert len(refused) == 2
    assert all("บันทึกมติเสร็จแล้ว" in str(r) and flow.secretariat.get_full_name() in str(r) for r in refused)
    assert Event.objects.filter(verb=f"response.{outcome}").count() == 1
    assert Comment.objects.count() == (outcome == "remand")
    assert verify.verify_journal().ok


@pytest.mark.postgres
def test_concluding_and_calling_off_at_once(decided: tuple[Flow, Meeting]) -> None:
    flow, meeting = decided

    def mine() -> Meeting:
        return Meeting.objects.select_related("round__province", "round__instrument").get(pk=meeting.pk)

    one, two = mine(), mine()
    given = at_once(
        lambda: conclude_meeting(by=flow.secretariat, meeting=one),
        lambda: meetings.cancel_meeting(by=flow.secretariat, meeting=two),
    )
    assert sum(isinstance(g, TransitionRefused) for g in given) == 1
    assert (fresh(flow).state == "endorsed") == Meeting.objects.exists()
    assert verify.verify_journal().ok


@pytest.mark.postgres
def test_a_meeting_is_not_put_on_record_behind_a_submission(transactional_db: None) -> None:
    flow = make_flow(make_people())
    flow.fill()
    mine = fresh(flow)
    given = at_once(
        lambda: submit_response(by=flow.secretariat, response=mine, points=lambda r: [], reasons={}),
        lambda: make_meeting(flow.secretariat, flow.round),
    )
    assert sum(isinstance(g, TransitionRefused) for g in given) == 1
    assert (fresh(flow).state == "submitted") != Meeting.objects.exists()


@pytest.mark.postgres
def test_a_late_answer_counts_as_late_or_before(decided: tuple[Flow, Meeting]) -> None:
    flow, meeting = decided
    given = at_once(
        lambda: conclude_meeting(by=flow.secretariat, meeting=meeting),
        lambda: flow.save("T8", {"T8": "yes"}),
    )
    endorse = Event.objects.get(verb="response.endorse")
    saved = Event.objects.filter(verb="answer.save").first()
    assert isinstance(given[1], answers.NotEditable) == (saved is None)
    assert saved is None or saved.seq < endorse.seq
    assert verify.verify_journal().ok


@pytest.mark.postgres
def test_a_delegate_and_the_governor_approve_at_once(submitted: Flow, tmp_path: Path) -> None:
    deputy = make_delegation(submitted.people, tmp_path).delegate
    deputy.forget_grants()
    one, two = fresh(submitted), fresh(submitted)
    given = at_once(
        lambda: approve_response(by=submitted.governor, response=one, compose=outside),
        lambda: approve_response(by=deputy, response=two, compose=outside),
    )
    version = FrozenResponse.objects.get()
    (refused,) = (g for g in given if isinstance(g, TransitionRefused))
    told_in_thai(refused, version.approved_by)


@pytest.mark.postgres
def test_the_same_days_are_given_once(transactional_db: None, tmp_path: Path) -> None:
    people = make_people()
    folders = [tmp_path / str(n) for n in range(3)]
    for folder in folders:
        folder.mkdir()
    given = at_once(*(lambda f=folder: make_delegation(people, f) for folder in folders))  # type: ignore[misc]
    assert Delegation.objects.count() == 1
    assert sum(isinstance(g, RefusedError) for g in given) == 2


@pytest.mark.postgres
def test_of_two_extensions_both_give_their_reason(submitted: Flow) -> None:
    submitted.close()
    kept = Round.objects.get()

    def extension(days: int) -> Callable[[], object]:
        by = submitted.who(Role.PROVINCE_ADMIN)
        later = {name: getattr(kept, name) for name in DATE_FIELDS} | {"closes_at": end_of(today(days))}
        return lambda: change_round_dates(by=by, round_=kept, dates=later, reason=f"เหตุผล {days}")

    at_once(extension(1), extension(2))
    first, second = Event.objects.filter(verb__startswith="round.").order_by("seq")
    assert first.verb == "round.extend"
    assert {first.data["reason"], second.data["reason"]} == {"เหตุผล 1", "เหตุผล 2"}
    assert Round.objects.get().closes_at == datetime.fromisoformat(second.data["after"]["closes_at"])
    assert codes(by_hand=("event.before",)) == []
