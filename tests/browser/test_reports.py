"""Papers in a real browser: the bar moves by itself, and without a script by asking again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from reports.models import Job, JobState
from tests.browser.looking import assert_accessible, shoot
from tests.flow import Flow, make_flow
from tests.people import make_people

Open = Callable[..., Page]
SLOW = 40_000  # milliseconds that making a file may take on a busy machine


@pytest.fixture
def flow(transactional_db: None) -> Flow:
    """An answered draft, in the database for good."""
    made = make_flow(make_people())
    made.fill()
    made.prove()
    return made


def papers(flow: Flow) -> str:
    return reverse("reports:list", args=[flow.response.pk])


def test_make_and_download(flow: Flow, worker: None, open_page: Open) -> None:
    page = open_page(flow.secretariat, accept_downloads=True)
    page.goto(papers(flow))
    assert_accessible(page)
    for kind in ("แบบสำรวจพร้อมคำตอบ (PDF)", "ไฟล์ Excel สำหรับ สพร."):
        page.get_by_role("button", name=f"สร้างไฟล์ {kind}").click()
    shoot(page, "reports-waiting")
    links = page.get_by_role("link", name="ดาวน์โหลด")
    expect(links).to_have_count(2, timeout=SLOW)
    expect(page.locator("#job-said")).to_contain_text("เสร็จแล้ว")
    with page.expect_download() as download:
        links.last.click()
    assert download.value.suggested_filename == "dgready-TH-91-2570-draft-questionnaire.pdf"
    page.reload()
    expect(page.locator("#downloads")).to_contain_text("dgready-TH-91-2570-draft-questionnaire.pdf")
    assert_accessible(page, "reports")


def test_without_a_script(flow: Flow, worker: None, open_page: Open) -> None:
    page = open_page(flow.secretariat, js=False)
    page.goto(papers(flow))
    page.get_by_role("button", name="สร้างไฟล์ ไฟล์ Excel").click()
    for _turn in range(SLOW // 500):
        if page.get_by_role("link", name="ดาวน์โหลด").count():
            break
        page.wait_for_timeout(500)
        page.goto(papers(flow))
    expect(page.get_by_role("link", name="ดาวน์โหลด")).to_have_count(1)


def test_a_failed_job_says_why(flow: Flow, open_page: Open) -> None:
    page = open_page(flow.secretariat)
    page.goto(papers(flow))
    page.get_by_role("button", name="สร้างไฟล์ แบบสำรวจพร้อมคำตอบ").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    Job.objects.update(state=JobState.FAILED, message="เก็บไฟล์ไม่สำเร็จ โปรดลองใหม่อีกครั้ง")
    expect(page.get_by_text("เก็บไฟล์ไม่สำเร็จ")).to_be_visible()
    expect(page.get_by_role("button", name="ลองใหม่")).to_be_visible()
    assert_accessible(page)
