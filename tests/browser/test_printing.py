"""Printing any page: its content is whole, values of fields included, and nothing is cut at the edge of the paper."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from survey.models import Response
from tests.browser.steps import address
from tests.crowd import Crowd, make_crowd

Open = Callable[..., Page]
PAPER = 680  # CSS pixels: A4 less its margins
LONG = " ".join(f"รายละเอียด{number}" for number in range(60)) + " จบ"
# What shows less than it holds, on paper.
CUT = """() => [...document.querySelectorAll("main *")].filter(element => {
    const style = getComputedStyle(element);
    return element.scrollWidth > element.clientWidth + 1 && style.display !== "inline" && style.display !== "none"
        && style.overflowX !== "visible" && !element.closest(".visually-hidden") && element.clientWidth > 0;
}).map(element => `${element.tagName}.${element.className}`)"""
WIDER = "document.documentElement.scrollWidth"


def provincial(crowd: Crowd) -> Response:
    """The province's own answer."""
    return Response.objects.get(round=crowd.round, agency=None)


@pytest.fixture
def crowd(transactional_db: None) -> Crowd:
    return make_crowd(12)


def test_pages_fit_the_paper(open_page: Open, crowd: Crowd) -> None:
    page = open_page(crowd.secretariat, width=PAPER)
    page.emulate_media(media="print")
    paths = [crowd.base + path for path in ("board/", "assignments/", "meetings/")]
    names = ("survey:response", "survey:check", "scoring:score", "evidence:listing", "survey:consolidate")
    for path in [*paths, *(address(name, provincial(crowd)) for name in names)]:
        page.goto(path)
        assert page.evaluate(CUT) == [], path
        assert page.evaluate(WIDER) <= PAPER, path


def test_a_form_page_prints_its_answers(open_page: Open, crowd: Crowd, tmp_path: Path) -> None:
    page = open_page(crowd.secretariat)
    page.goto(address("survey:response", provincial(crowd)))
    field = page.locator("main textarea:visible, main input[type=text]:visible").first
    field.fill(LONG[: int(field.get_attribute("maxlength") or len(LONG))])
    typed = field.input_value()
    field.press("Tab")
    expect(page.locator(".q-status").first).to_contain_text("บันทึกแล้ว")
    page.wait_for_timeout(1000)  # the navigation and the score are asked for anew a little later
    page.wait_for_load_state("networkidle")
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    text = subprocess.run(["pdftotext", str(tmp_path / "page.pdf"), "-"], capture_output=True, check=True, text=True)
    assert "".join(typed.split()) in "".join(text.stdout.split())
    expect(page.locator(".print-value")).to_have_count(0)
    expect(field).to_be_visible()
