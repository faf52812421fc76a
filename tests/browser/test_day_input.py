"""The date control in a browser: the day said back while typing, the calendar, and the page without scripts."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.roles import Role
from tests.browser.looking import PHONE, assert_accessible
from tests.people import People, make_people

OpenPage = Callable[..., Page]


@pytest.fixture
def people(transactional_db: None) -> People:
    """Everybody, in the database for good."""
    return make_people()


def opened(open_page: OpenPage, live_server: Any, people: People, **how: Any) -> Page:
    page = open_page(people.who(Role.PROVINCE_ADMIN), **how)
    page.goto(live_server.url + reverse("accounts:invite", args=[people.a.code]))
    return page


def test_the_day_is_said_back_while_typing(open_page: OpenPage, live_server: Any, people: People) -> None:
    page = opened(open_page, live_server, people, width=PHONE)
    said = page.locator("#id_valid_from-said")
    expect(said).to_contain_text("วัน/เดือน/ปี พ.ศ.")
    page.locator("#id_valid_from").press_sequentially("7 ธ.ค. 69")
    expect(said).to_have_text("จันทร์ 7 ธันวาคม 2569")
    page.locator("#id_valid_to").fill("31/2/2569")
    page.locator("#id_valid_to").blur()
    expect(page.locator("#id_valid_to-said")).to_have_text("กุมภาพันธ์ 2569 มี 28 วัน")
    assert_accessible(page)


def test_a_day_is_picked_from_the_calendar(open_page: OpenPage, live_server: Any, people: People) -> None:
    page = opened(open_page, live_server, people)
    control = page.locator("day-input").first
    expect(control.get_by_role("button", name="เลือกจากปฏิทิน")).to_be_visible()
    calendar = control.locator("input[type=date]")
    calendar.evaluate("e => { e.value = '2026-12-07'; e.dispatchEvent(new Event('change')) }")
    expect(page.locator("#id_valid_from")).to_have_value("7/12/2569")
    expect(page.locator("#id_valid_from")).to_be_focused()
    expect(page.locator("#id_valid_from-said")).to_have_text("จันทร์ 7 ธันวาคม 2569")
    page.locator("#id_valid_from").fill("1/1/2570")
    page.locator("#id_valid_from").blur()
    expect(calendar).to_have_value("2027-01-01")


def test_without_scripts_the_server_says_it(open_page: OpenPage, live_server: Any, people: People) -> None:
    page = opened(open_page, live_server, people, js=False)
    page.locator("#id_valid_from").fill("7 ธ.ค. 69")
    page.locator("#id_valid_to").fill("31/2/2569")
    page.locator("main button[type=submit]").last.click()
    expect(page.locator("#id_valid_from-said")).to_have_text("จันทร์ 7 ธันวาคม 2569")
    expect(page.locator("#id_valid_to")).to_have_value("31/2/2569")
    expect(page.get_by_text("กุมภาพันธ์ 2569 มี 28 วัน")).to_be_visible()
