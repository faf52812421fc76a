"""Typing in a paper by the keyboard alone, with its scan beside the questions. DGREADY_SHOTS keeps pictures."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from accounts.roles import Role
from evidence.models import Document, FileText, TextState
from evidence.placing.actions.adding import add_document
from evidence.placing.actions.photographing import photographed_pdf
from evidence.reading.pages import DocumentText, PageText, pack
from survey.answering.actions import save_answer
from survey.answering.channel import begin_paper
from survey.models import Answer
from tests.browser.arriving import arriving
from tests.browser.looking import PHONE, assert_accessible, shoot
from tests.browser.steps import address
from tests.factories import MembershipFactory
from tests.trial import REAL, Trial, make_trial

pytestmark = pytest.mark.slow
Open = Callable[..., Page]


@pytest.fixture
def real(transactional_db: None) -> Trial:
    return make_trial(REAL)


def scanned(real: Trial) -> Document:
    """A paper of two photographed pages in the library; its second page begins with G3 as far as it could be read."""
    photos = []
    for colour in ("#fff8e0", "#e0f0ff"):
        out = io.BytesIO()
        Image.new("RGB", (600, 848), colour).save(out, "JPEG")
        photos.append(ContentFile(out.getvalue(), "page.jpg"))
    with photographed_pdf(photos, "paper") as pdf:
        document = add_document(by=real.secretariat, province=real.province.pk, agency=None, upload=pdf).document
    pages = tuple(PageText(n, text) for n, text in enumerate(("…", "G3 " + real.compiled.items["G3"].ask.to("th")), 1))
    read = {"state": TextState.READ, "pages": pack(DocumentText(pages)), "read_at": timezone.now()}
    FileText.objects.update_or_create(file=document.file, defaults=read)
    begin_paper(by=real.secretariat, response=real.response, paper=document.public_id, name=document.name)
    return document


def stored(question: str) -> dict[str, Any]:
    row = Answer.objects.filter(question__item_id=question).first()
    return dict(row.value) if row else {}


def focused(page: Page) -> str:
    """The name of the field the keyboard is in."""
    return str(page.evaluate("(({name, rel, tagName}) => name || rel || tagName)(document.activeElement)"))


def press(page: Page, key: str) -> None:
    """A key, and the save that it waits for."""
    page.keyboard.press(key)
    expect(page.locator("[data-entry][data-busy]")).to_have_count(0)


def opened(page: Page, real: Trial, section: str) -> None:
    page.goto(address("survey:entry-page", real.response, section))
    expect(page.locator("[data-entry][data-ready]")).to_have_count(1)


def test_a_section_is_typed_in_without_a_mouse(real: Trial, open_page: Open) -> None:
    scanned(real)
    page = open_page(real.secretariat)
    opened(page, real, "3.1")
    expect(page.locator("[data-scan][data-ready] [data-drawn]").first).to_be_visible()
    assert focused(page) == "G1"
    assert_accessible(page, "entry")
    keys = page.keyboard
    keys.press("1")
    keys.press("2")  # corrected: there is no option 12
    expect(page.locator('[name="G1"]').nth(1)).to_be_checked()
    press(page, "Enter")
    expect(page.locator('[id="q:G1"]')).to_have_attribute("data-revision", "1")
    assert stored("G1") == {"G1": page.locator('[name="G1"]').nth(1).get_attribute("value")}
    assert focused(page).startswith("G2")
    press(page, "Shift+Enter")
    assert focused(page) == "G1"
    press(page, "Enter")
    while focused(page).startswith("G2"):
        press(page, "Enter")
    assert focused(page).startswith("G3")
    expect(page.locator("[data-scan-number]")).to_have_text("2")  # the scan followed the question
    keys.press("PageUp")
    expect(page.locator("[data-scan-number]")).to_have_text("1")
    press(page, "Shift+Enter")
    while focused(page) != "G1":
        press(page, "Shift+Enter")
    keys.press("1")
    press(page, "Enter")
    assert focused(page) == "G1.reason"  # what the option opens comes next
    keys.type("ยังไม่มีงบ")
    press(page, "Enter")
    expect(page.locator('[id="q:G2"].q-skipped')).to_be_visible()
    assert not focused(page).startswith(("G2", "G3"))  # what the answer skips is jumped over
    assert stored("G1")["G1.reason"] == "ยังไม่มีงบ"
    assert_accessible(page)


def test_tables_texts_and_the_next_page(real: Trial, open_page: Open) -> None:
    begin_paper(by=real.secretariat, response=real.response)
    page = open_page(real.secretariat)
    opened(page, real, "5.1")
    keys = page.keyboard
    assert focused(page) == "P5.1/1/state"
    keys.press("1")
    keys.press("ArrowDown")
    assert focused(page) == "P5.1/2/state"
    keys.press("2")
    keys.press("Tab")
    keys.press("Shift+Tab")
    keys.press("ArrowDown")
    keys.press("1")
    keys.press("0")  # cleared again
    keys.press("ArrowUp")
    assert focused(page) == "P5.1/2/state"
    shoot(page, "entry-table")
    rows = page.locator('[id="P5.1"] tbody tr:not(.grid-head)').count()
    for _row in range(rows - 1):
        press(page, "Enter")
    page.wait_for_url("**/entry/5.2.1/")
    assert stored("P5.1") == {"P5.1/1/state": "no", "P5.1/2/state": "yes"}
    expect(page.locator("[data-entry][data-ready]")).to_have_count(1)
    assert_accessible(page)


def test_a_conflict_is_settled_by_the_keyboard(real: Trial, open_page: Open) -> None:
    begin_paper(by=real.secretariat, response=real.response)
    page = open_page(real.secretariat)
    opened(page, real, "4.1.1")
    while focused(page) != "P4.1":
        press(page, "Enter")
    other = MembershipFactory(role=Role.SECRETARIAT, province=real.province).user
    options = [option.key for option in real.compiled.items["P4.1"].options]
    question = real.question("P4.1")
    save_answer(by=other, response=real.response, question=question, value={"P4.1": options[1]}, base_revision=0)
    page.keyboard.press("1")
    while not page.locator("[data-conflict]").count() and focused(page).startswith("P4.1"):
        press(page, "Enter")
    expect(page.locator("[data-conflict]")).to_be_visible()
    assert focused(page) == "_pick:P4.1"
    assert stored("P4.1") == {"P4.1": options[1]}
    assert_accessible(page)
    page.keyboard.press("2")  # one's own
    press(page, "Enter")
    expect(page.locator("[data-conflict]")).to_have_count(0)
    assert stored("P4.1") == {"P4.1": options[0]}


@pytest.mark.parametrize("js", [True, False], ids=["js", "plain"])
def test_beginning(real: Trial, open_page: Open, js: bool) -> None:
    page = open_page(real.secretariat, width=PHONE, js=js)
    page.goto(address("survey:response", real.response))
    with arriving(page):
        page.get_by_role("link", name="กรอกจากกระดาษ").click()
    shoot(page, "entry-start")
    if js:
        assert_accessible(page)
    with arriving(page):
        page.get_by_role("button", name="เริ่มกรอกจากกระดาษ").press("Enter")
    form = page.locator("form.q").first
    expect(form).to_be_visible()
    expect(form.get_by_role("button", name="บันทึก", exact=False).last).to_be_visible(visible=not js)
