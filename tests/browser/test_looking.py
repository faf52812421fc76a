"""What looking at a page finds, though it looks at one element of each make."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser import looking
from tests.browser.looking import PHONE, assert_accessible

PAGE = """<!doctype html><html lang=th><title>หน้า</title><style>
 .pale { color: #bbb } .phone { display: none } @media (max-width: 600px) { .phone { display: block } }
 .small { display: inline-block; width: 12px; height: 12px; font-size: 8px }
</style><main><h1>หน้า</h1>%s</main>"""
ROWS = "<ul>" + "<li class=row><span>แถว</span></li>" * 30 + "</ul>"
Show = Callable[..., Page]


@pytest.fixture
def show(open_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch) -> Show:
    """Shows a page in a process that has seen none."""
    monkeypatch.setattr(looking, "SEEN", type(looking.SEEN)(set))
    page = open_page()

    def shown(body: str) -> Page:
        page.unroute_all()
        page.route("**/page", lambda route: route.fulfill(body=PAGE % body, content_type="text/html; charset=utf-8"))
        page.goto("/page")
        return page

    return shown


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (ROWS.replace("</ul>", "<li class='row pale'><span>แถว</span></li></ul>"), "color-contrast"),
        (ROWS + "<p class=phone><span class=pale>ซีด</span></p>", "color-contrast"),
        ("<p><a class=small href=/a>ก</a><a class=small href=/b>ข</a></p>" * 2, "target-size"),
        (ROWS + "<p><input></p>", "label"),
    ],
    ids=["a row of another make", "shown on a phone alone", "small", "no name"],
)
def test_what_is_wrong_is_found_after_a_page_that_is_right(show: Show, body: str, rule: str) -> None:
    assert_accessible(show(ROWS))
    page = show(body)
    with pytest.raises(AssertionError, match=rule):
        assert_accessible(page)


def test_what_was_folded_is_looked_at_when_it_opens(show: Show) -> None:
    page = show("<details><summary>พับ</summary><p class=pale>ซีด</p></details>")
    assert_accessible(page)
    page.locator("summary").click()
    with pytest.raises(AssertionError, match="color-contrast"):
        assert_accessible(page)


def test_a_make_is_looked_at_once(show: Show) -> None:
    assert_accessible(show(ROWS))
    seen = {key: set(makes) for key, makes in looking.SEEN.items()}
    page = show(ROWS.replace("แถว", "อีกแถว"))
    assert_accessible(page)
    assert seen == looking.SEEN
    page.set_viewport_size({"width": PHONE, "height": 844})
    makes = page.evaluate(looking.MAKES)
    assert len(makes) < 15, "thirty rows are of few makes"
