"""Where a verdict is shown: checker, panel, list, first page, journal."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from evidence.models import Verdict
from survey.approval.review import current_open_points
from survey.instrument.queries import compiled_instrument
from survey.journal.event_texts import describe_event
from survey.journal.evidence_event_texts import VERDICT_LABELS
from survey.models import Response
from tests.evidence.reviewing.conftest import REASON, Review

Browse = Callable[[User], Client]
REJECTING = [Verdict.INSUFFICIENT, Verdict.WRONG_PASSAGE, Verdict.OUT_OF_DATE]


def contribution(review: Review) -> Response:
    """The agency's contribution as pages get it."""
    rows = Response.objects.select_related("round__instrument", "round__province")
    return rows.get(pk=review.world.contribution.pk)


@pytest.mark.parametrize("verdict", REJECTING)
def test_a_rejected_file_is_an_open_point_with_its_reason(review: Review, verdict: Verdict) -> None:
    review.judge(verdict)
    points = [p for p in current_open_points(contribution(review)) if p.address == "E1=done"]
    assert [p.kind for p in points] == ["rejected"]
    assert "ผู้ตรวจเห็นว่า" in points[0].message.th
    assert REASON in points[0].message.th
    assert REASON in points[0].message.en
    review.judge(Verdict.ACCEPTED)
    assert not [p for p in current_open_points(contribution(review)) if p.address == "E1=done"]


def test_the_check_page_counts_it(review: Review, browse: Browse) -> None:
    adopted = review.adopt()
    review.world.answer({"E1": "done"})
    review.judge()
    shown = browse(review.reviewer).get(reverse("survey:check", args=[adopted.response_id])).content.decode()
    assert "หลักฐานที่ผู้ตรวจยังไม่รับ" in shown
    assert REASON in shown


def test_the_panel_says_what_to_do_now(review: Review, browse: Browse) -> None:
    review.judge()
    client = browse(review.world.coordinator)
    url = reverse("evidence:slot", args=[review.world.contribution.pk, "E1"]) + f"?at={quote('E1=done', safe='')}"
    handed_in = client.get(url).content.decode()
    assert REASON in handed_in
    assert "ถอนส่วนนี้กลับมาแก้" in handed_in
    assert review.reviewer.get_full_name() in handed_in
    review.move("return", review.reviewer, reason=REASON)
    assert "แนบไฟล์อื่น" in client.get(url).content.decode()


def test_the_list_shows_only_what_was_rejected(review: Review, browse: Browse) -> None:
    client, url = browse(review.world.coordinator), reverse("evidence:listing", args=[review.world.contribution.pk])
    assert "show=rejected" not in client.get(url).content.decode()
    review.judge()
    shown = client.get(url + "?show=rejected").content.decode()
    assert REASON in shown
    assert quote("E1=done", safe="") in shown
    assert "E1b" not in shown


def test_it_waits_on_the_first_page_until_it_is_changed(review: Review, browse: Browse) -> None:
    client, home = browse(review.world.coordinator), reverse("survey:home")
    listing = reverse("evidence:listing", args=[review.world.contribution.pk]) + "?show=rejected"
    assert listing not in client.get(home).content.decode()
    review.judge()
    shown = client.get(home).content.decode()
    assert listing in shown
    assert "หลักฐานที่ผู้ตรวจยังไม่รับ 1 รายการ" in shown
    review.judge(Verdict.ACCEPTED)
    assert listing not in client.get(home).content.decode()


def test_the_journal_says_verdict_and_reason_in_words(review: Review) -> None:
    instrument = compiled_instrument(review.world.instrument)
    event = review.judge(Verdict.OUT_OF_DATE)
    with translation.override("th"):
        assert {str(label) for label in VERDICT_LABELS.values()} == {str(v.label) for v in Verdict if v}
        entry = describe_event(instrument, event, {})
    assert set(VERDICT_LABELS) == {v.value for v in Verdict if v}
    assert entry.verb_label == "ตรวจหลักฐาน"
    assert [(c.label, c.before, c.after) for c in entry.changes] == [
        ("ผลตรวจหลักฐาน", "", "เก่าเกินไป"),
        ("เหตุผลของผู้ตรวจ", "", REASON),
    ]
