"""Two people on one card: what only one of them changed merges by itself, and nobody is asked about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from accounts.roles import Role
from survey.models import Answer
from tests.browser.conftest import ACT_WAYS
from tests.browser.looking import assert_accessible, shoot
from tests.browser.steps import Person, address
from tests.trial import REAL, Trial, make_trial

Open = Callable[..., Page]
CARD, MAIL, MOBILE = "cover.contact", "cover.contact.email", "cover.contact.mobile"


@pytest.fixture
def real(transactional_db: None) -> Trial:
    return make_trial(REAL)


def stored() -> dict[str, Any]:
    """The values of the only answer."""
    return dict(Answer.objects.get().value)


def at_contact(page: Page, real: Trial, js: bool = True) -> Person:
    section = real.compiled.items[MAIL].section
    page.goto(address("survey:fill", real.response, section))
    return Person(page, js)


def field(page: Page, name: str) -> Any:
    return page.locator(f'[name="{name}"]')


@pytest.mark.parametrize(("width", "js"), ACT_WAYS)
def test_mail_of_one_and_mobile_of_the_other_both_stand(real: Trial, open_page: Open, width: int, js: bool) -> None:
    other = real.user(Role.SECRETARIAT)
    first = at_contact(open_page(other, width=width, js=js), real, js)
    second = at_contact(open_page(real.secretariat, width=width, js=js), real, js)
    question = real.compiled.items[MAIL].question or ""
    field(first.page, MAIL).fill("new@example.org")
    first.save(question)
    expect(first.card(question).locator(".q-status")).to_contain_text("บันทึกแล้ว")
    field(second.page, MOBILE).fill("081-000-0000")
    second.save(question)
    expect(second.page.get_by_text(f"รวมกับการแก้ไขของ {other} แล้ว")).to_be_visible()
    expect(field(second.page, MAIL)).to_have_value("new@example.org")
    expect(field(second.page, MOBILE)).to_have_value("081-000-0000")
    expect(second.page.locator("[data-conflict]")).to_have_count(0)
    assert stored() == {MAIL: "new@example.org", MOBILE: "081-000-0000"}
    if js:
        expect(field(second.page, MOBILE)).to_be_focused()
        assert_accessible(second.page)
    shoot(second.page, f"merged-{js}")
    # Both change the same field: only that one is asked, and nothing is chosen yet.
    field(first.page, MAIL).fill("first@example.org")
    first.save(question)
    expect(first.page.get_by_text("รวมกับการแก้ไขของ").first).to_be_visible()
    field(second.page, MAIL).fill("second@example.org")
    if not js:
        second.save(question)
    panel = second.page.locator("[data-conflict]")
    expect(panel.get_by_role("group")).to_have_count(1)
    expect(panel.get_by_role("radio", checked=True)).to_have_count(0)
    second.look("the panel")
    shoot(second.page, f"panel-{js}")
    panel.get_by_role("button").click()
    expect(panel).to_be_visible()
    panel.get_by_label("first@example.org").check()
    panel.get_by_role("button").click()
    expect(panel).to_have_count(0)
    expect(field(second.page, MAIL)).to_have_value("first@example.org")
    assert stored() == {MAIL: "first@example.org", MOBILE: "081-000-0000"}


def test_a_lost_reply_is_no_conflict_with_oneself(real: Trial, open_page: Open) -> None:
    page = open_page(real.secretariat)
    office = at_contact(page, real)
    question = real.compiled.items[MAIL].question or ""

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/answer/**", lose, times=1)
    field(page, MOBILE).fill("081-111-0000")
    page.keyboard.press("Tab")
    expect(office.card(question).locator(".q-status")).to_have_attribute("data-state", "kept")
    assert stored() == {MOBILE: "081-111-0000"}
    field(page, MOBILE).fill("081-222-0000")
    office.save(question)
    expect(field(page, MOBILE)).to_have_value("081-222-0000")
    expect(page.locator("[data-conflict]")).to_have_count(0)
    assert stored() == {MOBILE: "081-222-0000"}


def test_typing_goes_on_while_a_save_is_merged(real: Trial, open_page: Open) -> None:
    first = at_contact(open_page(real.user(Role.SECRETARIAT)), real)
    page = open_page(real.secretariat)
    second = at_contact(page, real)
    question = real.compiled.items[MAIL].question or ""
    field(first.page, MAIL).fill("new@example.org")
    first.save(question)

    def slow(route: Route) -> None:
        answer = route.fetch()
        field(page, MOBILE).fill("081-222-3333")
        route.fulfill(response=answer)

    page.route("**/answer/**", slow, times=1)
    field(page, MOBILE).fill("081-222-0000")
    second.save(question)
    expect(field(page, MAIL)).to_have_value("new@example.org")
    expect(field(page, MOBILE)).to_have_value("081-222-3333")
    expect(page.locator("[data-conflict]")).to_have_count(0)
    assert stored() == {MAIL: "new@example.org", MOBILE: "081-222-3333"}
