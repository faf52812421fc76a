"""Evidence of last year and copies of web pages in a real browser: confirmed at once, undone, kept; desk and phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from evidence.models import Attachment
from tests.browser.arriving import arriving
from tests.browser.looking import assert_accessible
from tests.evidence.attaching.carried_world import OUTSIDE, carry, last_year
from tests.evidence.conftest import World, build, pdf

Open = Callable[..., Page]


@pytest.fixture
def world(transactional_db: None) -> World:
    made = build()
    made.answer({"E1": "done", "E1a": ["1", "2"]})
    old = last_year(made)
    carry(made, old, name="แผนพัฒนาดิจิทัลของจังหวัดระยะห้าปี-ฉบับปรับปรุง.pdf")
    carry(made, old, "E1a=1", document_date=None)
    carry(made, old, "E1a=2", document_date=OUTSIDE)
    carry(made, old, "E1b")
    return made


def waiting(world: World) -> int:
    return Attachment.objects.filter(response=world.response, to_confirm=True).count()


def test_all_within_their_windows_are_confirmed_and_undone(world: World, open_page: Open) -> None:
    page = open_page(world.secretary)
    page.goto(reverse("evidence:waiting", args=[world.response.pk]))
    assert_accessible(page)
    with arriving(page):
        page.get_by_role("link", name="ยืนยันทั้งหมดที่อยู่ในช่วงเวลา").click()
    assert_accessible(page)
    page.get_by_role("button", name="ยืนยัน 2 รายการ").click()
    expect(page.get_by_text("ยืนยันหลักฐานแล้ว 2 รายการ").first).to_be_visible()
    assert waiting(world) == 2
    assert_accessible(page)
    page.get_by_role("button", name="เลิกทำ").click()
    expect(page.get_by_text("หลักฐานรอยืนยันอีกครั้ง 2 รายการ")).to_be_visible()
    assert waiting(world) == 4


def test_the_panel_asks_for_a_reason_and_a_copy_is_kept(world: World, open_page: Open, tmp_path: Path) -> None:
    page = open_page(world.secretary)
    page.goto(reverse("evidence:slot", args=[world.response.pk, "E1"]) + f"?at={quote('E1a=2', safe='')}")
    assert_accessible(page)
    page.get_by_role("button", name="ยืนยันหลักฐาน").click()
    expect(page.get_by_text("หรือเขียนเหตุผลที่ยังใช้ฉบับนี้")).to_be_visible()
    page.get_by_label("เหตุผลที่ยังใช้ฉบับนี้").fill("ยังไม่มีฉบับใหม่")
    page.get_by_role("button", name="ยืนยันหลักฐาน").click()
    expect(page.locator("[data-evidence-standing=marked]")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="เลิกทำ").click()
    expect(page.locator("[data-evidence-standing=unconfirmed]")).to_be_visible()
    expect(page.get_by_label("เหตุผลที่ยังใช้ฉบับนี้")).to_be_visible()

    world.link("E2=yes", "https://example.org/")
    file = tmp_path / "หน้าเว็บ.pdf"
    file.write_bytes(pdf("page"))
    page.goto(reverse("evidence:slot", args=[world.response.pk, "E2"]) + f"?at={quote('E2=yes', safe='')}")
    page.get_by_text("เก็บสำเนาของหน้าเว็บ").first.click()
    assert_accessible(page)
    page.get_by_label("ไฟล์ PDF หรือภาพของหน้าเว็บ").set_input_files(file)
    page.get_by_role("button", name="เก็บสำเนา", exact=True).click()
    expect(page.get_by_role("link", name="สำเนาของหน้าเว็บ")).to_be_visible()
    page.goto(reverse("evidence:links", args=[world.response.pk]))
    assert_accessible(page)
