"""Waiting for a page that is slow to come."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from tests.browser.arriving import arriving, assert_fits

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
