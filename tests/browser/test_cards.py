"""The cards under a person's hands: a press a row, the rest of a table, contradictions, from open point to open point.

DGREADY_SHOTS keeps pictures.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from survey.models import Answer
from tests.browser.arriving import arriving
from tests.browser.looking import PHONE, assert_accessible, shoot
from tests.browser.steps import Person, address
from tests.trial import REAL, Trial, make_trial

Open = Callable[..., Page]
WAYS = pytest.mark.parametrize("js", [True, False], ids=["js", "plain"])
SCREENS_AND_A_HALF = 1.5
TABLE = "P5.1"


@pytest.fixture
def real(transactional_db: None) -> Trial:
    return make_trial(REAL)


def stored(question: str) -> dict[str, Any]:
    """The values of one answer, or none."""
    row = Answer.objects.filter(question__item_id=question).first()
    return dict(row.value) if row else {}


def test_sixteen_rows_need_a_screen_and_a_half(real: Trial, open_page: Open) -> None:
    page = open_page(real.secretariat)
    page.goto(address("survey:fill", real.response, real.compiled.items[TABLE].section))
    table = page.locator(f'table[id="{TABLE}"]')
    box = table.bounding_box()
    assert box is not None
    screen = (page.viewport_size or {})["height"]
    assert box["height"] <= SCREENS_AND_A_HALF * screen, f"{box['height']} px of {screen}"
    shoot(page, "short-options")
    person = Person(page)
    page.locator(f'[name="{TABLE}/1/state"][value="yes"]').check()
    person.save(TABLE)
    assert stored(TABLE) == {f"{TABLE}/1/state": "yes"}
    assert_accessible(page)


@WAYS
def test_the_rest_of_a_table_and_back(real: Trial, open_page: Open, js: bool) -> None:
    page = open_page(real.secretariat, width=PHONE, js=js)
    person = Person(page, js)
    page.goto(address("survey:fill", real.response, real.compiled.items[TABLE].section))
    person.choose(TABLE, f"{TABLE}/1/state=yes")
    page.get_by_role("button", name="ตอบ “ไม่มี” ให้แถวที่เหลือ").click()
    undo = page.get_by_role("button", name="เลิกทำ")
    expect(undo).to_be_visible()
    expect(page.get_by_text("ตอบให้แล้ว 15 แถว")).to_be_visible()
    if js:
        person.save(TABLE)
        assert_accessible(page)
    assert list(stored(TABLE).values()).count("no") == 15
    shoot(page, "rest-of-table")
    if js:
        undo.click()
        person.save(TABLE)
        expect(undo).to_have_count(0)
    else:
        with arriving(page):
            undo.click()
    assert stored(TABLE) == {f"{TABLE}/1/state": "yes"}


@WAYS
def test_a_contradiction_is_said_where_it_arises(real: Trial, open_page: Open, js: bool) -> None:
    page = open_page(real.secretariat, width=PHONE, js=js)
    person = Person(page, js)
    page.goto(address("survey:fill", real.response, real.compiled.items["P4.1"].section))
    person.choose("P4.1", "P4.1=count")
    person.type("P4.1", **{"P4.1.count": "10"})
    person.choose("P4.1.1", "P4.1.1=count")
    person.type("P4.1.1", **{"P4.1.1.count": "15"})
    for name in ("P4.1.1.count", "P4.1.count"):
        expect(page.locator(f'[id="clash:{name}"]')).to_contain_text("มากกว่า")
        expect(page.locator(f'[id="{name}"]')).to_have_attribute("aria-describedby", f"clash:{name}")
    if js:
        assert_accessible(page)
    shoot(page, "contradiction")
    person.type("P4.1", **{"P4.1.count": "20"})
    for name in ("P4.1.1.count", "P4.1.count"):
        expect(page.locator(f'[id="clash:{name}"]')).to_have_count(0)


@WAYS
def test_from_open_point_to_open_point_and_back(real: Trial, open_page: Open, js: bool) -> None:
    page = open_page(real.secretariat, js=js)
    page.goto(address("survey:check", real.response))
    with arriving(page):
        page.get_by_role("link", name="ไปจุดที่ยังค้างทีละจุด").click()
    seen = []
    for _step in range(4):
        here = page.locator("[data-point]")
        expect(here).to_be_in_viewport()
        expect(here).to_be_focused()
        expect(page.locator("#point-said")).to_contain_text("จุดที่ยังค้าง")
        seen.append(here.get_attribute("id"))
        with arriving(page):
            page.locator(".point-bar [data-next-point]").click()
    assert len(set(seen)) == 4
    expect(page.locator("[data-point]")).to_be_focused()
    shoot(page, f"open-point-{'js' if js else 'plain'}")
    if js:
        assert_accessible(page)
    page.get_by_role("link", name="รายการที่ค้างทั้งหมด").click()
    expect(page.locator("details.todo[open]")).to_have_count(1)
    expect(page.locator(".todo-list > li:target")).to_be_in_viewport()
    shoot(page, "checker")


def test_with_the_script_next_goes_on_from_the_field_last_used(real: Trial, open_page: Open) -> None:
    page = open_page(real.secretariat)
    person = Person(page)
    page.goto(address("survey:fill", real.response, real.compiled.items[TABLE].section))
    person.choose(TABLE, f"{TABLE}/3/state=no")
    page.locator(".point-bar [data-next-point]").click()
    expect(page.locator("[data-point]")).to_have_attribute("id", f"{TABLE}/4/state")


def test_a_point_on_another_page_of_the_form(real: Trial, open_page: Open) -> None:
    page = open_page(real.secretariat, js=False)
    last = [f for f in real.compiled.questions if f.section == "1.1"][-1]
    page.goto(address("survey:next-point", real.response) + f"?after=comment:{last.id}")
    assert "/fill/1.1/" not in page.url
    expect(page.locator("[data-point]")).to_be_in_viewport()
