"""Moving a round to another version of the form: the page at a desk and on a phone, without a script too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import DESKTOP, PHONE, assert_accessible
from tests.people import make_people
from tests.scoring.moving.conftest import Moving, make_moving

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def moving(transactional_db: None) -> Moving:
    return make_moving(make_people())


def test_a_round_is_moved_after_reading_what_changes(moving: Moving, open_page: Callable[..., Page]) -> None:
    url = f"/p/{moving.round.province.code}/{moving.round.year}/form/"
    for width in (DESKTOP, PHONE):
        page = open_page(moving.by, width=width, js=width != PHONE)
        page.goto(url)
        expect(page.get_by_text("ขอตัวอย่างคำตอบ").first).to_be_visible()
        if width == DESKTOP:  # the phone is without a script, and the check is one
            assert_accessible(page)
    page.get_by_label("อ่านสิ่งที่จะเปลี่ยนแล้ว").check()
    page.get_by_role("button", name="ย้ายไปฉบับที่ 2").click()
    expect(page.get_by_text("ย้ายรอบไปใช้แบบสำรวจฉบับที่ 2 แล้ว")).to_be_visible()
    assert moving.round.instrument == moving.target
