"""The pages of the centre, of a province's own result and of the public in a browser: they fit, axe finds nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.roles import Role
from nation.releases.actions import show_release
from tests.browser.arriving import assert_fits
from tests.browser.conftest import PAGE_WAYS
from tests.browser.looking import assert_accessible
from tests.nation.released import Nation, make_nation
from tests.people import People

Open = Callable[..., Page]
CENTRE = {
    "desk": "ทุกจังหวัด",
    "acts": "ทำครั้งเดียวหลายจังหวัด",
    "act-import": "นำเข้า",
    "message": "ข้อความ",
    "report": "รายงานระดับประเทศ",
    "reasons": "เหตุผล",
    "reason-codes": "เหตุผล",
    "examples": "ตัวอย่าง",
    "releases": "การเผยแพร่",
    "release-new": "รุ่น",
    "replies": "ข้อโต้แย้งผล",
    "reply-window": "ข้อโต้แย้ง",
}


@pytest.fixture
def nation(transactional_db: None, people: People) -> Nation:
    return make_nation(people)


def check(page: Page, url: str, heading: str, *, axe: bool) -> None:
    page.goto(url)
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
    assert_fits(page)
    if axe:
        assert_accessible(page)


@pytest.mark.parametrize(("width", "js"), PAGE_WAYS)
def test_the_pages_of_the_centre(nation: Nation, open_page: Open, width: int | None, js: bool) -> None:
    page = open_page(nation.central, width=width, js=js)
    for name, heading in CENTRE.items():
        check(page, reverse(f"nation:{name}", args=[nation.year]), heading, axe=js)
    page.goto(reverse("nation:report", args=[nation.year]))
    page.locator(".fact-sections a").nth(1).click()
    expect(page.locator(".fact-sections [aria-current=page]")).to_be_visible()
    assert_fits(page)
    page.goto(reverse("nation:desk", args=[nation.year]))
    page.locator("nav.tabs").get_by_role("link", name="การเผยแพร่").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("การเผยแพร่")


def test_what_a_province_and_the_public_read(nation: Nation, open_page: Open) -> None:
    release = nation.release()
    show_release(by=nation.central, release=release)
    secretary = open_page(nation.flow.who(Role.SECRETARIAT))
    own = reverse("nation:reply", args=[nation.flow.round.province.code, nation.year])
    check(secretary, own, "ผล", axe=True)
    public = open_page(None)
    for name in ("open", "open-method"):
        check(public, reverse(f"nation:{name}", args=[nation.year]), str(nation.year), axe=True)
