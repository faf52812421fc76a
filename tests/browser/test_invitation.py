"""An invitation from the letter to the first page, each person in a browser of their own that knows nothing yet."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts import tasks
from accounts.roles import Role
from tests.assigned import Assigned, make_assigned
from tests.browser.conftest import PAGE_WAYS
from tests.browser.looking import assert_accessible
from tests.browser.steps import enter_here, open_menu
from tests.factories import UserFactory
from tests.people import make_people

Open = Callable[..., Page]
NEW, PASSWORD = "mali@example.org", "another-long-word-9"
SEATS = pytest.mark.parametrize(("width", "js"), PAGE_WAYS, ids=["js", "plain"])


@pytest.fixture
def world(transactional_db: None) -> Assigned:
    """A province in the middle of a round."""
    return make_assigned(make_people())


@pytest.fixture
def invite(open_page: Open, world: Assigned, live_server: Any, settings: Any) -> Callable[[str, Role], str]:
    """Lets the province's administrator invite somebody on the page; returns the link of the letter."""
    settings.PUBLIC_URL = live_server.url  # what an installation is told about itself

    def invited(email: str, role: Role) -> str:
        page = open_page(world.people.who(Role.PROVINCE_ADMIN))
        page.goto(reverse("accounts:invite", args=[world.people.a.code]))
        page.get_by_label("อีเมล").fill(email)
        page.locator("#id_role").select_option(role.value)
        if role is Role.COORDINATOR:
            page.locator("#id_agency").select_option(str(world.people.a1.pk))
        page.get_by_role("button", name="ส่งคำเชิญ").click()
        expect(page.get_by_text(f"บันทึกคำเชิญแล้ว กำลังส่งอีเมลถึง {email}")).to_be_visible()
        tasks.send_letters()
        assert mail.outbox[-1].to == [email]
        link = re.search(r"^http\S+$", str(mail.outbox[-1].body), re.MULTILINE)
        assert link
        return link[0]

    return invited


def open_account(page: Page, link: str) -> None:
    """Follows the link and fills in name and password."""
    page.goto(link)
    page.locator("#id_first_name").fill("มาลี")
    page.locator("#id_last_name").fill("ใหม่")
    page.locator("#id_password1").fill(PASSWORD)
    page.locator("#id_password2").fill(PASSWORD)
    page.get_by_role("button", name="เปิดบัญชีและเข้าสู่ระบบ").click()


def sign_out(page: Page) -> None:
    """By the menu behind one's name."""
    page.locator(".app-menu summary").click()
    page.get_by_role("button", name="ออกจากระบบ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("เข้าสู่ระบบ")


def is_signed_in_at(page: Page, path: str, name: str) -> None:
    """The page is the person's own, not the sign-in page that would lead there."""
    page.wait_for_url(lambda url: url.partition("?")[0].endswith(path))
    expect(page.locator(".app-user")).to_have_text(name)


@SEATS
def test_somebody_new_is_signed_in_and_lands_on_her_page(
    open_page: Open, invite: Callable[..., str], world: Assigned, width: int | None, js: bool
) -> None:
    """Once she came to the sign-in page instead: the view named a backend that the settings did not list."""
    link = invite(NEW, Role.COORDINATOR)
    page = open_page(width=width, js=js)
    open_account(page, link)
    is_signed_in_at(page, "/", "มาลี ใหม่")
    expect(page.get_by_text("ยินดีต้อนรับ บัญชีของท่านพร้อมใช้งานแล้ว")).to_be_visible()
    if js:
        assert_accessible(page)
    expect(page.get_by_text("ได้รับมอบหมายไว้แล้ว 2 ส่วน")).to_be_visible()  # before she came
    open_menu(page)
    page.get_by_role("link", name="งานของหน่วยงาน").first.click()
    is_signed_in_at(page, reverse("survey:desk", args=[world.people.a.code, world.round.year]), "มาลี ใหม่")


def test_the_password_set_there_is_hers_from_then_on(
    open_page: Open, invite: Callable[..., str], world: Assigned
) -> None:
    link = invite(NEW, Role.SECRETARIAT)
    page = open_page()
    open_account(page, link)
    is_signed_in_at(page, "/", "มาลี ใหม่")
    sign_out(page)
    page.get_by_label("อีเมล").fill(NEW)
    page.get_by_label("รหัสผ่าน").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="เข้าสู่ระบบ").click()
    is_signed_in_at(page, "/", "มาลี ใหม่")
    answer = open_page().goto(link)
    assert answer is not None
    assert answer.status == 410  # a link works once, for nobody else after her


@SEATS
def test_somebody_with_an_account_signs_in_and_takes_the_role(
    open_page: Open, invite: Callable[..., str], world: Assigned, width: int | None, js: bool
) -> None:
    user = UserFactory(email=NEW, first_name="มาลี", last_name="เดิม")
    link = invite(NEW, Role.SECRETARIAT)
    page = open_page(width=width, js=js)
    page.goto(link)
    page.get_by_role("main").get_by_role("link", name="เข้าสู่ระบบ").click()
    enter_here(page, user)
    page.get_by_role("button", name="รับบทบาทนี้").click()
    is_signed_in_at(page, "/", "มาลี เดิม")
