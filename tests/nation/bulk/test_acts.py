"""Acts for many provinces: previewed, done once in each, refused where the preview is stale, gone on with, undone."""

from __future__ import annotations

from datetime import datetime, timedelta
from unittest import mock

import pytest
from django.db import OperationalError
from django.utils import timezone

from accounts.actions.log import NotAllowed, RefusedError
from accounts.models import AccountEvent
from accounts.roles import Role
from nation import tasks
from nation.bulk import actions, steps
from nation.bulk.actions import PreviewStale
from nation.models import BulkAct, BulkStep
from reports.proof.anchoring import make_anchor
from reports.proof.anchors import anchor_faults
from survey.models import Event, Notice, Response, Round
from survey.notices.notice_texts import notice_text
from tests.factories import MembershipFactory
from tests.nation.bulk.world import Nation, later, make_nation, opening_dates

pytestmark = pytest.mark.django_db
Kind, State = BulkAct.Kind, BulkStep.State


def states(act: BulkAct) -> list[tuple[str, str]]:
    """State and reason of each province, in the order in which they were made."""
    return list(act.steps.order_by("province_id").values_list("state", "reason"))


def test_rounds_open_where_there_is_none() -> None:
    nation = make_nation(3, opened=1)
    act = nation.draft(Kind.OPEN, dates=opening_dates())
    assert states(act) == [(State.LEFT_OUT, "open"), (State.WAITING, ""), (State.WAITING, "")]
    assert Round.objects.count() == 1
    done = nation.do(act)
    assert states(done) == [(State.LEFT_OUT, "open"), (State.DONE, ""), (State.DONE, "")]
    assert done.done_at is not None
    opening = Event.objects.get(response__round=nation.round(2), seq=1)
    assert (opening.by, opening.verb) == (nation.centre, "response.open")
    assert nation.round(2).closes_at == datetime.fromisoformat(opening_dates()["closes_at"])


def test_pressing_twice_does_it_once() -> None:
    nation = make_nation(2, opened=2)
    act = nation.draft(Kind.REMIND)
    assert actions.start_act(by=nation.centre, act=act, digest=act.digest)
    again = BulkAct.objects.get(pk=act.pk)
    assert not actions.start_act(by=nation.centre, act=again, digest=act.digest)
    act.started_at = None  # the second request read the row before the first one started it
    assert not actions.start_act(by=nation.centre, act=act, digest=act.digest)
    actions.run_act(act.pk)
    assert Notice.objects.filter(kind="nation.remind").count() == 2
    assert AccountEvent.objects.filter(verb="remind_provinces").count() == 2


def test_a_stale_preview_changes_nothing() -> None:
    nation = make_nation(2, opened=1)
    act = nation.draft(Kind.CLOSES, closes_at=later(30), reason="")
    Round.objects.update(closes_at=later(25))
    with pytest.raises(PreviewStale):
        nation.do(act)
    assert nation.round(0).closes_at == datetime.fromisoformat(later(25))
    old = nation.draft(Kind.CLOSES, closes_at=later(30), reason="")
    BulkAct.objects.filter(pk=old.pk).update(made_at=timezone.now() - timedelta(hours=2))
    with pytest.raises(PreviewStale):
        nation.do(BulkAct.objects.get(pk=old.pk))


def test_only_the_centre_acts_and_only_on_its_own_preview() -> None:
    nation = make_nation(1, opened=1)
    local = MembershipFactory(role=Role.PROVINCE_ADMIN, province=nation.provinces[0]).user
    with pytest.raises(NotAllowed):
        actions.draft_act(by=local, kind=Kind.CLOSE, year=nation.year, codes=nation.codes, params={})
    other = MembershipFactory(role=Role.CENTRAL_ADMIN, province=None).user
    act = nation.draft(Kind.CLOSE)
    with pytest.raises(NotAllowed):
        actions.start_act(by=other, act=act, digest=act.digest)


def test_a_closed_round_is_extended_with_a_reason_only_and_put_back() -> None:
    nation = make_nation(3, opened=3)
    ended = timezone.now() - timedelta(hours=3)
    Round.objects.filter(pk=nation.round(0).pk).update(closes_at=ended)
    before = nation.round(1).closes_at
    bare = nation.draft(Kind.CLOSES, closes_at=later(30), reason="")
    assert states(bare)[0] == (State.LEFT_OUT, "needs_reason")
    done = nation.do(nation.draft(Kind.CLOSES, closes_at=later(30), reason="น้ำท่วม"))
    verbs = [Event.objects.filter(response__round=nation.round(n)).latest("seq").verb for n in (0, 1)]
    assert verbs == ["round.extend", "round.dates"]
    Round.objects.filter(pk=nation.round(2).pk).update(closes_at=later(31))  # by somebody else meanwhile
    undoing = actions.undo_act(by=nation.centre, act=done, reason="เลิกทำ")
    assert states(undoing) == [(State.DONE, ""), (State.DONE, ""), (State.FAILED, "changed")]
    assert (nation.round(0).closes_at, nation.round(1).closes_at) == (ended, before)
    assert nation.round(2).closes_at == datetime.fromisoformat(later(31))
    assert actions.undo_act(by=nation.centre, act=done, reason="เลิกทำ") == undoing
    assert Event.objects.filter(response__round=nation.round(0)).latest("seq").verb == "round.dates"


def test_close_now_and_back() -> None:
    nation = make_nation(1, opened=1)
    before = nation.round(0).closes_at
    done = nation.do(nation.draft(Kind.CLOSE))
    assert nation.round(0).is_closed(timezone.now() + timedelta(seconds=1))
    undoing = actions.undo_act(by=nation.centre, act=done, reason="เลิกทำ")
    assert states(undoing) == [(State.DONE, "")]
    assert nation.round(0).closes_at == before
    with pytest.raises(RefusedError):
        actions.undo_act(by=nation.centre, act=undoing, reason="เลิกทำ")


def test_an_opened_round_is_taken_back_only_while_it_is_empty() -> None:
    """The proof of the chains holds afterwards, also where an anchor had named the journal that went."""
    nation = make_nation(2)
    done = nation.do(nation.draft(Kind.OPEN, dates=opening_dates()))
    make_anchor()
    worked = Response.objects.get(round=nation.round(1))
    Response.objects.filter(pk=worked.pk).update(version=2)
    undoing = actions.undo_act(by=nation.centre, act=done, reason="เลิกทำ")
    assert states(undoing) == [(State.DONE, ""), (State.FAILED, "not_empty")]
    assert [r.province for r in Round.objects.all()] == [nation.provinces[1]]
    [event] = AccountEvent.objects.filter(verb="take_back_round")
    assert event.data["before"]["round"]["year"] == nation.year
    assert [fault.code for fault in anchor_faults()] == []
    # Without what the log tells, a journal that went would be a fault.
    with mock.patch("reports.proof.anchors.TAKE_BACK_VERB", "nothing"):
        assert [fault.code for fault in anchor_faults()] == ["anchor.response_missing"]


def test_one_refusal_keeps_no_other_province_from_being_done() -> None:
    nation = make_nation(3)
    act, do = nation.draft(Kind.OPEN, dates=opening_dates()), steps.DO_STEP[Kind.OPEN]

    def fails_once(act: BulkAct, step: BulkStep) -> object:
        if step.province == nation.provinces[1]:
            do(act, step)
            raise ZeroDivisionError
        return do(act, step)

    with mock.patch.dict(steps.DO_STEP, {Kind.OPEN: fails_once}):
        done = nation.do(act)
    assert states(done) == [(State.DONE, ""), (State.FAILED, "fault"), (State.DONE, "")]
    assert Round.objects.count() == 2, "what the failed one had begun is rolled back"


def test_an_interrupted_act_is_gone_on_with_and_nothing_done_twice() -> None:
    """A worker that dies in the middle, and later two workers at a time."""
    nation = make_nation(4, opened=4)
    act, do = nation.draft(Kind.REMIND), steps.DO_STEP[Kind.REMIND]

    def dies(act: BulkAct, step: BulkStep) -> object:
        if step.province == nation.provinces[2]:
            raise OperationalError("server closed the connection")
        return do(act, step)

    with mock.patch.dict(steps.DO_STEP, {Kind.REMIND: dies}):
        left = nation.do(act)
    assert left.is_running
    assert [state for state, _ in states(left)].count(State.WAITING) == 2
    assert actions.go_on_with_lost_acts() == 0, "it gave a sign of life a moment ago"
    BulkAct.objects.update(beat_at=timezone.now() - timedelta(minutes=5))
    with mock.patch("nation.bulk.actions.publish_on_commit") as published:
        assert actions.go_on_with_lost_acts() == 1
    published.assert_called_once_with(actions.RUN_TASK, act.pk)
    actions.run_act(act.pk)
    actions.run_act(act.pk)
    assert {state for state, _ in states(act)} == {State.DONE}
    assert Notice.objects.filter(kind="nation.remind").count() == 4


def test_many_provinces_are_done_in_the_background(eager: None, django_capture_on_commit_callbacks: object) -> None:
    assert tasks.run_bulk_act.name == actions.RUN_TASK
    nation = make_nation(actions.AT_ONCE + 1)
    act = nation.draft(Kind.OPEN, dates=opening_dates())
    with django_capture_on_commit_callbacks() as callbacks:  # type: ignore[operator]
        assert nation.do(act).is_running
    assert Round.objects.count() == 0
    for callback in callbacks:
        callback()
    assert Round.objects.count() == actions.AT_ONCE + 1
    assert BulkAct.objects.get(pk=act.pk).done_at is not None


def test_a_message_goes_once_to_each_person_and_the_log_knows() -> None:
    nation = make_nation(2)
    both = MembershipFactory(role=Role.GOVERNOR, province=nation.provinces[0]).user
    MembershipFactory(role=Role.GOVERNOR, province=nation.provinces[1], user=both)
    act = nation.draft(Kind.MESSAGE, title="ประชุม", text="พร้อมกัน", roles=[Role.GOVERNOR.value])
    nation.do(act)
    [notice] = Notice.objects.filter(user=both)
    assert notice.mailed_at is not None, "a letter of its own"
    assert "ประชุม: พร้อมกัน" in notice_text(notice.kind, notice.data)
    events = AccountEvent.objects.filter(verb="message_provinces")
    assert {event.province for event in events} == set(nation.provinces)
    assert {event.data["after"]["title"] for event in events} == {"ประชุม"}


def test_messages_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    nation: Nation = make_nation(1, opened=1)
    monkeypatch.setattr(actions, "SENT_A_DAY", 1)
    nation.do(nation.draft(Kind.REMIND))
    with pytest.raises(actions.TooManyMessages):
        nation.draft(Kind.REMIND)
    monkeypatch.setattr(actions, "SENT_A_DAY", 5)
    monkeypatch.setattr(actions, "PEOPLE_A_MESSAGE", 0)
    with pytest.raises(actions.TooManyMessages):
        nation.draft(Kind.REMIND)


def test_who_handed_in_is_not_reminded() -> None:
    nation = make_nation(3, opened=2)
    Response.objects.filter(round=nation.round(0)).update(state=Response.State.SUBMITTED)
    act = nation.draft(Kind.REMIND)
    assert states(act) == [(State.LEFT_OUT, "handed_in"), (State.WAITING, ""), (State.LEFT_OUT, "no_round")]
