"""The frame in a browser: header, fault page, and the end of a session."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import PHONE, assert_accessible
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
LOOK = "document.dispatchEvent(new Event('visibilitychange'))"


@pytest.mark.parametrize("width", [None, 320])
def test_fault_page_is_accessible(open_page: Callable[..., Page], width: int | None) -> None:
    page = open_page(UserFactory(), width=width)
    page.goto("/no-such-page")
    expect(page.get_by_role("heading", level=1)).to_have_text("ไม่พบหน้านี้")
    assert_accessible(page)


@pytest.mark.parametrize("js", [True, False])
def test_language_and_sign_out_work_with_and_without_script(open_page: Callable[..., Page], js: bool) -> None:
    page = open_page(UserFactory(), js=js)
    page.goto("/accounts/profile/")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator("details.app-menu > summary").click()
    page.locator("details.app-menu form button").click()
    page.wait_for_url("**/accounts/sign-in/**")


def ends_in(page: Page, seconds: int) -> None:
    """Make the page believe that the session ends so soon."""
    end = f"Math.floor(Date.now() / 1000) + {seconds}"
    page.evaluate(f"document.cookie = 'dgready_session_until=' + ({end}) + ';path=/'")
    page.evaluate(LOOK)


def test_session_warns_and_can_be_prolonged(open_page: Callable[..., Page]) -> None:
    page = open_page(UserFactory(), width=PHONE)
    page.goto("/accounts/profile/")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_hidden()
    ends_in(page, 200)
    expect(dialog).to_contain_text("ใกล้หมดเวลาใช้งาน")
    assert_accessible(page)
    dialog.get_by_role("button").click()
    expect(dialog).to_be_hidden()


def test_ended_session_keeps_the_page(open_page: Callable[..., Page], live_server: Any) -> None:
    page = open_page(UserFactory())
    page.goto("/accounts/profile/")
    page.context.clear_cookies()
    page.evaluate(LOOK)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("หมดเวลาใช้งานแล้ว")
    link = dialog.get_by_role("link").get_attribute("href")
    assert link == "/accounts/sign-in/?next=/accounts/profile/"
    dialog.get_by_role("button").click()
    expect(dialog).to_be_hidden()


def test_lost_connection_is_said(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/accounts/sign-in/")
    page.context.set_offline(True)
    expect(page.locator("#net-status")).to_contain_text("ขาดการเชื่อมต่อ")
    page.context.set_offline(False)
    expect(page.locator("#net-status")).to_contain_text("กลับมาเชื่อมต่อแล้ว")
