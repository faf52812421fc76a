"""Second factors in a real browser: the app, recovery codes, a passkey of a virtual authenticator, axe clean."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.roles import Role
from accounts.second_factor.queries import read_second_factors
from tests.browser.arriving import arriving
from tests.browser.looking import DESKTOP, PHONE, assert_accessible
from tests.factories import PASSWORD
from tests.people import People
from tests.second_factors import app_code, give_app

Open = Callable[..., Page]
SECURITY = "/accounts/security/"
# A security key or the device's own store, whose owner touches it at once.
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def add_authenticator(page: Page) -> None:
    """Gives the browser of the page a virtual authenticator (DevTools protocol)."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def give_password(page: Page, email: str) -> None:
    page.goto("/accounts/sign-in/")
    page.get_by_label("อีเมล").fill(email)
    page.get_by_label("รหัสผ่าน").fill(PASSWORD)
    with arriving(page):
        page.get_by_label("รหัสผ่าน").press("Enter")


def sign_out(page: Page) -> None:
    page.context.clear_cookies()


@pytest.mark.parametrize(("width", "js"), [(DESKTOP, True), (PHONE, False)], ids=["desk", "phone without script"])
def test_a_governor_sets_the_app_up_before_anything_else(
    open_page: Open, people: People, settings: Any, width: int, js: bool
) -> None:
    settings.MFA_REQUIRED = True
    page = open_page(width=width, js=js)
    user = people.who(Role.GOVERNOR)
    give_password(page, user.email)
    expect(page.get_by_role("heading", level=1)).to_have_text("การยืนยันขั้นที่สอง")
    expect(page.get_by_role("alert")).to_contain_text("ต้องใช้การยืนยันขั้นที่สอง")
    if js:
        assert_accessible(page)
    page.get_by_role("link", name="ตั้งแอป", exact=True).click()
    if js:
        assert_accessible(page)
    key = page.locator("main code").inner_text().replace(" ", "")
    page.get_by_label("รหัส 6 หลักที่แอปแสดง").fill(app_code(key))
    page.get_by_role("button", name="ยืนยันและเริ่มใช้").click()
    expect(page.locator("main ol > li")).to_have_count(10)
    if js:
        assert_accessible(page)
    code = page.locator("main ol > li").first.inner_text()
    page.get_by_role("link", name="เก็บรหัสแล้ว ไปหน้าแรก").click()
    expect(page).not_to_have_url(SECURITY)
    sign_out(page)
    give_password(page, user.email)
    expect(page.get_by_role("heading", level=1)).to_have_text("ยืนยันขั้นที่สอง")
    if js:
        assert_accessible(page)
    page.get_by_label("รหัสยืนยัน").fill(code)
    page.get_by_label("รหัสยืนยัน").press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("ยืนยันขั้นที่สอง")
    assert read_second_factors(user).codes_left == 9


def test_a_passkey_is_added_used_and_removed(open_page: Open, people: People) -> None:
    user = people.nobody
    page = open_page()
    add_authenticator(page)
    give_password(page, user.email)
    page.goto(SECURITY)
    page.get_by_role("link", name="เพิ่มพาสคีย์").click()
    expect(page.locator("[data-passkey-missing]")).to_have_count(0)
    page.get_by_label("ชื่อพาสคีย์").fill("โน้ตบุ๊กที่ทำงาน")
    assert_accessible(page)
    page.get_by_role("button", name="เพิ่มพาสคีย์").click()
    expect(page.locator("main ol > li")).to_have_count(10)
    [passkey] = read_second_factors(user).passkeys
    assert passkey.name == "โน้ตบุ๊กที่ทำงาน"
    sign_out(page)
    give_password(page, user.email)
    assert_accessible(page)
    page.get_by_role("button", name="ใช้พาสคีย์").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("ยืนยันขั้นที่สอง")
    page.goto(SECURITY)
    expect(page.get_by_text("ใช้ล่าสุด")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="ลบพาสคีย์ โน้ตบุ๊กที่ทำงาน").click()
    page.get_by_role("button", name="ลบพาสคีย์").click()
    expect(page.get_by_text("ลบแล้ว")).to_be_visible()
    assert read_second_factors(user).number == 0


def test_a_passkey_of_somebody_else_opens_nothing(open_page: Open, people: People) -> None:
    """The browser has a passkey of another account: ours does not ask for it; an answer from it is refused."""
    mine, other = people.nobody, people.who(Role.SECRETARIAT)
    page = open_page()
    add_authenticator(page)
    for user in (mine, other):
        give_password(page, user.email)
        page.goto(f"{SECURITY}passkeys/new/")
        page.get_by_role("button", name="เพิ่มพาสคีย์").click()
        expect(page.locator("main ol > li")).to_have_count(10)
        sign_out(page)
    give_password(page, other.email)
    # The page is made to ask for any passkey: the authenticator then answers with the one it likes.
    page.evaluate("""() => {
        const data = document.getElementById("passkey-options");
        const options = JSON.parse(data.textContent);
        window.allowed = options.publicKey.allowCredentials;
        const get = navigator.credentials.get.bind(navigator.credentials);
        navigator.credentials.get = async (asked) => {
            const credential = await get(asked);
            return new Proxy(credential, { get: (real, name) => {
                if (name === "id") return "AAAA" + real.id.slice(4);
                const value = real[name];
                return typeof value === "function" ? value.bind(real) : value;
            } });
        };
    }""")
    page.get_by_role("button", name="ใช้พาสคีย์").click()
    expect(page.get_by_text("ยืนยันด้วยพาสคีย์ไม่สำเร็จ")).to_be_visible()


def test_without_a_script_the_app_is_offered_instead_of_a_passkey(open_page: Open, people: People) -> None:
    page = open_page(js=False)
    give_password(page, people.nobody.email)
    page.goto(f"{SECURITY}passkeys/new/")
    page.get_by_role("link", name="ตั้งแอปยืนยันตัวตนแทน").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ตั้งแอปยืนยันตัวตน")
    give_app(people.nobody)
    sign_out(page)
    give_password(page, people.nobody.email)
    expect(page.get_by_role("button", name="ใช้พาสคีย์")).to_have_count(0)
