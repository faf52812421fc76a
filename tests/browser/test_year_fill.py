"""The filling page under a person's hands: saving, clashing, losing the connection or the session, keyboard, zoom."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from accounts.roles import Role
from survey.models import Answer, Response
from tests.browser.conftest import ACT_WAYS, sign_in
from tests.browser.looking import assert_accessible
from tests.browser.steps import Person, address
from tests.factories import PASSWORD, MembershipFactory
from tests.flow import Flow, make_flow
from tests.installation import until
from tests.people import People

Open = Callable[..., Page]
ZOOMED: ViewportSize = {"width": 640, "height": 450}  # a desk of 1280 × 900 at 200 %
NARROW: ViewportSize = {"width": 320, "height": 256}  # the same at 400 %


@pytest.fixture
def flow(people: People, transactional_db: None) -> Flow:
    """A draft of the made-up year with everybody of the province."""
    return make_flow(people)


def value(flow: Flow, question: str) -> Any:
    """What is stored, or nothing."""
    row = Answer.objects.filter(response=flow.response, question__item_id=question).first()
    return row.value if row else None


def at(flow: Flow, page: Page, section: str) -> Person:
    """A person whose page of the form is open."""
    person = Person(page)
    page.goto(address("survey:fill", flow.response, section))
    return person


def test_it_saves_by_itself_and_says_so(flow: Flow, open_page: Open) -> None:
    page = open_page(flow.secretariat)
    office = at(flow, page, "1.2.2")
    status = page.locator('[id="s:T5.2"]')
    expect(status).to_have_text("ยังไม่ได้ตอบ")
    page.locator('[name="T5.2"]').press_sequentially("ขอให้ง่าย")  # and then only waits
    office.save("T5.2")
    expect(status).to_contain_text("บันทึกแล้ว")
    expect(status).to_contain_text(str(flow.secretariat))
    assert value(flow, "T5.2") == {"T5.2": "ขอให้ง่าย"}
    assert Answer.objects.get().revision == 1
    page.reload()
    expect(page.locator('[name="T5.2"]')).to_have_value("ขอให้ง่าย")
    expect(page.locator('[data-src] [aria-current="page"]')).to_contain_text("0/1")  # a suggestion is not required


def test_leaving_the_page_at_once_loses_nothing(flow: Flow, open_page: Open) -> None:
    page = open_page(flow.secretariat)
    at(flow, page, "1.2.2")
    page.locator('[name="T5.2"]').fill("พิมพ์แล้วไปทันที")
    page.get_by_role("link", name="หลักสูตร →").click()
    page.wait_for_url("**/fill/2.1/")
    expect(page.locator('[data-src] [href$="/1.2.2/"]')).to_be_attached()
    until(lambda: value(flow, "T5.2") == {"T5.2": "พิมพ์แล้วไปทันที"}, "what was typed is stored", 20)
    page.go_back()
    expect(page.locator('[name="T5.2"]')).to_have_value("พิมพ์แล้วไปทันที")
    Person(page).save("T5.2")


def test_without_a_connection_it_keeps_and_later_sends(flow: Flow, open_page: Open) -> None:
    page = open_page(flow.secretariat)
    office = at(flow, page, "1.2.2")
    page.context.set_offline(True)
    page.locator('[name="T5.2"]').fill("เขียนบนรถไฟ")
    page.keyboard.press("Tab")
    status = page.locator('[id="s:T5.2"]')
    expect(status).to_have_attribute("data-state", "kept")
    expect(page.locator("#net-status")).to_contain_text("ขาดการเชื่อมต่อ")
    assert_accessible(page)
    page.locator('[name="T5.2"]').fill("เขียนบนรถไฟ ในอุโมงค์")
    page.keyboard.press("Tab")
    assert value(flow, "T5.2") is None
    page.context.set_offline(False)
    office.save("T5.2")
    expect(status).to_contain_text("บันทึกแล้ว")
    assert value(flow, "T5.2") == {"T5.2": "เขียนบนรถไฟ ในอุโมงค์"}


def test_an_ended_session_gives_back_what_was_typed(flow: Flow, open_page: Open) -> None:
    page = open_page(flow.secretariat)
    office = at(flow, page, "2.1")
    page.wait_for_load_state("networkidle")
    with page.expect_response(re.compile("/score/panel/")):  # a moment after the save, and not after the session
        office.choose("T8", "T8=yes")
    page.wait_for_load_state("networkidle")
    end_sessions()
    row = office.row("T6", "T6")
    page.locator(f'[name="{row}T6.name"]').fill("หลักสูตรที่พิมพ์ค้าง")
    page.keyboard.press("Tab")
    page.locator('[name="T8.1"]').fill("4")
    page.keyboard.press("Tab")
    expect(page.locator('[id="s:T6"]')).to_have_attribute("data-state", "out")
    expect(page.locator('[id="s:T8"]')).to_have_attribute("data-state", "out")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("หมดเวลาใช้งานแล้ว")
    dialog.get_by_role("link", name="เข้าสู่ระบบ").click()
    page.get_by_label("อีเมล").fill(flow.secretariat.email)
    page.get_by_label("รหัสผ่าน").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="เข้าสู่ระบบ").click()
    expect(page.locator(f'[name="{row}T6.name"]')).to_have_value("หลักสูตรที่พิมพ์ค้าง")
    expect(page.locator('[name="T8.1"]')).to_have_value("4")
    office.save("T6")
    office.save("T8")
    assert value(flow, "T6")[f"{row}T6.name"] == "หลักสูตรที่พิมพ์ค้าง"
    assert value(flow, "T8") == {"T8": "yes", "T8.1": "4"}


def end_sessions() -> None:
    """Every session is over on the server, as after a night."""
    Session.objects.all().delete()
    cache.clear()


def test_signed_in_elsewhere_it_goes_on_where_it_stood(flow: Flow, open_page: Open, live_server: Any) -> None:
    page = open_page(flow.secretariat)
    office = at(flow, page, "1.2.2")
    context: BrowserContext = page.context
    context.clear_cookies(name=django_settings.SESSION_COOKIE_NAME)
    page.locator('[name="T5.2"]').fill("ยังอยู่หน้านี้")
    page.keyboard.press("Tab")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("หมดเวลาใช้งานแล้ว")
    sign_in(context, live_server.url, flow.secretariat)
    other = context.new_page()
    other.goto("/accounts/profile/")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(dialog).to_be_hidden()
    office.save("T5.2")
    assert value(flow, "T5.2") == {"T5.2": "ยังอยู่หน้านี้"}


@pytest.mark.parametrize(("width", "js"), ACT_WAYS)
def test_two_people_on_one_question_choose(flow: Flow, open_page: Open, width: int, js: bool) -> None:
    first, second = (Person(open_page(user, width=width, js=js), js) for user in (flow.secretariat, colleague(flow)))
    for person in (first, second):
        person.page.goto(address("survey:fill", flow.response, "2.1"))
    first.choose("T8", "T8=yes")
    first.type("T8", **{"T8.1": "3", "T8.1.of": "5"})
    late = second.page
    late.locator('[name="T8"][value="no"]').check()
    if not js:
        second.save("T8")
    expect(late.get_by_text("มีผู้บันทึกข้อนี้ก่อนท่าน")).to_be_visible()
    second.look("a conflict")
    assert value(flow, "T8") == {"T8": "yes", "T8.1": "3", "T8.1.of": "5"}
    for mine in late.locator('[name="_pick:T8"][value="mine"]').all():
        mine.check()
    late.get_by_role("button", name="บันทึกตามที่เลือก").click()
    expect(late.locator('[name="T8"][value="no"][type=radio]')).to_be_checked()
    expect(late.get_by_role("button", name="บันทึกตามที่เลือก")).to_have_count(0)
    assert value(flow, "T8")["T8"] == "no"


def colleague(flow: Flow) -> Any:
    """Another of the secretariat."""
    return MembershipFactory(role=Role.SECRETARIAT, province=flow.province).user


def test_on_different_questions_they_see_each_other_and_do_not_disturb(flow: Flow, open_page: Open) -> None:
    other = colleague(flow)
    first, second = open_page(flow.secretariat), open_page(other)
    at(flow, first, "2.1")
    expect(first.locator("#others")).to_be_empty()
    theirs = at(flow, second, "2.1")
    expect(second.locator("#others")).to_contain_text(str(flow.secretariat))
    theirs.choose("T8", "T8=no")
    row = f"T6#{first.locator('[name=T6]').first.input_value()}/"
    mine = Person(first)
    mine.type("T6", **{f"{row}T6.name": "หลักสูตร"})
    mine.choose("T6", f"{row}T6.form=room")
    first.reload()
    expect(first.locator("#others")).to_contain_text(str(other))
    expect(first.locator('[name="T8"][value="no"]')).to_be_checked()
    assert value(flow, "T6")[f"{row}T6.form"] == "room"
    assert_accessible(first)


def test_what_was_handed_in_meanwhile_is_refused_and_said(flow: Flow, open_page: Open) -> None:
    page = open_page(flow.secretariat)
    at(flow, page, "1.2.2")
    Response.objects.update(state=Response.State.SUBMITTED)
    page.locator('[name="T5.2"]').fill("ช้าไป")
    page.keyboard.press("Tab")
    expect(page.locator('[id="s:T5.2"]')).to_contain_text("แก้ไขไม่ได้ในขณะนี้")
    expect(page.locator('[name="T5.2"]')).to_have_value("ช้าไป")
    assert value(flow, "T5.2") is None


def test_the_keyboard_alone_answers_a_card(flow: Flow, open_page: Open) -> None:
    page = open_page(flow.secretariat)
    office = at(flow, page, "2.1")
    page.locator('[id="q:T7"], [id="q:T8"]').last.scroll_into_view_if_needed()
    page.locator('[name="T8"]').first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.locator('[name="T8"][value="yes"]')).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.locator('[id="e:T8=yes"] a')).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("4")
    page.keyboard.press("Tab")
    page.keyboard.type("5")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the history, beside the form
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    for _ in ("guide", "thread", "save"):
        page.keyboard.press("Tab")
    expect(office.card("T8").locator("button.q-save")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # more: "unsure, look again", its note, and clearing
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("ask again")
    page.keyboard.press("Tab")
    expect(office.card("T8").locator("[name=_clear]")).to_be_focused()
    office.save("T8")
    row = Answer.objects.get(question__item_id="T8")
    assert (row.value, row.unsure, row.note) == ({"T8": "yes", "T8.1": "4", "T8.1.of": "5"}, True, "ask again")


def test_it_can_be_read_enlarged(flow: Flow, open_page: Open) -> None:
    page = open_page(flow.secretariat)
    for size in (ZOOMED, NARROW):
        page.set_viewport_size(size)
        for section in ("1.1", "1.2.1", "2.1"):
            page.goto(address("survey:fill", flow.response, section))
            page.locator(
                '[name="T1"][value="done"], [name="T4/kiosk/state"][value="yes"], [name="T8"][value="yes"]'
            ).check()
            assert_accessible(page)


@pytest.mark.parametrize("js", [True, False], ids=["js", "plain"])
def test_it_speaks_english(flow: Flow, open_page: Open, js: bool) -> None:
    page = open_page(flow.secretariat, js=js)
    person = Person(page, js)
    page.goto(address("survey:fill", flow.response, "1.1"))
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text("1.1 Service Points")
    person.choose("T1", "T1=none")
    person.type("T1", **{"T1.1": "no budget"})
    expect(person.card("T3")).to_contain_text("T3")
    person.look("English")
    page.get_by_role("button", name="ภาษาไทย").click()
    expect(page.locator("html")).to_have_attribute("lang", "th")
    expect(page.locator('[name="T1.1"]')).to_have_value("no budget")
