"""A real browser: Debian's chromium, closed to the outside, watched for faults on the page.

def test_x(open_page, live_server):
    page = open_page(user, width=PHONE)          # js=False: without JavaScript
    page.goto(live_server.url + "/")
    assert_accessible(page)
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pikepdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from tests.browser.arriving import assert_fits, settle
from tests.live import ShippedServer

DESKTOP, PHONE = 1280, 390  # widths in CSS pixels
HEIGHTS = {DESKTOP: 900, PHONE: 844}
PATIENCE = 10_000  # milliseconds
expect.set_options(timeout=PATIENCE)  # what is expected has as long as what is done: four workers share two cores
# Width and scripts are not crossed: the width is the style sheet's, which asks for no script. Pages are looked at by
# axe at both widths, and without scripts on the phone; of acts, whose outcome no width changes, each once.
PAGE_WAYS = ((DESKTOP, True), (PHONE, True), (PHONE, False))
ACT_WAYS = ((PHONE, True), (DESKTOP, False))
AXE = Axe()
# Only violations are asked for: what passes would be written out node by node, which takes as long as the look itself.
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
# Reading which colour lies on which takes axe three fifths of its time, on a phone as much as all the rest twice.
WITHOUT_COLOURS = {**WCAG, "rules": {"color-contrast": {"enabled": False}}}
COLOURS = {"looked at": True}  # whether the running test's pages are looked at for that too
RULES = {"asked": True}  # whether axe looks at them at all


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks a walk on the phone that is walked at a desk too: the colours of its pages are looked at there.

    No width changes them: tests/frame/test_colours_by_width.py holds the style sheets to that.
    """
    walks = {(item.nodeid.partition("[")[0], _values(item)) for item in items}
    for item in items:
        at_desk = tuple(str(DESKTOP) if value == str(PHONE) else value for value in _values(item))
        if at_desk != _values(item) and (item.nodeid.partition("[")[0], at_desk) in walks:
            item.add_marker("colours_seen")


def _values(item: pytest.Item) -> tuple[str, ...]:
    """The parameters of a test, one by one."""
    given = getattr(item, "callspec", None)
    rows = (value if isinstance(value, tuple) else (value,) for value in (given.params.values() if given else ()))
    return tuple(str(value) for row in rows for value in row)


@pytest.fixture(autouse=True)
def _looked_for(request: pytest.FixtureRequest) -> None:
    COLOURS["looked at"] = request.node.get_closest_marker("colours_seen") is None
    RULES["asked"] = request.node.get_closest_marker("other_language") is None


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own chromium; every name but loopback is unknown to it."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("chromium is not installed")
    return {
        **browser_type_launch_args,
        "executable_path": program,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
        ],
    }


def sign_in(context: BrowserContext, base_url: str, user: Any) -> None:
    """Give the browser a session of `user` without the sign-in page."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[django_settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": base_url}])


# What browsers and htmx log as errors: a refused form answers 4xx; a request that a newer one replaces is given up. One
# that fails is logged as htmx:sendError besides.
BY_DESIGN = ("Failed to load resource", "htmx:sendAbort", "htmx:afterRequest")


def watch(page: Page, faults: list[str]) -> None:
    """Writes down what goes wrong on a page, and what it asks of other hosts."""

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(BY_DESIGN):
            faults.append(message.text)

    def asked(request: Request) -> None:
        if urlsplit(request.url).hostname not in (None, "127.0.0.1", "localhost"):
            faults.append(f"{page.url} asked for {request.url}")

    page.on("request", asked)
    page.on("console", heard)
    page.on("pageerror", lambda error: faults.append(str(error)))


@pytest.fixture(scope="session")
def live_server(_static_files: None) -> Iterator[ShippedServer]:
    """In place of pytest-django's: the product serves its static files itself."""
    server = ShippedServer("localhost")
    yield server
    server.stop()


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """Opens pages in contexts of their own; afterwards fails on script faults and on requests to elsewhere."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def opened(user: Any = None, *, width: int = DESKTOP, js: bool = True, **options: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": HEIGHTS.get(width, 844)},
            java_script_enabled=js,
            locale=options.pop("locale", "th-TH"),
            timezone_id="Asia/Bangkok",
            base_url=live_server.url,
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        if user is not None:
            sign_in(context, live_server.url, user)
        page = context.new_page()
        watch(page, faults)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults, "faults on the page:\n" + "\n".join(faults)


def assert_accessible(page: Page, *, colours: bool = True) -> None:
    """No WCAG 2.2 A or AA violation that axe can find, and no sideways scrolling."""
    settle(page)
    if RULES["asked"]:
        found = AXE.run(page, options=WCAG if colours and COLOURS["looked at"] else WITHOUT_COLOURS)
        assert found.violations_count == 0, found.generate_report()
    assert_fits(page)


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A PDF of three parts."""
    with pikepdf.new() as document:
        document.add_blank_page()
        document.Root.Noise = document.make_stream(os.urandom(5 << 20))
        document.save(tmp_path / "ภาพถ่าย.pdf")
    return tmp_path / "ภาพถ่าย.pdf"
