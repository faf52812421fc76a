"""Reviewing evidence in a real browser: by keys alone, without a script, on a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from evidence.models import FileText, TextState, Verdict
from evidence.reading.pages import DocumentText, PageText, pack
from survey.models import Assignment
from tests.browser.looking import PHONE, assert_accessible
from tests.evidence.conftest import build, pdf
from tests.evidence.reviewing.conftest import REASON, Review, hand_in

Open = Callable[..., Page]
PAGE_TEXT = "ประกาศจังหวัด เรื่อง แผนดิจิทัล ระยะ 5 ปี\nลงนามโดยผู้ว่าราชการจังหวัด"


@pytest.fixture
def review(transactional_db: None) -> Review:
    """An agency's file and two of the province's, the first with its text."""
    made = hand_in(build())
    made.world.attach("E1b", content=pdf("b"), name="ข.pdf")
    made.world.attach("E2=yes", content=pdf("c"), name="ค.pdf")
    text = pack(DocumentText((PageText(1, PAGE_TEXT),)))
    FileText.objects.update_or_create(
        file=made.agency_file.file, defaults={"state": TextState.READ, "pages": text, "due_at": None}
    )
    return made


def queue(review: Review) -> str:
    return reverse("evidence:review", args=[review.world.response.pk])


def test_on_a_phone(review: Review, open_page: Open) -> None:
    page = open_page(review.reviewer, width=PHONE)
    page.goto(queue(review))
    expect(page.locator(".rv-page mark")).to_be_visible()
    assert_accessible(page)


def test_by_keys_alone(review: Review, open_page: Open) -> None:
    page = open_page(review.reviewer)
    page.goto(queue(review))
    expect(page.locator(".rv-page mark")).to_have_text("แผนดิจิทัล")
    assert_accessible(page)
    page.keyboard.press("2")  # to the reason; what is typed there is no shortcut
    page.keyboard.type("1 j z")
    page.keyboard.press("Enter")
    page.wait_for_url("**judged=**")
    assert (review.fresh().verdict, review.fresh().verdict_reason) == (Verdict.INSUFFICIENT, "1 j z")
    expect(page.locator(".rv-document h3")).to_have_text("ข.pdf")  # the next came at once
    assert_accessible(page)
    page.keyboard.press("z")
    expect(page.locator(".rv-document h3")).to_contain_text("แผน.pdf")
    assert review.fresh().verdict == Verdict.NONE
    page.keyboard.press("j")
    expect(page.locator(".rv-document h3")).to_have_text("ข.pdf")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".rv-document h3")).to_contain_text("แผน.pdf")
    page.keyboard.press("1")
    page.wait_for_url("**judged=**")
    assert review.fresh().verdict == Verdict.ACCEPTED


def test_the_keys_can_be_switched_off(review: Review, open_page: Open) -> None:
    page = open_page(review.reviewer)
    page.goto(queue(review))
    page.get_by_label("ใช้แป้นลัด").uncheck()
    page.reload()
    expect(page.get_by_label("ใช้แป้นลัด")).not_to_be_checked()
    page.keyboard.press("j")
    page.keyboard.press("1")
    expect(page.locator(".rv-document h3")).to_contain_text("แผน.pdf")
    assert review.fresh().verdict == Verdict.NONE


def test_without_a_script_rejected_and_sent_back(review: Review, open_page: Open) -> None:
    page = open_page(review.reviewer, js=False)
    page.goto(queue(review))
    page.get_by_label("ยังไม่พอ").check()
    page.get_by_role("button", name="บันทึก").click()
    expect(page.get_by_role("alert")).to_contain_text("โปรดบอกเหตุผล")
    page.get_by_label("เหตุผล").fill(REASON)
    page.get_by_role("button", name="บันทึก").click()
    expect(page.locator(".rv-rejected")).to_contain_text(REASON)
    page.get_by_role("button", name="ส่งกลับให้แก้").click()
    expect(page.locator(".rv-rejected")).to_have_count(0)
    assert review.part().state == Assignment.State.RETURNED
    coordinator = open_page(review.world.coordinator, js=False)
    coordinator.goto(reverse("survey:home"))
    coordinator.get_by_role("listitem").filter(has_text="หลักฐานที่ผู้ตรวจยังไม่รับ").get_by_role("link").first.click()
    expect(coordinator.locator("main")).to_contain_text(REASON)
    coordinator.locator(".evl-what a").first.click()
    expect(coordinator.locator(".evp-verdict")).to_contain_text(REASON)
    expect(coordinator.locator(".evp-verdict")).to_contain_text("แนบไฟล์อื่น")
