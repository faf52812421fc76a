"""What is said of a marked passage beside the form, and taking over what is offered."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from evidence.models import Mark
from tests.browser.looking import assert_accessible
from tests.browser.test_evidence import Open
from tests.evidence.checking.texts import read_as
from tests.evidence.conftest import World, build, pdf

ONE, TWO = "คณะกรรมการเห็นชอบให้จัดตั้งศูนย์ประสานงานข้อมูล", "จังหวัดจัดอบรมเจ้าหน้าที่ด้านดิจิทัล จำนวน 120 คน"


@pytest.fixture
def world(transactional_db: None) -> World:
    """A file that is read, with a passage on another page and one that is nowhere."""
    made = build()
    made.answer({"E1": "done", "E1a": ["1", "2"]})
    attachment = made.attach("E1=done", pdf(pages=2))
    read_as(attachment, ONE, TWO)
    made.mark(attachment, "1", "จัดอบรมเจ้าหน้าที่ด้านดิจิทัล")
    made.mark(attachment, "1", "จัดซื้อรถดับเพลิงและเรือท้องแบนสิบลำ")
    return made


def test_what_is_offered_is_taken_over_beside_the_form(world: World, open_page: Open) -> None:
    page = open_page(world.secretary)
    page.goto(reverse("survey:fill", args=[world.response.pk, "1.1"]))
    place = page.locator('[id="e:E1=done"]')
    expect(place).to_contain_text("ไม่พบข้อความที่คัดไว้")
    place.get_by_role("link", name="แนบหลักฐาน").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("ไม่พบข้อความนี้ในหน้า 1 ของไฟล์")).to_be_visible(timeout=20_000)  # words are read first
    assert_accessible(page)
    dialog.get_by_role("button", name="ใช้หน้า 2").click()
    expect(dialog.get_by_text("ตรวจแล้ว พบข้อความนี้ในหน้าที่ระบุ")).to_be_visible()
    assert list(Mark.objects.order_by("pk").values_list("pages", "state")) == [("2", "exact"), ("1", "missing")]
    dialog.get_by_role("button", name="ลบเครื่องหมายนี้").locator("visible=true").click()
    expect(dialog.get_by_text("ไม่พบข้อความนี้")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(place).not_to_contain_text("ไม่พบข้อความที่คัดไว้")
