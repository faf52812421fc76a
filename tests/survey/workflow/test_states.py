"""The pictures of the tables, and what the committee's steps do to answers."""

import sys
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from survey.answering import actions as answers
from survey.approval.actions import approve_response, submit_response
from survey.approval.snapshot import read_snapshot
from survey.committee.actions import meetings
from survey.committee.actions.conclusion import conclude_meeting
from survey.committee.actions.meetings import SubPillarDecision
from survey.committee.endorsement import read_endorsement
from survey.committee.queries import sub_pillars_to_decide
from survey.models import Comment, Event, Response
from survey.verifying import verify
from survey.workflow.part_guards import PART_GUARDS
from survey.workflow.refusal import TransitionRefused
from survey.workflow.response_guards import RESPONSE_GUARDS
from survey.workflow.response_states import allowed_response_transitions
from tests.committee import D, decide, endorsed, make_meeting, today
from tests.flow import Flow, outside
from tests.proven import codes

ROOT = Path(__file__).resolve().parents[3]
S = Response.State


def test_the_documents_show_the_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    import draw_states

    for path, text in draw_states.rendered_files().items():
        assert (ROOT / path).read_text(encoding="utf-8") == text, "run scripts/draw_states.py"
        if path.suffix == ".svg":
            ElementTree.fromstring(text)
    sys.modules.pop("draw_states")


def test_every_condition_says_when_it_holds() -> None:
    for guards in (PART_GUARDS, RESPONSE_GUARDS):
        assert [name for name, guard in guards.items() if not guard.__doc__] == []


# -- an endorsed answer -----------------------------------------------------------------------------


def test_late_additions_keep_the_state_and_are_listed(flow: Flow) -> None:
    flow.save("T1", {"T1": "none", "T1.1": "ยังไม่มีงบประมาณ"})
    endorsed(flow.secretariat, flow.round, today(1))
    fresh = Response.objects.get(pk=flow.response.pk)
    assert (fresh.state, fresh.late_until, fresh.is_editable) == (S.ENDORSED, today(1), True)
    assert flow.save("T8", {"T8": "no"}).changed
    assert flow.save("T8", {"T8": "yes"}).changed
    found = read_endorsement(flow.response)
    assert found is not None
    assert [row.question for row in found.additions] == ["T8", "T8"]
    assert found.questions == ("T8",)
    assert found.additions[0].by == flow.secretariat.get_full_name()
    assert Response.objects.get(pk=flow.response.pk).state == S.ENDORSED
    assert verify.verify_journal().ok


@pytest.mark.parametrize("late", [None, -1])
def test_without_or_after_the_last_day_answers_are_closed(late: int | None, flow: Flow) -> None:
    endorsed(flow.secretariat, flow.round, today(1) if late else None)
    if late:
        Response.objects.filter(pk=flow.response.pk).update(late_until=today(late))
    with pytest.raises(answers.NotEditable):
        flow.save("T8", {"T8": "no"})


def test_the_last_day_counts_whole(flow: Flow) -> None:
    endorsed(flow.secretariat, flow.round, today())
    assert flow.save("T8", {"T8": "no"}).changed


def test_a_later_meeting_opens_it_again(flow: Flow) -> None:
    endorsed(flow.secretariat, flow.round)
    second = make_meeting(flow.secretariat, flow.round, number="2")
    decide(
        flow.secretariat,
        second,
        **{f"s{sub_pillars_to_decide(flow.round)[0].replace('.', '_')}": SubPillarDecision(D.RETURN, "ทำใหม่")},
    )
    conclude_meeting(by=flow.secretariat, meeting=second)
    fresh = Response.objects.get(pk=flow.response.pk)
    assert (fresh.state, fresh.late_until) == (S.RETURNED, None)
    assert read_endorsement(fresh) is None
    assert flow.save("T8", {"T8": "no"}).changed
    assert verify.verify_journal().ok


def test_endorsed_submitted_approved(flow: Flow) -> None:
    flow.fill()
    meeting = endorsed(flow.secretariat, flow.round, today(1))
    flow.save("T8", {"T8": "yes"})
    submit_response(by=flow.secretariat, response=flow.response, points=lambda r: [], reasons={})
    version = approve_response(by=flow.governor, response=flow.response, compose=outside)
    told = read_snapshot(version)["endorsed"]
    assert (told["meeting"], told["by"], told["late"]) == (meeting.pk, flow.secretariat.pk, ["T8"])
    assert read_snapshot(version)["approved"]["delegation"] is None
    assert verify.verify_journal().ok


def test_without_a_meeting_the_straight_way_stays(flow: Flow) -> None:
    version = flow.approve()
    assert read_snapshot(version)["endorsed"] is None


# -- a meeting that waits for its resolutions -------------------------------------------------------


@pytest.mark.parametrize("state", ["draft", "endorsed"])
def test_nothing_goes_to_the_governor_while_a_meeting_waits(state: str, flow: Flow) -> None:
    if state == "endorsed":
        endorsed(flow.secretariat, flow.round)
    meeting = make_meeting(flow.secretariat, flow.round, days=2)
    with pytest.raises(TransitionRefused, match="ยังไม่ได้บันทึกมติ") as caught:
        submit_response(by=flow.secretariat, response=flow.response, points=lambda r: [], reasons={})
    assert caught.value.reason == "closed"
    assert "submit" not in {t.name for t in allowed_response_transitions(flow.secretariat, flow.response)}
    meetings.cancel_meeting(by=flow.secretariat, meeting=meeting)
    submit_response(by=flow.secretariat, response=flow.response, points=lambda r: [], reasons={})


def test_what_is_before_the_governor_needs_no_new_meeting(flow: Flow) -> None:
    flow.submit()
    with pytest.raises(TransitionRefused):
        make_meeting(flow.secretariat, flow.round)
    assert not Event.objects.filter(verb="meeting.record").exists()


def test_no_resolution_after_the_round_closed(flow: Flow) -> None:
    meeting = make_meeting(flow.secretariat, flow.round)
    decide(flow.secretariat, meeting)
    flow.close()
    meeting.round = flow.round
    with pytest.raises(TransitionRefused, match="ปิดรอบแล้ว"):
        conclude_meeting(by=flow.secretariat, meeting=meeting)
    meeting.refresh_from_db()
    assert meeting.concluded_at is None
    assert Response.objects.get(pk=flow.response.pk).state == S.DRAFT
    assert not Comment.objects.exists()


def test_the_proof_sees_a_last_day_that_the_journal_does_not_tell(flow: Flow) -> None:
    endorsed(flow.secretariat, flow.round, today())
    Response.objects.filter(pk=flow.response.pk).update(late_until=timezone.localdate() + timedelta(days=9))
    assert codes() == [("response.changed", "late_until")]
