"""Looking at a page: axe, nothing scrolls sideways, a picture where one is asked for; at a desk and on a phone.

A page opened at no width of its own (`open_page`) is looked at in both: the window is made narrow and wide again, which
costs a tenth of walking the whole way once more. What scripts do by the width while a page loads is tested with pages
opened at that width.
"""

from __future__ import annotations

import os
from collections import defaultdict
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
MAKES = (Path(__file__).parent / "looking.js").read_text(encoding="utf-8")
# Most of axe's time goes into which colour lies on which, and how far a finger is from the next control. Both are told
# by an element's make (looking.js), so one of each make is looked at in a process, at each width; and no width changes
# a colour: tests/frame/test_colours_by_width.py holds the style sheets to that. The other rules look at every element.
COLOURS, SIZES = "color-contrast", "target-size"
REST = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "rules": {COLOURS: {"enabled": False}, SIZES: {"enabled": False}},
    "resultTypes": ["violations"],  # what passes would be written out node by node, which takes as long as the look
}
SEEN: dict[object, set[int]] = defaultdict(set)  # what of each make was looked at: colours, and sizes by width


def assert_accessible(page: Page, picture: str = "") -> None:
    """No WCAG 2.2 A or AA violation that axe can find, and no sideways scrolling; a picture of that name, if wanted."""
    own = page.viewport_size
    assert own is not None
    _look(page, picture)
    if page.context in BOTH and own["width"] == DESKTOP:
        page.set_viewport_size({"width": PHONE, "height": HEIGHTS[PHONE]})
        _look(page, picture)
        page.set_viewport_size(own)


def _look(page: Page, picture: str) -> None:
    settle(page)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    _find_nothing(page.evaluate("options => axe.run(options)", REST))
    makes = set(page.evaluate(MAKES))
    colours, sizes = makes - SEEN[COLOURS], makes - SEEN[width_of(page)]
    for rules, new in (((COLOURS, SIZES), colours & sizes), ((COLOURS,), colours - sizes), ((SIZES,), sizes - colours)):
        if new:
            _find_nothing(page.evaluate("([rules, makes]) => lookAt(rules, makes)", [rules, list(new)]))
    SEEN[COLOURS] |= makes
    SEEN[width_of(page)] |= makes
    assert_fits(page)
    if picture:
        shoot(page, picture)


def _find_nothing(answer: dict[str, Any]) -> None:
    found = AxeResults(answer)
    assert found.violations_count == 0, found.generate_report()


def width_of(page: Page) -> int:
    """Of the window, in CSS pixels."""
    return (page.viewport_size or {"width": DESKTOP})["width"]


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
        page.screenshot(path=Path(folder) / f"{name}-{width_of(page)}.png", full_page=True)
