"""Waiting for a page that is slow to come; what it asks of elsewhere is a fault."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.arriving import arriving, assert_fits
from tests.browser.conftest import watch

FIRST = "<!doctype html><title>first</title><form method=post action=/slow><button>on</button></form>"
SECOND = "<!doctype html><title>second</title><p>" + "word " * 500
WIDE = "<!doctype html><title>wide</title><div style='width: 3000px'>x</div>"


@pytest.mark.parametrize("js", [True, False])
def test_the_page_one_goes_to_is_there(open_page: Callable[..., Page], js: bool) -> None:
    def slow(route: Route) -> None:
        time.sleep(0.3)
        route.fulfill(body=SECOND, content_type="text/html")

    page = open_page(js=js)
    page.route("**/first", lambda route: route.fulfill(body=FIRST, content_type="text/html"))
    page.route("**/slow", slow)
    page.route("**/wide", lambda route: route.fulfill(body=WIDE, content_type="text/html"))
    page.goto("/first")
    with arriving(page):
        page.locator("button").click()
    assert page.title() == "second"
    assert page.locator("p").count() == 1
    assert_fits(page)
    page.goto("/wide")
    with pytest.raises(AssertionError, match="scrolls sideways"):
        assert_fits(page)


def test_what_a_page_asks_of_elsewhere_is_a_fault(browser: Browser) -> None:
    faults: list[str] = []
    with browser.new_context(base_url="http://localhost") as context:
        page = context.new_page()
        watch(page, faults)
        body = "<!doctype html><title>x</title><img src=http://elsewhere.example.org/seen.png>"
        page.route("**/first", lambda route: route.fulfill(body=body, content_type="text/html"))
        page.goto("/first")
    assert faults == ["http://localhost/first asked for http://elsewhere.example.org/seen.png"]
