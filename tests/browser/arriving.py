"""Waiting for the page one goes to, the same with and without its scripts.

A click that leads away returns while the next document is being made: what asks the page at once finds the old one,
or a document without an element in it. `expect(…)` waits by itself; anything else follows `arriving` or `settle`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page


def settle(page: Page) -> None:
    """Waits until the document that the page has gone to is loaded to its end."""
    page.wait_for_load_state()  # "load": the end of the document is there, and so are its scripts


@contextmanager
def arriving(page: Page) -> Iterator[None]:
    """Waits, around an act that leads to another page or posts a form, until that page is there to its end."""
    with page.expect_navigation():
        yield
    settle(page)


def assert_fits(page: Page) -> None:
    """The page does not scroll sideways."""
    settle(page)
    wide = page.locator("html").evaluate("root => root.scrollWidth - root.clientWidth")
    assert wide <= 0, f"{page.url} scrolls sideways by {wide} px at {page.viewport_size}"
