"""The library in a real browser: pasted pictures, two presses to evidence, with and without a script, on a phone."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from evidence.models import Attachment, Document
from evidence.placing import actions
from tests.browser.looking import assert_accessible
from tests.evidence.conftest import World, build, pdf, upload
from tests.evidence.texts import say
from tests.hostile.files import png

Open = Callable[..., Page]
PASTE = """content => {
  const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], "image.png", { type: "image/png" }));
  document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
}"""


@pytest.fixture
def world(transactional_db: None) -> World:
    """The world, in the database for good."""
    made = build()
    made.answer({"E1": "done", "E1a": ["1", "2"]})
    return made


def add(world: World, name: str, words: str) -> Document:
    sent = upload(pdf(name), name)
    added = actions.add_document(by=world.secretary, province=world.province.pk, agency=None, upload=sent)
    say(added.document.file, words)
    return added.document


def library(world: World) -> str:
    return reverse("evidence:library", args=[world.province.code])


def test_pasted_placed_and_looked_at(world: World, open_page: Open) -> None:
    add(world, "แผนงาน.pdf", "แผนพัฒนาดิจิทัลของจังหวัด เรื่องสอง")
    page = open_page(world.secretary)
    page.goto(library(world) + "?q=แผนพัฒนา")
    expect(page.locator(".lib-hits mark").first).to_be_visible()
    assert_accessible(page)
    page.evaluate(PASTE, b64encode(png()).decode())
    expect(page.get_by_role("heading", level=1)).to_contain_text("ภาพหน้าจอ")
    assert_accessible(page)
    page.get_by_role("link", name="ใช้เป็นหลักฐาน").click()
    page.locator('input[value="E1a=2"]').check()
    assert_accessible(page)
    page.get_by_role("button", name="ใช้ที่ตำแหน่งที่เลือก").click()
    expect(page.get_by_text("ใช้เป็นหลักฐานแล้ว 1 แห่ง")).to_be_visible()
    expect(page.locator("#doc-uses + ul")).to_contain_text("เรื่องสอง")
    assert Attachment.objects.get().address == "E1a=2"


@pytest.mark.parametrize("js", [True, False])
def test_two_presses_at_a_place(world: World, open_page: Open, js: bool) -> None:
    add(world, "มีแผน.pdf", "จังหวัดมีแผนหรือไม่ มีแผนเสร็จแล้ว และประกาศใช้แล้ว")
    add(world, "อื่น.pdf", "รายการครุภัณฑ์")
    page = open_page(world.secretary, js=js)
    page.goto(reverse("evidence:slot", args=[world.response.pk, "E1"]) + "?at=E1%3Ddone")
    page.get_by_role("searchbox").fill("ครุภัณฑ์")
    page.get_by_role("button", name="ค้นหา").click()
    expect(page.get_by_role("list", name="ที่พบในคลัง")).to_contain_text("อื่น.pdf")
    page.get_by_role("searchbox").fill("")
    page.get_by_role("button", name="ค้นหา").click()
    expect(page.get_by_role("list", name="เอกสารที่น่าจะตรงกับข้อนี้")).to_contain_text("มีแผน.pdf")
    assert_accessible(page) if js else None
    page.get_by_role("button", name="ใช้เอกสารนี้ มีแผน.pdf").click()
    expect(page.locator("[data-file]")).to_contain_text("มีแผน.pdf")
    expect(page.get_by_role("button", name="ใช้เอกสารนี้ มีแผน.pdf")).to_have_count(0)


def test_photos_without_a_script(world: World, open_page: Open, tmp_path: Path) -> None:
    photo = tmp_path / "หน้า1.png"
    photo.write_bytes(png())
    page = open_page(world.secretary, js=False)
    page.goto(library(world))
    page.get_by_text("ถ่ายหลายหน้าเป็น PDF เดียว").click()
    page.set_input_files("#lib-photos", [photo, photo])
    page.get_by_label("ชื่อเอกสาร").fill("บันทึก")
    page.get_by_role("button", name="รวมเป็น PDF").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("บันทึก.pdf")


def test_large_files_come_in_parts(world: World, open_page: Open, large: Path, tmp_path: Path) -> None:
    small = tmp_path / "เล็ก.pdf"
    small.write_bytes(pdf("เล็ก"))
    page = open_page(world.secretary)
    page.goto(library(world))
    page.locator("#lib-files").set_input_files([large, small])
    for file in (large, small):
        expect(page.locator(".lib-rows").get_by_role("link", name=file.name)).to_be_visible(timeout=20_000)
    assert sorted(Document.objects.values_list("name", flat=True)) == sorted([large.name, small.name])
