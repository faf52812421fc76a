"""Submission with an override, return, resubmission and approval, as secretariat and governor do it in a browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.roles import Role
from survey.models import FrozenResponse, Response, SubmissionGuard
from tests.assigned import make_assigned
from tests.browser.arriving import arriving
from tests.browser.looking import PHONE, assert_accessible
from tests.factories import PASSWORD
from tests.flow import Flow
from tests.people import make_people

Open = Callable[..., Page]
S = Response.State
OVERRIDE = "หน่วยงานขอส่งหลังรอบนี้"
MAX_HEIGHT = 5000  # CSS pixels on a phone, on opening


@pytest.fixture
def flow(transactional_db: None) -> Flow:
    """An answered draft whose agencies have not handed in and whose committee has not met."""
    flow = make_assigned(make_people()).flow
    flow.fill()
    flow.prove()
    flow.set_guards()
    return flow


def go(page: Page, name: str, *args: object) -> None:
    """Opens a page and looks at it."""
    answer = page.goto(reverse(f"survey:{name}", args=args))
    assert answer is not None
    assert answer.status == 200
    look(page, name)


def look(page: Page, name: str) -> None:
    """Accessible, and short enough on a phone."""
    assert_accessible(page, f"loop-{name}")
    if page.viewport_size and page.viewport_size["width"] == PHONE:
        assert page.locator("html").evaluate("root => root.scrollHeight") < MAX_HEIGHT


def override_guards(office: Page) -> None:
    for guard in (SubmissionGuard.PARTS_SETTLED, SubmissionGuard.COMMITTEE_ENDORSED):
        office.locator(f'[name="guard:{guard}"]').fill(OVERRIDE)


def ask_for_a_change(governor: Page, pk: int) -> None:
    """The governor reads why the guards were overridden, and sends the answer back with a remark."""
    go(governor, "approve", pk)
    expect(governor.get_by_text(OVERRIDE).first).to_be_visible()
    governor.get_by_role("link", name="ส่งกลับให้แก้ไข").click()
    governor.get_by_label("ข้อคำถาม").first.select_option("T8")
    governor.get_by_label("สิ่งที่ขอให้แก้ไข").first.fill("ขอตรวจคำตอบอีกครั้ง")
    look(governor, "return")
    governor.get_by_role("main").get_by_role("button", name="ส่งกลับให้แก้ไข").click()
    expect(governor.get_by_role("main")).to_contain_text("ส่งกลับให้แก้ไขแล้ว")


def approve_what_changed(governor: Page, pk: int) -> None:
    """The governor reads remarks, replies and the one change, and approves."""
    go(governor, "approve", pk)
    for words in (OVERRIDE, "ขอตรวจคำตอบอีกครั้ง", "ตรวจแล้ว และปรับเป็นมี"):
        expect(governor.get_by_text(words).first).to_be_visible()
    changes = governor.locator(".changed-q")
    expect(changes).to_have_count(1)
    expect(changes.locator("del").first).to_be_visible()
    expect(changes.locator("ins").first).to_be_visible()
    expect(governor.get_by_role("main").locator(".btn-primary")).to_have_count(1)  # one clear act
    governor.get_by_label("รหัสผ่านของท่านอีกครั้ง").fill(PASSWORD)
    with arriving(governor):
        governor.get_by_role("button", name="อนุมัติ", exact=True).click()


def test_the_loop_from_the_override_to_the_certificate(flow: Flow, open_page: Open) -> None:
    pk = flow.response.pk
    office = open_page(flow.secretariat)
    governor = open_page(flow.governor, width=PHONE)

    go(office, "submit", pk)
    send = office.get_by_role("main").get_by_role("button", name="เสนอผู้ว่าราชการจังหวัด")
    send.click()
    expect(office.get_by_role("alert")).to_contain_text("งานของหน่วยงาน")
    look(office, "submit-refused")
    override_guards(office)
    send.click()
    expect(office.get_by_role("heading", level=1)).to_have_text("สรุปสำหรับผู้ว่าราชการจังหวัด")

    ask_for_a_change(governor, pk)
    go(office, "submit", pk)
    expect(office.get_by_role("alert")).to_contain_text("ต้องตอบก่อนเสนอ")
    office.get_by_role("link", name="ดูข้อสังเกตที่ต้องตอบ").click()
    expect(office.get_by_text("ขอตรวจคำตอบอีกครั้ง").first).to_be_visible()
    flow.answer_remarks("ตรวจแล้ว และปรับเป็นมี")
    flow.save("T8", {"T8": "yes", "T8.1": "4", "T8.1.of": "5"})
    go(office, "submit", pk)
    override_guards(office)
    for reason in office.locator("textarea[name^='why:'], textarea[name^='all:']").all():
        reason.fill("จะแนบในรอบถัดไป")
    send.click()
    expect(office.get_by_role("heading", level=1)).to_have_text("สรุปสำหรับผู้ว่าราชการจังหวัด")

    approve_what_changed(governor, pk)
    expect(governor.locator(".hash code")).to_have_text(FrozenResponse.objects.get().sha256)
    look(governor, "approved")
    first = governor.get_by_role("main").locator(".btn").first
    expect(first).to_contain_text("หนังสือรับรอง")
    expect(governor.locator("[data-until]")).to_have_count(0)
    assert Response.objects.get(pk=pk).state == S.APPROVED


def test_who_submitted_is_told_why_not_to_approve(flow: Flow, open_page: Open) -> None:
    flow.set_guards(SubmissionGuard.UNCHANGED)
    flow.submit()
    member = flow.who(Role.SECRETARIAT).memberships.get()
    member.role = Role.GOVERNOR
    member.save()
    page = open_page(flow.secretariat, width=PHONE)
    go(page, "brief", flow.response.pk)
    expect(page.get_by_role("alert")).to_contain_text("เป็นผู้เสนอคำตอบชุดนี้")
    expect(page.get_by_role("main").get_by_role("link", name="อนุมัติ", exact=True)).to_have_count(0)
