"""What level 5 asks and what counts as proof, in the browser: beside the card, and as a page without a script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import PHONE, assert_accessible
from tests.trial import Trial, make_trial

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., Page]


@pytest.fixture
def trial(transactional_db: None) -> Trial:
    return make_trial()


def test_the_card_opens_what_a_question_needs_and_closes_it(trial: Trial, open_page: Open) -> None:
    page = open_page(trial.secretariat)
    page.goto(f"/r/{trial.response.pk}/fill/1.1/")
    card = page.locator("[id='q:T2']")
    expect(card.get_by_text("เวลาเปิดนอกราชการ: อย่างน้อย 3")).to_be_visible()
    card.get_by_role("link", name="ยังขาดอะไร ใช้หลักฐานใด").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("ประกาศเวลาให้บริการ")).to_be_visible()
    assert_accessible(page)
    dialog.get_by_role("button", name="ปิด").click()
    expect(dialog).to_be_hidden()


def test_without_a_script_it_is_a_page(trial: Trial, open_page: Open) -> None:
    page = open_page(trial.secretariat, width=PHONE, js=False)
    page.goto(f"/r/{trial.response.pk}/fill/1.1/")
    page.locator("[id='q:T1']").get_by_role("link", name="ยังขาดอะไร ใช้หลักฐานใด").click()
    expect(page.get_by_role("heading", name="ระดับ 5 และหลักฐานที่ใช้ได้")).to_be_visible()
    law = page.get_by_role("link", name="กฎหมายสมมุติว่าด้วยจุดบริการ")
    expect(law).to_have_attribute("rel", "noopener noreferrer")
    expect(law).to_have_attribute("referrerpolicy", "no-referrer")
    expect(law).to_have_attribute("target", "_blank")
