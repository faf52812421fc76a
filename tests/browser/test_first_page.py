"""The first page, the menu and help in a browser: at two widths, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.roles import Role
from tests.assigned import Assigned, make_assigned
from tests.browser.arriving import assert_fits
from tests.browser.conftest import PAGE_WAYS
from tests.browser.looking import DESKTOP, PHONE, assert_accessible
from tests.browser.steps import open_menu
from tests.people import make_people

Open = Callable[..., Page]


@pytest.fixture
def world(transactional_db: None) -> Assigned:
    """A province whose agencies are answering."""
    made = make_assigned(make_people())
    made.submitted()
    return made


@pytest.mark.parametrize(("width", "js"), PAGE_WAYS)
def test_from_the_first_page_to_work_to_help_and_back(
    open_page: Open, world: Assigned, width: int | None, js: bool
) -> None:
    page = open_page(world.coordinator, width=width, js=js)
    page.goto("/")
    expect(page.get_by_text("ต้องตอบ 1 ส่วน")).to_be_visible()
    fits(page, js)
    page.get_by_role("link", name="เริ่มที่นี่").click()
    expect(page.locator("[id='q:T8']")).to_be_visible()
    page.get_by_role("link", name="ช่วยเหลือ").click()
    expect(page.get_by_role("heading", name="ตอบ", exact=True)).to_be_in_viewport()
    fits(page, js)
    page.get_by_label("ค้นหาในคู่มือ").fill("ไม่เกี่ยวข้อง")
    page.get_by_role("button", name="ค้นหา").click()
    expect(page.get_by_role("link", name="ไม่ใช่งานของหน่วยงาน").first).to_be_visible()
    fits(page, js)
    menu = page.get_by_role("navigation", name="เมนูหลัก")
    desk = menu.get_by_role("link", name="งานของหน่วยงาน")
    expect(desk).to_be_visible(visible=width is None)  # on a phone it is behind a button that one sees
    open_menu(page)
    desk.click()
    expect(page).to_have_url(re.compile("/desk/$"))
    open_menu(page)
    expect(menu.locator("[aria-current]")).to_have_text("งานของหน่วยงาน")


def test_a_long_menu_wraps_and_nothing_is_cut(open_page: Open, world: Assigned) -> None:
    for width in (DESKTOP, 800, PHONE):
        page = open_page(world.people.who(Role.PROVINCE_ADMIN), width=width)
        page.goto("/")
        open_menu(page)
        for link in page.get_by_role("navigation", name="เมนูหลัก").get_by_role("link").all():
            box = link.bounding_box()
            assert box
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
        fits(page, js=True)


def fits(page: Page, js: bool) -> None:
    """Whether nothing is wider than the screen, and the rules of accessibility hold."""
    assert_fits(page)
    if js:
        assert_accessible(page)
