"""Moving a round to another version of its form: what stays, what is kept aside, what comes back, what is refused."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.actions import NotAllowed, RefusedError
from accounts.roles import Role
from dgready.canonical import sha256_hex
from evidence.models import Attachment
from scoring.engine.queries import score_response
from scoring.models import SchemeVersion
from scoring.moving.actions import move_round
from survey.answering import actions as answers
from survey.answering.queries import response_state
from survey.approval import actions as workflow
from survey.approval.review import current_open_points
from survey.journal.actions import FormMoved
from survey.models import Answer, Assignment, Comment, Event, FrozenResponse, Notice, Response, Round
from survey.threads.open_comments import open_comments_by_question
from tests.flow import outside
from tests.scoring.moving.conftest import COURSES, Moving, codes, second_version
from tests.trial import TRIAL


def provincial(moving: Moving) -> Response:
    rows = Response.objects.select_related("round__instrument", "round__province")
    return rows.get(round=moving.round, agency=None)


def test_answers_with_a_place_stay_and_the_others_are_kept_aside(moving: Moving) -> None:
    moving.move()
    assert moving.round.instrument == moving.target
    assert moving.value("T1") == {"T1": "done", "T1.3": "https://example.go.th/plan"}
    assert moving.value("T1", moving.world.people.a1)["T1"] == "doing"
    # A field and a column that went: out of the answer, in the journal.
    assert moving.value("T6") == {a: v for a, v in COURSES.items() if not a.endswith("T6.full")}
    assert moving.value("T4") == {"T4/kiosk/state": "yes"}
    told = Event.objects.filter(verb="answer.move", response__agency=None)
    before = {a: v for event in told for a, v in event.data["before"].items()}
    assert before["T6#r1/T6.rounds#r2/T6.full"] == "เปิดรุ่นเพิ่ม"
    assert before["T4/kiosk/map"] == "https://example.go.th/map"
    # A question that went: its answer stays where it was, beside the form.
    left = Answer.objects.get(question__item_id="T5.2")
    assert (left.value, left.question.instrument) == ({"T5.2": "ขอตัวอย่างคำตอบ"}, moving.first)
    state = response_state(provincial(moving))
    assert "T5.2" not in state.rows
    assert codes() == []


def test_an_option_that_went_stays_and_is_a_point_to_look_at(moving: Moving) -> None:
    moving.move()
    answer = Answer.objects.get(response=provincial(moving), question__item_id="T6")
    assert answer.value["T6#r1/T6.form"] == "room"
    assert answer.unsure
    points = current_open_points(provincial(moving))
    assert [p.question for p in points if p.kind == "unsure"] == ["T6"]
    assert "T9" in [p.question for p in points if p.kind == "missing"]


def test_evidence_remarks_and_parts_follow(moving: Moving) -> None:
    moving.move()
    proof = Attachment.objects.get()
    assert proof.removed_by == moving.by
    assert proof.question.instrument == moving.target
    comments = open_comments_by_question(provincial(moving))
    assert (len(comments[""]), len(comments["T8"])) == (1, 1)
    parts = Assignment.objects.filter(round=moving.round).select_related("question__instrument", "sub_pillar__pillar")
    assert not parts.filter(question__item_id="T5.2").exists()
    assert {p.question.instrument for p in parts if p.question} == {moving.target}
    assert {p.sub_pillar.pillar.instrument for p in parts if p.sub_pillar} == {moving.target}
    assert Event.objects.get(verb="assignment.remove").data["before"]["part"] == "T5.2"
    assert codes() == []


def test_the_earlier_version_brings_everything_back(moving: Moving) -> None:
    moving.move()
    moving.move(moving.first)
    assert moving.value("T6") == COURSES
    assert moving.value("T4") == {"T4/kiosk/state": "yes", "T4/kiosk/map": "https://example.go.th/map"}
    assert response_state(provincial(moving)).values["T5.2"] == "ขอตัวอย่างคำตอบ"
    assert Attachment.objects.get().removed_at is None
    assert set(open_comments_by_question(provincial(moving))) == {"T5.2", "T8"}
    moving.move()
    moving.move(second_version(3))
    moving.move(moving.first)
    assert moving.value("T6") == COURSES
    assert codes() == []


def test_what_was_written_after_a_move_is_not_overwritten_by_coming_back(moving: Moving) -> None:
    moving.move()
    moving.move(moving.first)
    moving.world.flow.save("T4", {"T4/kiosk/state": "no"})
    moving.move()
    moving.move(moving.first)
    assert moving.value("T4") == {"T4/kiosk/state": "no"}
    assert codes() == []


def test_the_score_is_of_the_new_version(moving: Moving) -> None:
    before = score_response(provincial(moving)).sheet
    moving.move()
    after = score_response(provincial(moving)).sheet
    assert (before.instrument_version, after.instrument_version) == (1, 2)
    assert codes() == []


@pytest.mark.parametrize("state", [Response.State.SUBMITTED, Response.State.ENDORSED, Response.State.APPROVED])
def test_what_somebody_decided_on_is_not_moved(moving: Moving, state: Response.State) -> None:
    Response.objects.filter(pk=provincial(moving).pk).update(state=state)
    with pytest.raises(RefusedError):
        moving.move()
    assert moving.round.instrument == moving.first
    assert not Event.objects.filter(verb="instrument.move").exists()


def test_a_frozen_version_keeps_the_form_it_was_approved_on(moving: Moving) -> None:
    flow = moving.world.flow
    frozen = flow.approve()
    with pytest.raises(RefusedError, match="อนุมัติแล้ว"):
        moving.move()
    workflow.reopen_response(by=flow.governor, response=flow.response, reason="แบบสำรวจฉบับใหม่")
    moving.move()
    stored = FrozenResponse.objects.get()
    assert (stored.content, stored.sha256) == (frozen.content, frozen.sha256)
    assert codes() == []
    flow.response = provincial(moving)
    flow.round = moving.round
    flow.answer_remarks()
    workflow.submit_response(by=flow.secretariat, response=flow.response, points=lambda r: [], reasons={})
    workflow.approve_response(by=flow.governor, response=flow.response, compose=outside)
    assert codes() == []


def test_refused_without_the_right_or_for_another_form(moving: Moving) -> None:
    with pytest.raises(NotAllowed):
        move_round(by=moving.world.people.who(Role.GOVERNOR), round_=moving.round, target=moving.target)
    with pytest.raises(RefusedError):
        moving.move(moving.first)
    moving.target.published_at = None
    with pytest.raises(RefusedError):
        moving.move()
    moving.target.published_at, moving.target.year = timezone.now(), 2571
    with pytest.raises(RefusedError):
        moving.move()


def test_nothing_is_written_to_a_question_of_the_old_version(moving: Moving) -> None:
    """Of an act that fetched its question before the move and got the lock after it."""
    response = provincial(moving)
    old = Answer.objects.get(response=response, question__item_id="T4")
    moving.move()
    fresh = provincial(moving)
    question = moving.world.flow.question("T4")
    assert question.instrument == moving.first
    with pytest.raises(FormMoved):
        answers.save_answer(
            by=moving.by, response=response, question=question, value=old.value, base_revision=0, unsure=True
        )
    assert Answer.objects.get(response=fresh, question__item_id="T4").value == {"T4/kiosk/state": "yes"}


def test_people_with_open_parts_get_one_notice(moving: Moving) -> None:
    moving.move()
    told = Notice.objects.filter(kind="form.moved")
    coordinators = {moving.world.people.who(Role.COORDINATOR, a).pk for a in ("a1", "a2")}
    assert sorted(told.values_list("user", flat=True)) == sorted(coordinators)
    second = told.get(user=moving.world.people.who(Role.COORDINATOR, "a2"))
    assert (second.data["version"], second.data["gone"]) == (2, 1)


def test_another_form_in_the_database_does_not_disturb(moving: Moving) -> None:
    Comment.objects.filter(question__item_id="T8").update(question=moving.world.flow.question("T1"))
    moving.move()
    assert ("comment.changed", "question") in codes()


def test_a_chosen_scheme_stays_where_it_fits_and_goes_where_it_does_not(moving: Moving) -> None:
    fitting, unfit = (choose_scheme(moving, version, text) for version, text in ((8, ""), (9, "T5.1")))
    moving.move()
    assert moving.round.scheme_sha256 == fitting
    moving.move(moving.first, keep_scheme=False)
    assert moving.round.scheme_sha256 == ""
    Round.objects.update(scheme_sha256=unfit)
    event = moving.move()
    assert moving.round.scheme_sha256 == ""
    assert (event.data["before"]["scheme_sha256"], event.data["after"]["scheme_sha256"]) == (unfit, "")


def choose_scheme(moving: Moving, number: int, without: str) -> str:
    """Stores a version of the made-up scheme and chooses it for the round; `without`: a question it does not know."""
    content = (TRIAL.parent / "dg-trial-2570-scheme.yaml").read_text(encoding="utf8")
    content = content.replace("version: 1\n", f"version: {number}\n", 1)
    if without:
        content = content.replace(f"choice: {without}\n", "choice: T99\n")
    checksum = sha256_hex(content)
    SchemeVersion.objects.create(
        key="dg-trial-2570",
        year=2570,
        version=number,
        checksum=checksum,
        text=content,
        fitted_to=moving.round.province,
        moves=[],
        unfitted=[],
        made_at=timezone.now(),
    )
    if not without:
        Round.objects.update(scheme_sha256=checksum)
    return checksum
