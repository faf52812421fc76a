"""A real browser: Debian's chromium, closed to the outside, watched for faults on the page.

def test_x(open_page, live_server):
    page = open_page(user)                       # at a desk; width=PHONE, js=False: without JavaScript
    page.goto(live_server.url + "/")
    assert_accessible(page)                      # in both widths, unless one was given (tests/browser/looking.py)
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pikepdf
import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from tests.browser.looking import BOTH, DESKTOP, HEIGHTS, PHONE
from tests.live import ShippedServer

PATIENCE = 10_000  # milliseconds
expect.set_options(timeout=PATIENCE)  # what is expected has as long as what is done: four workers share two cores
# Width and scripts are not crossed: the width is the style sheet's, which asks for no script. Pages are looked at by
# axe at both widths (None), and without scripts on the phone; of acts, whose outcome no width changes, each once.
PAGE_WAYS = ((None, True), (PHONE, False))
ACT_WAYS = ((PHONE, True), (DESKTOP, False))


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
            "--renderer-process-limit=1",  # a page's first document starts no second process: a quarter of opening one
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

    def failed(request: Request) -> None:
        if urlsplit(request.url).hostname not in (None, "127.0.0.1", "localhost"):
            faults.append(f"{page.url} asked for {request.url}")

    page.on("requestfailed", failed)  # as each request to elsewhere does: its name is unknown; hearing all is dear
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

    def opened(user: Any = None, *, width: int | None = None, js: bool = True, **options: Any) -> Page:
        size = width or DESKTOP
        context = browser.new_context(
            viewport={"width": size, "height": HEIGHTS.get(size, HEIGHTS[PHONE])},
            java_script_enabled=js,
            locale=options.pop("locale", "th-TH"),
            timezone_id="Asia/Bangkok",
            base_url=live_server.url,
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        if width is None:
            BOTH.add(context)
        if user is not None:
            sign_in(context, live_server.url, user)
        page = context.new_page()
        watch(page, faults)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults, "faults on the page:\n" + "\n".join(faults)


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A PDF of three parts."""
    with pikepdf.new() as document:
        document.add_blank_page()
        document.Root.Noise = document.make_stream(os.urandom(5 << 20))
        document.save(tmp_path / "ภาพถ่าย.pdf")
    return tmp_path / "ภาพถ่าย.pdf"
