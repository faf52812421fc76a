"""Accounts in a real browser: at desk and phone, with and without scripts, axe clean."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts import actions
from accounts.roles import Role
from demo import people as demo
from tests.browser.conftest import ACT_WAYS
from tests.browser.looking import assert_accessible
from tests.factories import PASSWORD
from tests.people import People

Open = Callable[..., Page]
PAGES = (
    "accounts:people accounts:invite accounts:person accounts:grant accounts:deactivate accounts:agencies "
    "accounts:agency-new accounts:profile accounts:password-change accounts:provinces accounts:central-people"
).split()
SCRIPTS = pytest.mark.parametrize("js", [True, False], ids=["js", "nojs"])


def address(name: str, people: People) -> str:
    """The address of a page about province a."""
    kwargs: dict[str, Any] = {}
    if name.split(":")[1] in {"people", "invite", "person", "grant", "deactivate", "agencies", "agency-new"}:
        kwargs["code"] = people.a.code
    if name.split(":")[1] in {"person", "grant", "deactivate"}:
        kwargs["pk"] = people.who(Role.SECRETARIAT).pk
    return reverse(name, kwargs=kwargs)


def test_pages_are_accessible(open_page: Open, people: People) -> None:
    by = people.who(Role.PROVINCE_ADMIN)
    actions.invite_user(by=by, email="new@example.org", role=Role.COMMITTEE, province=people.a)
    page = open_page(people.who(Role.CENTRAL_ADMIN))
    for name in PAGES:
        page.goto(address(name, people))
        expect(page.locator("h1")).to_be_visible()
        assert_accessible(page)


def test_pages_before_sign_in_are_accessible(open_page: Open, people: People, settings: Any) -> None:
    settings.DEMO = True
    demo.create_sample_people(province=people.a, agencies=[], rows=[{"email": "s@example.org", "role": "governor"}])
    by = people.who(Role.PROVINCE_ADMIN)
    _, token = actions.invite_user(by=by, email="new@example.org", role=Role.COMMITTEE, province=people.a)
    page = open_page()
    for path in (
        "/accounts/sign-in/",
        "/accounts/password/reset/",
        "/accounts/password/reset/sent/",
        "/accounts/password/reset/MQ/x-y/",
        reverse("accounts:invitation", args=[token]),
        reverse("accounts:invitation", args=["invented"]),
    ):
        page.goto(path)
        assert_accessible(page)


@pytest.mark.parametrize(("width", "js"), ACT_WAYS)
def test_sign_in_lands_where_one_wanted_to_go(open_page: Open, people: People, width: int, js: bool) -> None:
    page = open_page(width=width, js=js)
    page.goto("/accounts/profile/")
    page.get_by_label("อีเมล").fill(people.who(Role.SECRETARIAT).email)
    page.get_by_label("รหัสผ่าน").fill("wrong")
    page.get_by_role("main").get_by_role("button", name="เข้าสู่ระบบ").click()
    expect(page.get_by_text("อีเมลหรือรหัสผ่านไม่ถูกต้อง")).to_be_visible()
    page.get_by_label("รหัสผ่าน").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="เข้าสู่ระบบ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("บัญชีของฉัน")


@SCRIPTS
def test_a_closed_account_is_out_at_the_next_click(open_page: Open, people: People, js: bool) -> None:
    user, admin = people.who(Role.SECRETARIAT), people.who(Role.PROVINCE_ADMIN)
    theirs, ours = open_page(user, js=js), open_page(admin, js=js)
    theirs.goto("/accounts/profile/")
    ours.goto(reverse("accounts:person", args=[people.a.code, user.pk]))
    ours.get_by_role("link", name="ปิดบัญชี").click()
    ours.get_by_role("button", name="ปิดบัญชี").click()
    expect(ours.get_by_role("link", name="เปิดบัญชีอีกครั้ง")).to_be_visible()
    theirs.goto("/accounts/profile/")
    expect(theirs.get_by_role("heading", level=1)).to_have_text("เข้าสู่ระบบ")
