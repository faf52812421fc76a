"""The committee's and the governor's rooms in a browser: two widths, two languages, no script, keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.roles import Role
from survey.approval import actions as workflow
from survey.approval.review import read_evidence_and_score
from survey.committee import queries as committee
from survey.committee.actions.amendments import amend_meeting
from survey.committee.actions.conclusion import conclude_meeting
from survey.committee.actions.meetings import SubPillarDecision
from survey.committee.actions.opinions import GivenOpinion, record_opinions
from survey.models import Delegation, FrozenResponse, Meeting, Response
from tests.browser.arriving import arriving
from tests.browser.looking import PHONE, assert_accessible, assert_fits_in_english
from tests.browser.steps import open_menu
from tests.committee import (
    PDF,
    D,
    attend,
    decide,
    endorsed,
    make_delegation,
    make_meeting,
    make_order,
    seat_of,
    today,
)
from tests.factories import PASSWORD
from tests.flow import Flow, make_flow, submit_with_reasons
from tests.people import make_people

Open = Callable[..., Page]
S = Response.State


@pytest.fixture
def flow(transactional_db: None) -> Flow:
    """An answered draft, in the database for good."""
    made = make_flow(make_people())
    made.fill()
    made.prove()
    return made


def of_round(flow: Flow, name: str, *args: object) -> str:
    """The address of a page of the round."""
    return reverse(f"survey:{name}", args=[flow.province.code, flow.round.year, *args])


def of_province(flow: Flow, name: str, *args: object) -> str:
    """The address of a page of the province."""
    return reverse(f"survey:{name}", args=[flow.province.code, *args])


def of_answer(flow: Flow, name: str) -> str:
    """The address of a page of the provincial answer."""
    return reverse(f"survey:{name}", args=[flow.response.pk])


def state(flow: Flow) -> str:
    """Where the answer stands."""
    return Response.objects.get(pk=flow.response.pk).state


def look(page: Page, address: str, name: str) -> None:
    """Opens a page, in Thai and in English; nobody is shut out of it."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    assert_accessible(page, name)
    assert_fits_in_english(page)


# -- every page -------------------------------------------------------------------------------------


def test_the_pages_of_meetings(flow: Flow, open_page: Open) -> None:
    page = open_page(flow.secretariat)
    look(page, of_round(flow, "meetings"), "meetings-none")
    look(page, of_round(flow, "meeting-new"), "meeting-new")
    meeting = make_meeting(flow.secretariat, flow.round)
    look(page, of_province(flow, "register"), "register-none")
    look(page, of_province(flow, "register-new"), "register-new")
    order = make_order(flow.secretariat, flow.province, quorum=2)
    member = seat_of(flow.secretariat, order, flow.who(Role.COMMITTEE))
    look(page, of_province(flow, "register"), "register")
    look(page, of_province(flow, "register-member", order.pk, member.pk), "register-member")
    remark = GivenOpinion("remark", "ขอให้ตรวจหลักฐาน")
    said = {"": GivenOpinion("agree"), committee.sub_pillars_to_decide(flow.round)[0]: remark}
    record_opinions(by=flow.who(Role.COMMITTEE), meeting=meeting, opinions=said)
    attend(flow.secretariat, meeting)
    pages = (
        "meeting",
        "meeting-edit",
        "meeting-attendance",
        "meeting-resolutions",
        "meeting-conclude",
        "meeting-cancel",
    )
    for name in (*pages, "meeting-opinions"):
        look(page, of_round(flow, name, meeting.pk), name)
    own = open_page(flow.who(Role.COMMITTEE))
    look(own, of_round(flow, "meeting", meeting.pk), "meeting-own")
    look(own, of_round(flow, "meeting-opinions", meeting.pk), "opinions-own")


def test_the_pages_of_a_concluded_meeting(flow: Flow, open_page: Open) -> None:
    page = open_page(flow.secretariat)
    meeting = make_meeting(flow.secretariat, flow.round)
    attend(flow.secretariat, meeting)
    first = committee.sub_pillars_to_decide(flow.round)[0].replace(".", "_")
    decide(flow.secretariat, meeting, **{f"s{first}": SubPillarDecision(D.CHANGES, "เพิ่มแผนปฏิบัติการฉบับล่าสุด")})
    conclude_meeting(by=flow.secretariat, meeting=meeting, late_until=today(1))
    flow.save("T8", {"T8": "yes"})
    amend_meeting(
        by=flow.secretariat, meeting=meeting, subject="meeting", values={"place": "ห้องประชุมเล็ก"}, reason="จดผิด"
    )
    look(page, of_round(flow, "meeting", meeting.pk), "meeting-endorsed")
    look(page, of_round(flow, "meeting-amend", meeting.pk), "meeting-amend")
    seat = f"seat-{meeting.attendance.all()[0].pk}"
    for subject in ("meeting", "guests", seat, f"decision-{committee.sub_pillars_to_decide(flow.round)[0]}"):
        look(page, of_round(flow, "meeting-amend-subject", meeting.pk, subject), f"amend-{subject}")
    look(page, of_round(flow, "meetings"), "meetings")
    look(page, of_answer(flow, "brief"), "brief-endorsed")
    reader = open_page(flow.who(Role.COMMITTEE))
    look(reader, of_round(flow, "meeting", meeting.pk), "meeting-read")


def test_the_pages_of_decision(flow: Flow, open_page: Open, tmp_path: Path) -> None:
    office = open_page(flow.secretariat)
    look(office, of_answer(flow, "submit"), "submit")
    submit_with_reasons(flow)
    look(office, of_answer(flow, "withdraw"), "withdraw")
    governor = open_page(flow.governor)
    for name in ("brief", "approve", "return"):
        look(governor, of_answer(flow, name), name)
    look(governor, of_province(flow, "delegations"), "delegations-none")
    look(governor, of_province(flow, "delegation-new"), "delegation-new")
    made = make_delegation(flow.people, tmp_path)
    look(governor, of_province(flow, "delegations"), "delegations")
    look(governor, of_province(flow, "delegation-revoke", made.pk), "delegation-revoke")
    deputy = open_page(made.delegate)
    look(deputy, of_answer(flow, "approve"), "approve-delegate")
    made.delegate.forget_grants()
    version = workflow.approve_response(by=made.delegate, response=flow.response, compose=read_evidence_and_score)
    for name in ("brief", "versions", "reopen"):
        look(governor, of_answer(flow, name), f"{name}-approved")
    anybody = open_page()
    public = reverse("survey:verify", args=[version.public_id])
    look(anybody, public, "verify")
    workflow.reopen_response(by=flow.governor, response=flow.response, reason="พบตัวเลขผิด")
    look(anybody, public, "verify-void")
    admin = open_page(flow.who(Role.PROVINCE_ADMIN))
    look(admin, of_round(flow, "round-extend"), "extend-open")
    flow.close()
    look(admin, of_round(flow, "round-extend"), "extend")
    look(admin, of_round(flow, "round"), "round-closed")
    look(governor, of_answer(flow, "brief"), "brief-closed")


# -- from the invitation to the certificate, without a script on a phone ----------------------------


@pytest.mark.parametrize("js", [False, True])
def test_a_meeting_on_a_phone(flow: Flow, open_page: Open, js: bool) -> None:
    page = open_page(flow.secretariat, width=PHONE, js=js)
    main = page.get_by_role("main")
    page.goto(of_round(flow, "round"))
    open_menu(page)
    page.get_by_role("navigation", name="เมนูหลัก").get_by_role("link", name="คณะกรรมการ").click()
    main.get_by_role("link", name="บันทึกการประชุม").click()
    page.get_by_label("วันที่ประชุม").fill(today().isoformat())
    main.get_by_label("เวลา").fill("00:00")
    page.get_by_label("สถานที่").fill("ศาลากลางจังหวัด")
    page.get_by_label("ระเบียบวาระ").fill("พิจารณาคำตอบร่าง")
    main.get_by_role("button", name="บันทึก").click()
    with arriving(page):
        main.get_by_role("link", name="บันทึกผู้เข้าประชุม").click()
    seats = page.locator("fieldset.seat").filter(has=page.locator("input[value]:not([type=radio]):not([value=''])"))
    positions = seats.count()
    for number in range(positions):
        page.locator(f"#came-{number}-came").check()
    expect(page.locator("#substitute_name-1")).to_be_hidden()
    page.locator("#came-1-represented").check()
    page.locator("#substitute_name-1").fill("ผู้แทนตัวอย่าง")
    main.get_by_role("button", name="บันทึก").click()
    expect(main.get_by_text("ผู้มาแทน: ผู้แทนตัวอย่าง")).to_be_visible()
    main.get_by_role("link", name="บันทึกมติ").click()
    first = committee.sub_pillars_to_decide(flow.round)[0]
    page.locator(f"[id='decision-{first}-changes']").check()
    main.get_by_role("button", name="เห็นชอบทุกข้อที่ยังไม่มีมติ").click()
    main.get_by_role("button", name="ไปหน้าสรุปมติ").click()
    expect(main.get_by_text("ระบุสิ่งที่ให้แก้ไขของ")).to_be_visible()  # what is to be changed has to be said
    expect(main.get_by_role("button", name="สรุปมติ", exact=True)).to_be_disabled()
    main.get_by_role("link", name="แก้ไขมติ").click()
    page.locator(f"[id='note-{first}']").fill("เพิ่มแผน")
    main.get_by_role("button", name="ไปหน้าสรุปมติ").click()
    page.get_by_label("หน่วยงานเพิ่มเติมได้ถึงวันที่").fill(today(1).isoformat())
    main.get_by_role("button", name="สรุปมติ", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("เห็นชอบ")
    assert state(flow) == S.ENDORSED
    assert Meeting.objects.get().late_until == today(1)


@pytest.mark.parametrize("js", [False, True])
def test_a_delegate_approves_on_a_phone(flow: Flow, open_page: Open, js: bool, tmp_path: Path) -> None:
    order = tmp_path / "order.pdf"
    order.write_bytes(PDF)
    endorsed(flow.secretariat, flow.round)
    workflow.submit_response(by=flow.secretariat, response=flow.response, points=lambda r: [], reasons={})
    governor = open_page(flow.governor, width=PHONE, js=js)
    governor.goto(of_province(flow, "delegations"))
    governor.get_by_role("link", name="มอบอำนาจ").click()
    governor.get_by_label("ผู้รับมอบอำนาจ").select_option(str(flow.who(Role.COMMITTEE).pk))
    governor.get_by_label("ตั้งแต่วันที่").fill(today().isoformat())
    governor.get_by_label("ถึงวันที่").fill(today(3).isoformat())
    governor.get_by_label("เลขที่คำสั่ง").fill("123/2570")
    governor.get_by_label("คำสั่ง (PDF)").set_input_files(order)
    governor.get_by_role("main").get_by_role("button", name="มอบอำนาจ").click()
    expect(governor.get_by_text("123/2570")).to_be_visible()
    assert Delegation.objects.get().ends_on == today(3)

    page = open_page(flow.who(Role.COMMITTEE), width=PHONE, js=js)
    page.goto(of_answer(flow, "brief"))
    main = page.get_by_role("main")
    expect(main.locator(".countdown").first).to_contain_text("23:59")
    main.get_by_role("link", name="อนุมัติ", exact=True).click()
    expect(main.get_by_text("ตามคำสั่งเลขที่ 123/2570")).to_be_visible()
    page.get_by_label("รหัสผ่านของท่านอีกครั้ง").fill(PASSWORD)
    main.get_by_role("button", name="อนุมัติ", exact=True).click()
    expect(main.get_by_text("อนุมัติแทนผู้ว่าราชการจังหวัด ตามคำสั่งเลขที่ 123/2570")).to_be_visible()
    version = FrozenResponse.objects.get()
    anybody = open_page(width=PHONE, js=js)
    anybody.goto(reverse("survey:verify", args=[version.public_id]))
    expect(anybody.get_by_text(version.sha256)).to_be_visible()
    expect(anybody.get_by_role("status").get_by_text("มีผล")).to_be_visible()


def test_an_extension_without_a_script(flow: Flow, open_page: Open) -> None:
    flow.close()
    page = open_page(flow.who(Role.PROVINCE_ADMIN), width=PHONE, js=False)
    page.goto(of_round(flow, "round"))
    page.get_by_role("link", name="ขยายเวลา").click()
    page.get_by_label("วันสุดท้ายของการอนุมัติ").fill(today(2).isoformat())
    page.get_by_role("button", name="ขยายเวลา").click()
    expect(page.locator(".invalid-feedback")).to_be_visible()
    page.get_by_label("เหตุผล").fill("ไฟฟ้าดับทั้งจังหวัด")
    page.get_by_role("button", name="ขยายเวลา").click()
    expect(page.get_by_text("ขยายเวลาแล้ว")).to_be_visible()
    flow.round.refresh_from_db()
    assert timezone.localdate(flow.round.closes_at) == today(2)


# -- the keyboard alone -----------------------------------------------------------------------------


def press_until(page: Page, selector: str, *, most: int = 120) -> None:
    """Goes on with the tabulator until the element has the focus."""
    for _turn in range(most):
        if page.evaluate("s => document.activeElement?.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached with the keyboard")


def test_resolutions_with_the_keyboard_alone(flow: Flow, open_page: Open) -> None:
    meeting = make_meeting(flow.secretariat, flow.round)
    attend(flow.secretariat, meeting)
    page = open_page(flow.secretariat)
    page.goto(of_round(flow, "meeting-resolutions", meeting.pk))
    for code in committee.sub_pillars_to_decide(flow.round):
        press_until(page, f"[name='decision-{code}']")
        page.keyboard.press("Space")
    press_until(page, "button[name=conclude]")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("สรุปมติ")
    press_until(page, "form.narrow-form button.btn-primary")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("เห็นชอบ")
    assert state(flow) == S.ENDORSED


def test_approval_with_the_keyboard_alone(flow: Flow, open_page: Open) -> None:
    flow.submit()
    page = open_page(flow.governor)
    page.goto(of_answer(flow, "brief"))
    press_until(page, f"a[href='{of_answer(flow, 'approve')}']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("อนุมัติคำตอบ")
    press_until(page, "#password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")  # in the field, decides nothing
    expect(page.locator("#password")).to_have_value(PASSWORD)
    press_until(page, "form.narrow-form button.btn-primary")
    page.keyboard.press("Enter")
    expect(page.locator(".hash code")).to_be_visible()
    assert state(flow) == S.APPROVED


def test_the_countdown_goes_on_while_the_page_is_open(flow: Flow, open_page: Open) -> None:
    flow.round.closes_at = timezone.now() + timedelta(hours=1, minutes=1, seconds=30)
    flow.round.save(update_fields=["closes_at"])
    page = open_page(flow.governor)
    page.clock.install()
    page.goto(of_answer(flow, "brief"))
    left = page.locator(".countdown strong")
    expect(left).to_have_text("อีก 1 ชั่วโมง 1 นาที")
    page.clock.fast_forward("05:00")
    expect(left).to_have_text("อีก 56 นาที")
    page.clock.fast_forward("01:00:00")
    expect(left).to_have_text("ปิดรอบแล้ว")
    expect(page.get_by_text("ถึงเวลาปิดรับการอนุมัติ")).to_be_hidden()
