"""Verdicts: who gives them, when, what they do, what takes them off, and what the journal says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.utils import timezone

from accounts.roles import Role
from evidence.attaching import actions as attaching
from evidence.attaching.queries import attachment_summaries, marked_addresses
from evidence.attaching.snapshot import evidence_snapshot
from evidence.files.refusal import EvidenceRefused
from evidence.models import Attachment, Mark, Verdict
from evidence.reviewing import actions
from survey.answering.actions import NotEditable
from survey.models import Event, Notice, Response
from tests.evidence.reviewing.conftest import REASON, Review
from tests.factories import MembershipFactory
from tests.proven import codes


def _refused(review: Review, code: str, **more: object) -> str:
    with pytest.raises(EvidenceRefused) as refused:
        review.judge(**{"verdict": Verdict.ACCEPTED, **more})  # type: ignore[arg-type]
    assert refused.value.reason == code
    return str(refused.value)


def test_a_verdict_is_stored_told_and_does_not_count(review: Review) -> None:
    contribution, before = review.world.contribution, Response.objects.get(pk=review.world.contribution.pk).version
    assert marked_addresses(Response.objects.get(pk=contribution.pk)) == {"E1=done"}
    event = review.judge(Verdict.INSUFFICIENT)
    row = review.fresh()
    assert (row.verdict, row.verdict_reason, row.verdict_by) == (Verdict.INSUFFICIENT, REASON, review.reviewer)
    stored = Response.objects.get(pk=contribution.pk)
    assert stored.version == before + 1 == event.seq
    assert marked_addresses(stored) == frozenset()
    assert attachment_summaries(stored)["E1=done"][0].claimed
    assert event.data["after"] == {"verdict": "insufficient", "verdict_reason": REASON}
    told = Notice.objects.get(kind="evidence.insufficient")
    assert (told.user, told.data["reason"]) == (review.world.coordinator, REASON)
    assert codes() == []


def test_accepting_needs_no_reason_and_rejecting_does(review: Review) -> None:
    review.judge(Verdict.ACCEPTED)
    assert not Notice.objects.filter(kind__startswith="evidence.").exists()
    for verdict in (Verdict.INSUFFICIENT, Verdict.WRONG_PASSAGE, Verdict.OUT_OF_DATE):
        _refused(review, "reason", verdict=verdict, reason="  ")
    _refused(review, "reason", verdict=Verdict.OUT_OF_DATE, reason="ก" * 501)
    assert review.fresh().verdict == Verdict.ACCEPTED


def test_four_eyes(review: Review) -> None:
    own = review.world.attach("E1b", by=review.reviewer)
    assert "ท่านเป็นผู้แนบ" in _refused(review, "judge", attachment=own)
    review.judge(Verdict.ACCEPTED, own, by=review.world.secretary)
    assert codes() == []


def test_only_the_secretariat_of_the_province(review: Review) -> None:
    world = review.world
    for by in (world.coordinator, world.reader, world.outsider):
        _refused(review, "judge", by=by)
    for role in (Role.GOVERNOR, Role.PROVINCE_ADMIN):
        _refused(review, "judge", by=MembershipFactory(province=world.province, role=role).user)
    assert review.fresh().verdict == Verdict.NONE


def test_what_the_agency_works_on_is_not_judged_yet_but_can_be_judged_anew(review: Review) -> None:
    review.judge()
    review.move("return", review.reviewer, reason=REASON)
    review.judge(Verdict.ACCEPTED)
    actions.judge_attachment(by=review.reviewer, attachment=review.agency_file, verdict=Verdict.NONE)
    assert "ยังไม่ได้ส่ง" in _refused(review, "judge")


def test_an_answer_on_its_way_is_left_alone(review: Review) -> None:
    own, world = review.world.attach(), review.world
    for state in (Response.State.SUBMITTED, Response.State.APPROVED):
        Response.objects.filter(pk=world.response.pk).update(state=state)
        for attachment in (own, review.agency_file):
            _refused(review, "judge", attachment=Attachment.objects.get(pk=attachment.pk))
    Response.objects.filter(pk=world.response.pk).update(state=Response.State.DRAFT)
    round_ = world.response.round
    type(round_).objects.update(closes_at=timezone.now())
    _refused(review, "judge")


def test_judging_leaves_the_part_locked_for_its_agency(review: Review) -> None:
    review.judge()
    with pytest.raises(NotEditable):
        attaching.remove_attachment(by=review.world.coordinator, attachment=review.fresh())


CHANGES: dict[str, Callable[[Review, Attachment], object]] = {
    "mark": lambda r, a: attaching.save_mark(by=r.world.coordinator, attachment=a, pages="1", quote="อื่น"),
    "change": lambda r, a: attaching.save_mark(
        by=r.world.coordinator, attachment=a, pages="1", quote="ใหม่", mark=a.marks.first()
    ),
    "unmark": lambda r, a: attaching.delete_mark(by=r.world.coordinator, mark=Mark.objects.get(attachment=a)),
    "date": lambda r, a: attaching.set_document_date(
        by=r.world.coordinator, attachment=a, document_date=date(2056, 1, 1)
    ),
    "remove": lambda r, a: attaching.remove_attachment(by=r.world.coordinator, attachment=a),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_takes_the_verdict_off(review: Review, change: str) -> None:
    review.judge()
    review.move("return", review.reviewer, reason=REASON)
    CHANGES[change](review, review.fresh())
    row = review.fresh()
    assert (row.verdict, row.verdict_reason, row.verdict_by, row.verdict_at) == ("", "", None, None)
    last = Event.objects.filter(response=review.world.contribution, verb="evidence.judge").order_by("-seq")[0]
    assert (last.data["after"], last.data["before"]["verdict_reason"], last.data["changed"]) == ({}, REASON, True)
    assert codes() == []


def test_the_same_date_again_changes_nothing(review: Review) -> None:
    review.judge()
    review.move("return", review.reviewer, reason=REASON)
    attaching.set_document_date(by=review.world.coordinator, attachment=review.fresh(), document_date=None)
    assert review.fresh().verdict == Verdict.INSUFFICIENT


def test_a_verdict_goes_along_to_what_was_adopted_and_is_undone_there_too(review: Review) -> None:
    adopted = review.adopt()
    event = review.judge(Verdict.OUT_OF_DATE)
    assert review.fresh(adopted).verdict == Verdict.OUT_OF_DATE
    assert evidence_snapshot(review.world.response)[0]["verdict"] == "outdated"
    actions.undo_judgement(by=review.reviewer, attachment=review.fresh(), event=event)
    assert (review.fresh().verdict, review.fresh(adopted).verdict) == ("", "")
    assert not Notice.objects.filter(kind__startswith="evidence.").exists()
    assert codes() == []


def test_an_adopted_one_is_judged_alone_or_with_its_source(review: Review) -> None:
    adopted = review.adopt()
    review.judge(Verdict.WRONG_PASSAGE, adopted)
    assert review.fresh().verdict == Verdict.NONE
    review.judge(Verdict.INSUFFICIENT, adopted, with_source=True)
    assert review.fresh().verdict == Verdict.INSUFFICIENT
    assert Notice.objects.filter(user=review.world.coordinator, kind="evidence.insufficient").exists()
    review.judge("", by=review.reviewer)
    review.move("return", review.reviewer, reason=REASON)
    review.judge(Verdict.INSUFFICIENT, adopted, with_source=True)
    assert review.fresh().verdict == Verdict.NONE  # the agency works on it
    # Who merged did not attach the document; who attached it at the agency did.
    review.judge(Verdict.ACCEPTED, adopted, by=review.world.secretary)
    assert codes() == []


def test_adopting_brings_the_verdict_and_a_change_of_the_copy_takes_off_only_its_own(review: Review) -> None:
    review.judge()
    adopted = review.adopt()
    assert review.fresh(adopted).verdict == Verdict.INSUFFICIENT
    attaching.save_mark(by=review.world.secretary, attachment=adopted, pages="1", quote="อีกข้อความ")
    assert (review.fresh(adopted).verdict, review.fresh().verdict) == ("", Verdict.INSUFFICIENT)
    assert codes() == []


def test_undo_puts_back_who_said_it_before(review: Review) -> None:
    review.judge(Verdict.ACCEPTED, by=review.world.secretary)
    before = review.fresh()
    event = review.judge(Verdict.INSUFFICIENT)
    actions.undo_judgement(by=review.reviewer, attachment=review.fresh(), event=event)
    after = review.fresh()
    assert (after.verdict, after.verdict_by, after.verdict_at) == ("accepted", before.verdict_by, before.verdict_at)
    assert codes() == []
    with pytest.raises(EvidenceRefused):
        actions.undo_judgement(by=review.reviewer, attachment=after, event=event)


def test_only_ones_own_last_verdict_is_undone(review: Review) -> None:
    event = review.judge()
    with pytest.raises(EvidenceRefused):
        actions.undo_judgement(by=review.world.secretary, attachment=review.fresh(), event=event)


def test_what_changed_since_it_was_looked_at_is_not_judged(review: Review) -> None:
    seen = actions.fingerprint(review.fresh())
    review.judge(Verdict.ACCEPTED, by=review.world.secretary, seen=seen)
    assert "เปลี่ยนไป" in _refused(review, "changed", verdict=Verdict.INSUFFICIENT, reason=REASON, seen=seen)
    assert actions.judge_attachment(by=review.reviewer, attachment=review.fresh(), verdict=Verdict.ACCEPTED) is None


def test_a_removed_one_is_not_judged(review: Review) -> None:
    own = review.world.attach()
    attaching.remove_attachment(by=review.world.secretary, attachment=own)
    _refused(review, "removed", attachment=own)
