"""No act on a form loses work: undo, the page of somebody else, Back after signing out, no connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.roles import Role
from survey.models import Answer
from tests.browser.conftest import sign_in
from tests.browser.looking import DESKTOP, PHONE, assert_accessible, shoot
from tests.browser.steps import Person, address
from tests.flow import Flow, make_flow
from tests.people import People

Open = Callable[..., Page]
ROWS: dict[str, Any] = {"T6": ["ra", "rb"], "T6#ra/T6.name": "หลักสูตรหนึ่ง", "T6#rb/T6.name": "หลักสูตรสอง"}


@pytest.fixture
def flow(people: People, transactional_db: None) -> Flow:
    return make_flow(people)


def at(flow: Flow, page: Page, section: str, js: bool = True) -> Person:
    page.goto(address("survey:fill", flow.response, section))
    return Person(page, js)


def stored(question: str) -> Answer:
    return Answer.objects.get(question__item_id=question)


def field(page: Page, name: str) -> Any:
    return page.locator(f'[name="{name}"]')


@pytest.mark.parametrize(("js", "width"), [(True, PHONE), (False, DESKTOP)], ids=["js", "plain"])
def test_clearing_and_putting_back(flow: Flow, open_page: Open, js: bool, width: int) -> None:
    flow.save("T5.2", {"T5.2": "ก่อนล้าง"})
    page = open_page(flow.secretariat, width=width, js=js)
    office = at(flow, page, "1.2.2", js)
    card = office.card("T5.2")
    card.locator(".q-more > summary").click()
    card.get_by_role("button", name="ล้างคำตอบข้อนี้").click()
    expect(card.locator(".q-status")).to_contain_text("ล้างแล้ว")
    expect(field(page, "T5.2")).to_have_value("")
    undo = card.get_by_role("button", name="เลิกทำ")
    if js:
        expect(undo).to_be_focused()
    office.look("cleared")
    shoot(page, f"cleared-{js}")
    undo.click()
    expect(card.locator(".q-status")).to_contain_text("นำค่ากลับแล้ว")
    expect(field(page, "T5.2")).to_have_value("ก่อนล้าง")
    assert stored("T5.2").value == {"T5.2": "ก่อนล้าง"}
    # The history beside the form, or on its page: the second line is the empty answer.
    card.get_by_role("link", name="ประวัติ").click()
    lines = page.locator(".history .log > li")
    expect(lines).to_have_count(3)
    office.look("history")
    shoot(page, f"history-{js}")
    lines.nth(1).get_by_role("button", name="นำค่านี้กลับมา").click()
    expect(card.locator(".q-status")).to_contain_text("นำค่ากลับแล้ว")
    expect(field(page, "T5.2")).to_have_value("")


@pytest.mark.parametrize(("js", "width"), [(True, PHONE), (False, DESKTOP)], ids=["js", "plain"])
def test_a_row_removed_comes_back(flow: Flow, open_page: Open, js: bool, width: int) -> None:
    flow.save("T6", ROWS)
    page = open_page(flow.secretariat, width=width, js=js)
    office = at(flow, page, "2.1", js)
    card = office.card("T6")
    page.locator('[id="f:T6#ra"] > .row-remove').click()
    if not js:
        expect(card.locator(".q-status")).to_contain_text("ลบรายการแล้ว")
    else:
        office.save("T6")
        expect(card.locator(".q-status")).to_contain_text("ลบรายการแล้ว")
    assert stored("T6").value["T6"] == ["rb"]
    shoot(page, f"row-{js}")
    card.get_by_role("button", name="เลิกทำ").click()
    expect(field(page, "T6#ra/T6.name")).to_have_value("หลักสูตรหนึ่ง")
    office.save("T6")
    expect(card.locator(".q-status")).to_contain_text("แล้ว")
    assert stored("T6").value == ROWS


def test_evidence_taken_off_beside_the_form_comes_back(flow: Flow, open_page: Open) -> None:
    flow.save("T6", {"T6": ["r1"], "T6#r1/T6.name": "หลักสูตร", "T6#r1/T6.form": "room"})
    flow.prove()
    page = open_page(flow.secretariat, width=PHONE)
    office = at(flow, page, "2.1")
    chips = page.locator('[id="e:T6#r1"] .ev-file')
    expect(chips).to_have_count(1)
    page.locator('[id="e:T6#r1"] a').click()
    dialog = page.get_by_role("dialog")
    dialog.locator("summary", has_text="นำออก").click()
    dialog.get_by_role("button", name="ยืนยันนำออก").click()
    expect(dialog.get_by_text("นำหลักฐานออกแล้ว")).to_be_visible()
    undo = dialog.get_by_role("button", name="เลิกทำ")
    expect(undo).to_be_focused()
    expect(chips).to_have_count(0)
    office.look("evidence taken off")
    shoot(page, "evidence-undo")
    undo.click()
    expect(dialog.get_by_role("link", name="หลักสูตร.pdf", exact=True)).to_be_visible()
    expect(undo).to_be_hidden()
    expect(chips).to_have_count(1)


def test_typing_a_note_ticks_its_mark(flow: Flow, open_page: Open) -> None:
    page = open_page(flow.secretariat)
    office = at(flow, page, "2.1")
    card = office.card("T8")
    card.locator(".q-more > summary").click()
    card.get_by_label("หมายเหตุถึงผู้ตรวจ").fill("ตรวจยอดอีกครั้ง")
    expect(card.locator('[name="_unsure"]')).to_be_checked()
    office.save("T8")
    assert (stored("T8").unsure, stored("T8").note) == (True, "ตรวจยอดอีกครั้ง")
    card.locator('[name="_unsure"]').uncheck()
    expect(card.get_by_label("หมายเหตุถึงผู้ตรวจ")).to_have_value("")
    office.save("T8")
    assert (stored("T8").unsure, stored("T8").note) == (False, "")


def test_the_page_of_somebody_else_saves_nothing(flow: Flow, open_page: Open, live_server: Any) -> None:
    page = open_page(flow.secretariat)
    at(flow, page, "1.2.2")
    colleague = flow.who(Role.PROVINCE_ADMIN)
    sign_in(page.context, live_server.url, colleague)
    field(page, "T5.2").fill("ของคนแรก")
    page.keyboard.press("Tab")
    status = page.locator('[id="s:T5.2"]')
    expect(status).to_contain_text(f"หน้านี้เปิดไว้ในชื่อ {flow.secretariat}")
    expect(status).to_contain_text(str(colleague))
    expect(field(page, "T5.2")).to_have_value("ของคนแรก")
    assert not Answer.objects.exists()
    # The owner signs in again and opens the page: the text is there and is sent.
    sign_in(page.context, live_server.url, flow.secretariat)
    office = at(flow, page, "1.2.2")
    expect(field(page, "T5.2")).to_have_value("ของคนแรก")
    office.save("T5.2")
    assert (stored("T5.2").value, stored("T5.2").saved_by) == ({"T5.2": "ของคนแรก"}, flow.secretariat)


def test_back_after_signing_out_shows_nothing(flow: Flow, open_page: Open) -> None:
    flow.save("T5.2", {"T5.2": "ความลับของจังหวัด"})
    page = open_page(flow.secretariat)
    at(flow, page, "1.2.2")
    page.locator("details.app-menu > summary").click()
    page.get_by_role("button", name="ออกจากระบบ").click()
    page.wait_for_url("**/accounts/sign-in/**")
    page.go_back()
    expect(page.get_by_label("รหัสผ่าน")).to_be_visible()
    assert "ความลับของจังหวัด" not in page.content()
    # What a browser kept in memory as it was is loaded again as soon as it is shown.
    page = open_page(flow.secretariat)
    at(flow, page, "1.2.2")
    page.context.clear_cookies()
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    page.wait_for_url("**/accounts/sign-in/**")
    expect(page.get_by_label("รหัสผ่าน")).to_be_visible()


def test_without_a_connection_one_stays_on_the_form(flow: Flow, open_page: Open) -> None:
    page = open_page(flow.secretariat)
    office = at(flow, page, "2.1")
    bar = page.locator("#net-status")
    expect(bar).to_be_hidden()
    page.context.set_offline(True)
    expect(bar).to_contain_text("ขาดการเชื่อมต่อ")
    field(page, "T8").first.check()
    row = page.locator('[id="T6"] > li > input[name="T6"]').last.input_value()
    field(page, f"T6#{row}/T6.name").fill("หลักสูตรบนรถไฟ")
    page.keyboard.press("Tab")
    expect(bar).to_contain_text("รอส่ง 2 ข้อ")
    page.wait_for_timeout(6500)  # other messages fade by then
    expect(bar).to_contain_text("ขาดการเชื่อมต่อ")
    here = page.url
    page.locator("main a[href^='/r/']:visible").first.click()
    expect(bar).to_contain_text("อยู่ที่หน้านี้ก่อน")
    assert page.url == here
    office.card("T8").get_by_role("link", name="ประวัติ").click()
    page.locator("details.app-menu > summary").click()
    page.get_by_role("button", name="ออกจากระบบ").click()
    expect(bar.get_by_role("button", name="ออกจากหน้านี้")).to_be_visible()
    assert page.url == here
    top = bar.evaluate("bar => bar.getBoundingClientRect().top")
    assert 0 <= top < 10 or page.evaluate("scrollY") == 0, "the bar stays at the top of the window"
    assert_accessible(page, "offline")
    page.context.set_offline(False)
    expect(bar).to_contain_text("กลับมาเชื่อมต่อแล้ว")
    office.save("T8")
    office.save("T6")
    expect(bar).not_to_contain_text("รอส่ง")
    assert stored("T6").value[f"T6#{row}/T6.name"] == "หลักสูตรบนรถไฟ"
    page.locator("main a[href^='/r/']:visible").first.click()
    page.wait_for_url(lambda url: url != here)


def test_a_save_that_no_database_took_is_sent_again(flow: Flow, open_page: Open) -> None:
    page = open_page(flow.secretariat)
    office = at(flow, page, "1.2.2")
    saves = "**/answer/T5.2/"
    page.route(saves, lambda route: route.fulfill(status=503, json={"error": "away"}, headers={"Retry-After": "10"}))
    field(page, "T5.2").fill("พิมพ์ขณะฐานข้อมูลสลับเครื่อง")
    page.keyboard.press("Tab")
    expect(office.card("T5.2").locator(".q-status")).to_have_attribute("data-state", "kept")
    expect(page.locator("#net-status")).to_contain_text("รอส่ง 1 ข้อ")
    assert not Answer.objects.exists()
    page.unroute(saves)
    expect(office.card("T5.2").locator(".q-status")).to_have_attribute("data-state", "", timeout=30_000)
    expect(page.locator("#net-status")).not_to_contain_text("รอส่ง")
    assert stored("T5.2").value == {"T5.2": "พิมพ์ขณะฐานข้อมูลสลับเครื่อง"}


def test_who_wants_to_leave_may(flow: Flow, open_page: Open) -> None:
    page = open_page(flow.secretariat)
    at(flow, page, "1.2.2")
    page.context.set_offline(True)
    expect(page.locator("#net-status")).to_contain_text("ขาดการเชื่อมต่อ")
    link = page.locator("main a[href^='/r/']:visible").first
    link.focus()
    page.keyboard.press("Enter")
    leave = page.get_by_role("button", name="ออกจากหน้านี้")
    expect(leave).to_be_focused()
    page.context.set_offline(False)
    expect(page.locator("#net-status")).to_contain_text("กลับมาเชื่อมต่อแล้ว")
    expect(leave).to_be_hidden()
    page.context.set_offline(True)
    link.click()
    here = page.url
    with page.expect_event("requestfailed", lambda request: request.is_navigation_request()):
        leave.click()
    assert here
