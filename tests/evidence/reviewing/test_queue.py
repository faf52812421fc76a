"""The queue: what is in it, in which order, what is shown of it, what a verdict leads to, what it costs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from evidence.attaching import actions as attaching
from evidence.models import Attachment, File, FileKind, FileText, Mark, TextState, Verdict
from evidence.reading.pages import DocumentText, PageText, pack
from evidence.reviewing.queue import QueueFilter, read_queue
from survey.instrument.queries import compiled_instrument
from survey.models import Assignment, Event, Notice, Response
from tests.evidence.conftest import pdf
from tests.evidence.reviewing.conftest import REASON, Review
from tests.factories import AgencyFactory

Browse = Callable[[User], Client]
S = Assignment.State


@pytest.fixture
def desk(review: Review, browse: Browse) -> Client:
    """The reviewer at work."""
    return browse(review.reviewer)


def provincial(review: Review) -> Response:
    """The provincial answer as pages get it."""
    rows = Response.objects.select_related("round__province", "round__instrument")
    return rows.get(pk=review.world.response.pk)


def queue_ids(review: Review, **shown: str) -> list[str]:
    """The ids of what the queue shows."""
    response = provincial(review)
    chosen = QueueFilter(**shown).choose(compiled_instrument(response.round.instrument), read_queue(response).items)
    return [item.id for item in chosen]


def page(desk: Client, review: Review, query: str = "") -> str:
    """The page of the queue."""
    answer = desk.get(reverse("evidence:review", args=[review.world.response.pk]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def judge(desk: Client, attachment: Attachment, **sent: str) -> Any:
    """Posts a verdict."""
    return desk.post(reverse("evidence:judge", args=[attachment.response_id, attachment.public_id]), sent)


def test_what_is_handed_in_and_what_the_province_attached(review: Review) -> None:
    world = review.world
    own = world.attach("E1b", content=pdf("own"))
    still = world.attach("E2=yes", content=pdf("still"), response=world.contribution, by=world.coordinator)
    assert queue_ids(review) == [str(review.agency_file.public_id), str(own.public_id)]
    Assignment.objects.filter(question__item_id="E2").update(state=S.ACCEPTED)
    assert queue_ids(review)[-1] == str(still.public_id)
    assert queue_ids(review, agency="-") == [str(own.public_id)]
    assert queue_ids(review, agency=world.agency.code, pillar="1")[0] == str(review.agency_file.public_id)
    assert queue_ids(review, pillar="2") == []


def test_states(review: Review) -> None:
    key = str(review.agency_file.public_id)
    review.judge()
    assert (queue_ids(review), queue_ids(review, state="rejected")) == ([], [key])
    review.move("return", review.reviewer, reason=REASON)
    assert queue_ids(review, state="rejected") == [key]
    attaching.set_document_date(by=review.world.coordinator, attachment=review.fresh(), document_date=date(2056, 1, 1))
    assert queue_ids(review, state="all") == []
    review.move("submit", review.world.coordinator, evidence_reasons={"E1": "รอเอกสาร"})
    assert queue_ids(review, state="changed") == queue_ids(review) == [key]
    said = read_queue(provincial(review)).items[0].said
    assert said is not None
    assert (said.verdict, said.reason) == ("insufficient", REASON)
    review.judge(Verdict.ACCEPTED)
    assert queue_ids(review, state="accepted") == [key]


def test_what_was_adopted_stands_once_until_it_is_said_otherwise(review: Review) -> None:
    adopted = review.adopt()
    assert queue_ids(review, state="all") == [str(review.agency_file.public_id)]
    review.judge()
    assert queue_ids(review, state="all") == [str(review.agency_file.public_id)]
    attaching.save_mark(by=review.world.secretary, attachment=review.fresh(adopted), pages="1", quote="อื่น")
    assert queue_ids(review, state="changed") == [str(adopted.public_id)]


def test_the_page_shows_document_and_question_side_by_side(review: Review, desk: Client) -> None:
    text = DocumentText((PageText(1, "หน้าแรก ตามที่ประกาศ แผนดิจิทัล ของจังหวัด"),))
    FileText.objects.update_or_create(
        file=review.agency_file.file, defaults={"state": TextState.READ, "pages": pack(text)}
    )
    shown = page(desk, review)
    assert "<mark>แผนดิจิทัล</mark>" in shown
    assert "มีแผนหรือไม่" in shown
    assert "ทำแล้ว" in shown
    assert review.world.agency.name_th in shown
    assert 'name="seen"' in shown
    assert "ตรวจแล้ว 0 จาก 1" in shown
    assert reverse("evidence:download", args=[review.agency_file.response_id, review.agency_file.public_id]) in shown


def test_a_verdict_leads_to_the_next_and_can_be_undone(review: Review, desk: Client) -> None:
    own = review.world.attach("E1b", content=pdf("own"))
    answer = judge(desk, review.agency_file, verdict="insufficient", reason=REASON, next=str(own.public_id))
    assert answer.status_code == 302
    assert f"at={own.public_id}" in answer["Location"]
    shown = desk.get(answer["Location"]).content.decode()
    assert "ตัดสินแล้ว" in shown
    assert "ยังไม่พอ" in shown
    assert "data-review-undo" in shown
    event = Event.objects.get(verb="evidence.judge")
    undo = reverse("evidence:judge-undo", args=[event.response_id, review.agency_file.public_id, event.seq])
    assert undo in shown
    back = desk.post(undo)
    assert back.status_code == 302
    assert review.fresh().verdict == Verdict.NONE
    assert desk.post(undo).status_code == 409


def test_what_is_refused_comes_back_with_what_was_typed(review: Review, desk: Client) -> None:
    answer = judge(desk, review.agency_file, verdict="passage", reason=" ")
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="passage"' in shown
    assert "โปรดบอกเหตุผล" in shown
    assert judge(desk, review.agency_file).status_code == 422
    assert judge(desk, review.agency_file, verdict="nonsense").status_code == 422
    stale = judge(desk, review.agency_file, verdict="outdated", reason="เก่า", seen="0" * 16)
    assert stale.status_code == 409
    assert "เก่า" in stale.content.decode()
    assert review.fresh().verdict == Verdict.NONE


def test_who_attached_is_told_plainly(review: Review, browse: Browse) -> None:
    own = review.world.attach("E1b", content=pdf("own"))
    shown = page(browse(review.world.secretary), review, f"?at={own.public_id}")
    assert "ท่านเป็นผู้แนบหลักฐานนี้" in shown
    assert "data-review-form" not in shown


def test_rejected_evidence_goes_back_with_one_press(review: Review, desk: Client) -> None:
    review.judge()
    shown = page(desk, review)
    assert "ส่งกลับให้แก้" in shown
    assert REASON in shown
    url = reverse("evidence:review-return", args=[review.world.response.pk])
    assert desk.post(url, {"agency": review.world.agency.code}).status_code == 302
    part = review.part()
    assert part.state == S.RETURNED
    assert "แผน.pdf" in part.state_note
    assert REASON in part.state_note
    assert "ยังไม่พอ" in part.state_note
    assert Notice.objects.filter(kind="part.return", user=review.world.coordinator).exists()
    assert "ส่งกลับให้แก้" not in page(desk, review)
    assert desk.post(url, {"agency": review.world.agency.code}).status_code == 302
    attaching.remove_attachment(by=review.world.coordinator, attachment=review.fresh())


def test_reading_and_judging_is_for_reviewers(review: Review, browse: Browse) -> None:
    world = review.world
    url = reverse("evidence:review", args=[world.response.pk])
    assert browse(world.coordinator).get(url).status_code == 404
    assert browse(world.reader).get(url).status_code == 404
    assert browse(world.outsider).get(url).status_code == 404
    of_contribution = reverse("evidence:review", args=[world.contribution.pk])
    assert browse(review.reviewer).get(of_contribution).status_code == 404
    assert judge(browse(world.coordinator), review.agency_file, verdict="accepted").status_code == 404


def test_an_empty_queue(review: Review, desk: Client) -> None:
    Attachment.objects.update(removed_at=timezone.now(), removed_by=review.reviewer)
    assert "ยังไม่มีหลักฐานให้ตรวจ" in page(desk, review)


def fill(review: Review, many: int) -> None:
    """Many attachments of several agencies, handed in."""
    world, now = review.world, timezone.now()
    question, agencies = world.question("E1"), AgencyFactory.create_batch(4, province=world.province)
    round_ = world.response.round
    Assignment.objects.bulk_create(
        Assignment(round=round_, agency=agency, question=question, state=S.SUBMITTED) for agency in agencies
    )
    responses = [Response.objects.create(round=round_, agency=agency) for agency in agencies]
    facts = {"size": 9, "kind": FileKind.PDF, "media_type": "application/pdf", "stored": "none"}
    files = File.objects.bulk_create(
        File(sha256=hashlib.sha256(str(n).encode()).hexdigest(), **facts) for n in range(many)
    )
    rows = Attachment.objects.bulk_create(
        Attachment(
            response=responses[n % 4],
            question=question,
            address="E1=done" if n % 2 else "E1b",
            file=file,
            name=f"รายงานผลการดำเนินงานตามแผนดิจิทัลของจังหวัด ไตรมาส {n}.pdf",
            added_by=world.coordinator,
            added_at=now,
        )
        for n, file in enumerate(files)
    )
    Mark.objects.bulk_create(
        Mark(attachment=row, pages="1", quote="ข้อความ", by=world.coordinator, at=now) for row in rows
    )


@pytest.mark.slow
@pytest.mark.parametrize("many", [3, 2000])
def test_the_queue_costs_the_same_however_much_there_is(
    review: Review, desk: Client, many: int, django_assert_max_num_queries: Any
) -> None:
    fill(review, many)
    review.judge()
    desk.get(reverse("evidence:listing", args=[review.world.response.pk]))  # the session is kept from now on
    with django_assert_max_num_queries(10):
        shown = page(desk, review)
    assert len(shown.encode()) < 150_000
    assert f"จาก {many + 1}" in shown
    if many > 100:
        with django_assert_max_num_queries(10):
            assert "หน้า 40 จาก" in page(desk, review, "?page=40")
