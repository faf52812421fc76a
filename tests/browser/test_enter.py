"""Enter in any field of a filling page saves; nothing is cleared or removed, with and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

import pytest
from playwright.sync_api import Page, expect

from survey.models import Answer
from tests.browser.arriving import arriving
from tests.browser.looking import assert_accessible
from tests.browser.steps import address
from tests.flow import Flow, make_flow
from tests.people import People

Open = Callable[..., Page]


@pytest.fixture
def flow(people: People, transactional_db: None) -> Flow:
    """A draft of the made-up year with everybody of the province."""
    return make_flow(people)


ROWS = {
    "T6": ["r1", "r2"],
    "T6#r1/T6.name": "หลักสูตรหนึ่ง",
    "T6#r2/T6.name": "หลักสูตรสอง",
    "T6#r2/T6.form": "online",
    "T6#r2/T6.link": "https://example.org/a",
    "T6#r2/T6.rounds": ["r3"],
    "T6#r2/T6.rounds#r3/T6.seats": "20",
}
# Section, question, what stands there, the field Enter is pressed in, what is typed, and what is then stored.
FIELDS = [
    ("cover", "T0.mail", {"T0.mail": "a@example.org"}, "T0.mail", "b@example.org", "b@example.org"),
    ("1.1", "T1", {"T1": "doing", "T1.2": "2027-01"}, "T1.2", "2571", "2028-01"),
    ("1.1", "T1", {"T1": "done", "T1.3": "https://example.org/a"}, "T1.3", "https://example.org/b", None),
    ("1.2.1", "T4", {"T4/kiosk/state": "yes", "T4/kiosk/amount": "3"}, "T4/kiosk/amount", "4", None),
    ("2.1", "T8", {"T8": "yes", "T8.1": "3", "T8.1.of": "5"}, "T8.1", "4", None),
    ("2.1", "T6", ROWS, "T6#r2/T6.link", "https://example.org/b", None),
    ("2.1", "T6", ROWS, "T6#r2/T6.rounds#r3/T6.seats", "25", None),
]


@pytest.mark.parametrize("js", [True, False], ids=["js", "plain"])
def test_enter_saves_and_loses_nothing(flow: Flow, open_page: Open, js: bool) -> None:
    page = open_page(flow.secretariat, js=js)
    for section, question, stands, name, typed, stored in FIELDS:
        flow.save(question, stands)
        page.goto(address("survey:fill", flow.response, section))
        press_enter(page, question, name, typed, js)
        rows = Answer.objects.get(question__item_id=question)
        assert rows.value == {**stands, name: stored or typed}
    if js:
        assert_accessible(page)


@pytest.mark.parametrize("js", [True, False], ids=["js", "plain"])
def test_enter_in_the_note_keeps_the_answer(flow: Flow, open_page: Open, js: bool) -> None:
    flow.save("T8", {"T8": "no"}, unsure=True)
    page = open_page(flow.secretariat, js=js)
    page.goto(address("survey:fill", flow.response, "2.1"))
    press_enter(page, "T8", "_note", "ขอให้ตรวจ", js)
    row = Answer.objects.get()
    assert (row.value, row.unsure, row.note) == ({"T8": "no"}, True, "ขอให้ตรวจ")


def press_enter(page: Page, question: str, name: str, typed: str, js: bool) -> None:
    """Types into a field of a card, presses Enter, and waits until the page or its script has saved."""
    control = page.locator(f'[id="q:{question}"] input[name="{name}"]').last
    control.fill(typed)
    answers = page.expect_response(lambda reply: f"/answer/{question}/" in reply.url)
    with answers as reply, nullcontext() if js else arriving(page):
        control.press("Enter")
    assert reply.value.status == (200 if js else 303)
    expect(control).to_have_value(typed)
