"""Looking at a page: axe, nothing scrolls sideways, a picture where one is asked for; at a desk and on a phone.

A page opened at no width of its own (`open_page`) is looked at in both: the window is made narrow and wide again, which
costs a tenth of walking the whole way once more. What scripts do by the width while a page loads is tested with pages
opened at that width.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from weakref import WeakSet

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from django.conf import settings
from playwright.sync_api import BrowserContext, Page

from tests.browser.arriving import assert_fits, settle

DESKTOP, PHONE = 1280, 390  # widths in CSS pixels
HEIGHTS = {DESKTOP: 900, PHONE: 844}
BOTH: WeakSet[BrowserContext] = WeakSet()  # whose pages are looked at in both widths
# Only violations are asked for: what passes would be written out node by node, which takes as long as the look itself.
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
# Reading which colour lies on which takes axe three fifths of its time, and no width changes it
# (tests/frame/test_colours_by_width.py holds the style sheets to that).
WITHOUT_COLOURS = {**WCAG, "rules": {"color-contrast": {"enabled": False}}}


def assert_accessible(page: Page, picture: str = "") -> None:
    """No WCAG 2.2 A or AA violation that axe can find, and no sideways scrolling; a picture of that name, if wanted."""
    own = page.viewport_size
    assert own is not None
    _look(page, picture, WCAG)
    if page.context in BOTH and own["width"] == DESKTOP:
        page.set_viewport_size({"width": PHONE, "height": HEIGHTS[PHONE]})
        _look(page, picture, WITHOUT_COLOURS)
        page.set_viewport_size(own)


def _look(page: Page, picture: str, options: dict[str, Any]) -> None:
    settle(page)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = AxeResults(page.evaluate("options => axe.run(options)", options))
    assert found.violations_count == 0, found.generate_report()
    assert_fits(page)
    if picture:
        shoot(page, picture)


def assert_fits_in_english(page: Page) -> None:
    """Opens the page again: the longer words have room where there is least of it. It stays English until the next.

    axe is not asked once more: what it looks at is made alike in both languages.
    """
    own, cookie = page.viewport_size, settings.LANGUAGE_COOKIE_NAME
    assert own is not None
    page.context.add_cookies([{"name": cookie, "value": "en", "url": page.url}])
    page.set_viewport_size({"width": PHONE, "height": HEIGHTS[PHONE]})
    page.goto(page.url)
    assert page.locator("html").get_attribute("lang") == "en"
    assert_fits(page)
    page.set_viewport_size(own)
    page.context.clear_cookies(name=cookie)


def shoot(page: Page, name: str) -> None:
    """A picture of the whole page into the folder DGREADY_SHOTS, where one is asked for."""
    if folder := os.environ.get("DGREADY_SHOTS"):
        width = (page.viewport_size or {})["width"]
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
