"""What people do in the browser, by address of the form, the same with and without the page's script."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from survey.models import Response
from tests.browser.arriving import arriving, assert_fits, settle
from tests.browser.looking import assert_accessible
from tests.factories import PASSWORD

SENT = """question => !Object.keys(localStorage).some(key => key.startsWith("dgready:") && key.endsWith(":" + question))
    && !document.querySelector('.q-status[data-state="kept"]')"""


def address(name: str, response: Response, *args: object) -> str:
    """The address of a page of a response."""
    return reverse(name, args=[response.pk, *args])


def enter(page: Page, user: User) -> None:
    """Signs in through the page."""
    page.goto("/accounts/sign-in/")
    enter_here(page, user)


def enter_here(page: Page, user: User) -> None:
    """Fills in the sign-in page one has come to."""
    page.get_by_label("อีเมล").fill(user.email)
    page.get_by_label("รหัสผ่าน").fill(PASSWORD)
    with arriving(page):
        page.get_by_role("main").get_by_role("button", name="เข้าสู่ระบบ").click()
    assert "/accounts/sign-in/" not in page.url


def open_menu(page: Page) -> None:
    """Opens the main menu where it is folded, as on a phone."""
    settle(page)
    button = page.locator(".app-nav-button")
    if button.is_visible():
        button.click()


@dataclass
class Person:
    """Somebody at a browser. `js`: whether the pages' scripts run; only then axe looks at the pages."""

    page: Page
    js: bool = True
    seen: set[str] = field(default_factory=set)

    def go(self, name: str, response: Response, *args: object) -> Page:
        """Opens a page of a response and looks at it."""
        self.page.goto(address(name, response, *args))
        self.look(f"{name} {args} {response.state}")
        return self.page

    def look(self, name: str) -> None:
        """A page is accessible and does not scroll sideways; each is looked at once."""
        assert_fits(self.page)
        if self.js and name not in self.seen:
            assert_accessible(self.page)
        self.seen.add(name)

    # -- a card ------------------------------------------------------------------------------------

    def card(self, question: str) -> Locator:
        """The card of a question."""
        return self.page.locator(f'[id="q:{question}"]')

    def save(self, question: str) -> None:
        """Waits until the script has saved the card; without a script presses its button."""
        if self.js:
            self.page.wait_for_function(SENT, arg=question)
        else:
            with arriving(self.page):
                self.card(question).locator("button.q-save, button.btn-primary:not([name])").click()

    def choose(self, question: str, *choices: str) -> None:
        """Picks options, each written ADDRESS=OPTION; what opens below an option may be picked next."""
        for choice in choices:
            name, _, value = choice.rpartition("=")
            control = self.page.locator(f'[name="{name}"][value="{value}"]')
            self._open(question, control)
            control.check()
        self.save(question)

    def type(self, question: str, **texts: str) -> None:
        """Types into the fields of a card; the names are addresses."""
        for name, text in texts.items():
            control = self.page.locator(f'[name="{name}"]:not([type=hidden])')
            self._open(question, control.first)
            if control.count() == 2:  # month and year
                month, year = text.split("/")
                control.first.select_option(month)
                control.last.fill(year)
            else:
                control.fill(text)
                control.press("Tab")
        self.save(question)

    def _open(self, question: str, control: Locator) -> None:
        """What a choice opened is there at once with a script, and after saving without one."""
        if not self.js and not control.is_visible():
            self.save(question)
        expect(control).to_be_visible()

    def row(self, question: str, repeat: str) -> str:
        """Adds a row to a repeat and returns its address with the slash behind it."""
        if self.js:
            self.page.locator(f'[id="{repeat}"] + .row-add').click()
        else:
            with arriving(self.page):
                self.page.locator(f'.row-add[value="{repeat}"]').click()
        row = self.page.locator(f'[id="{repeat}"] > li > input[name="{repeat}"]').last
        assert question in repeat
        return f"{repeat}#{row.input_value()}/"

    # -- evidence ----------------------------------------------------------------------------------

    def prove(self, place: str, paper: Path, *, quote: str = "") -> None:
        """Attaches a file at a place of the open page, and marks its passage if a quote is given."""
        back = self.page.url
        self.page.locator(f'[id="e:{place}"] [data-evidence]').click()
        panel = self.page.locator("[data-evidence-panel]")
        panel.locator("[type=file]").set_input_files(paper)
        if not self.js:
            with arriving(self.page):
                panel.get_by_role("button", name="แนบไฟล์").click()
        self.look("evidence panel, a file")
        if quote:
            panel.get_by_label("หน้า", exact=True).fill("1")
            panel.get_by_label("ข้อความในเอกสารที่สนับสนุนคำตอบ").fill(quote)
            panel.get_by_role("button", name="บันทึกเครื่องหมาย").click()
            expect(panel.locator("[data-file] blockquote")).to_have_text(quote)
        else:
            expect(panel.locator("[data-file]")).to_have_count(1)
        self.look("evidence panel, a mark")
        if self.js:
            self.page.keyboard.press("Escape")
            expect(self.page.locator(f'[id="e:{place}"] .ev-file')).to_have_count(1)
        else:
            self.page.goto(back)
