"""Evidence in a real browser: with and without a script, on a desk and on a phone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from dgready import store_away
from dgready.store_away import StoreAwayError
from evidence import store
from evidence.attaching.views.panel import EvidencePanel
from evidence.models import Attachment, Mark
from tests.browser.looking import PHONE, assert_accessible
from tests.evidence.conftest import World, build, pdf
from tests.hostile.files import png

Open = Callable[..., Page]


@pytest.fixture
def world(transactional_db: None) -> World:
    """The world, in the database for good."""
    made = build()
    made.answer({"E1": "done", "E1a": ["1", "2"]})
    return made


@pytest.fixture
def papers(tmp_path: Path) -> dict[str, Path]:
    """Files on the person's disk."""
    contents = {"แผน.pdf": pdf("แผน", 4), "ภาพ.png": png(), "โปรแกรม.pdf": b"MZ\x90\x00" + bytes(300)}
    out = {}
    for name, content in contents.items():
        out[name] = tmp_path / name
        out[name].write_bytes(content)
    return out


def slot(world: World, address: str = "E1=done") -> str:
    return reverse("evidence:slot", args=[world.response.pk, "E1"]) + f"?at={quote(address, safe='')}"


def test_the_page_without_a_script(world: World, open_page: Open, papers: dict[str, Path]) -> None:
    page = open_page(world.secretary, js=False)
    page.goto(slot(world))
    page.set_input_files("[type=file]", [papers["แผน.pdf"], papers["โปรแกรม.pdf"]])
    page.get_by_role("button", name="แนบไฟล์").click()
    expect(page.get_by_role("alert")).to_contain_text("โปรแกรมของ Windows")
    page.get_by_label("หน้า", exact=True).fill("9")
    page.get_by_label("ข้อความในเอกสารที่สนับสนุนคำตอบ").fill("ข้อความที่สนับสนุน")
    page.get_by_role("button", name="บันทึกเครื่องหมาย").click()
    expect(page.get_by_text("เอกสารนี้มี 4 หน้า")).to_be_visible()
    expect(page.get_by_label("ข้อความในเอกสารที่สนับสนุนคำตอบ")).to_have_value("ข้อความที่สนับสนุน")
    page.get_by_label("หน้า", exact=True).fill("๒")
    page.get_by_role("button", name="บันทึกเครื่องหมาย").click()
    expect(page.get_by_text("มีหลักฐานครบ")).to_be_visible()
    page.get_by_text("นำออก", exact=False).first.click()
    page.get_by_role("button", name="ยืนยันนำออก").click()
    expect(page.get_by_text("ที่นำออกแล้ว (1)")).to_be_visible()
    page.get_by_role("button", name="เลิกทำ").click()
    expect(page.get_by_text("มีหลักฐานครบ")).to_be_visible()


def test_the_pages_are_accessible(world: World, open_page: Open) -> None:
    world.mark(world.attach("E1=done", pdf("ก", 3), name="แผนปฏิบัติการด้านดิจิทัลของจังหวัดฉบับปรับปรุงปีล่าสุด.pdf"))
    world.attach("E1=done", png(), name="ภาพ.png")
    page = open_page(world.secretary)
    page.goto(slot(world))
    assert_accessible(page)
    for summary in page.locator("details.evp-edit > summary").all():
        summary.click()
    assert_accessible(page)
    page.goto(reverse("evidence:listing", args=[world.response.pk]))
    assert_accessible(page)
    page = open_page(world.reader)
    page.goto(slot(world))
    assert_accessible(page)


def fill(world: World, page: Page) -> Any:
    page.goto(reverse("survey:fill", args=[world.response.pk, "1.1"]))
    return page.locator('[id="e:E1=done"]')


def test_beside_the_form(world: World, open_page: Open, papers: dict[str, Path]) -> None:
    page = open_page(world.secretary)
    place = fill(world, page)
    place.get_by_role("link", name="แนบหลักฐาน").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    assert_accessible(page)
    dialog.locator("[type=file]").set_input_files([papers["แผน.pdf"], papers["โปรแกรม.pdf"], papers["ภาพ.png"]])
    expect(dialog.locator("[data-file]")).to_have_count(2)
    expect(dialog.locator(".evp-queue li.is-bad")).to_contain_text("โปรแกรมของ Windows")
    assert_accessible(page)
    dialog.get_by_role("button", name="ปิดข้อความ โปรแกรม.pdf").click()
    expect(dialog.locator(".evp-queue li")).to_have_count(0)
    item = dialog.locator("[data-file]", has_text="แผน.pdf")
    item.get_by_label("หน้า", exact=True).fill("9")
    item.locator("textarea").fill("ข้อความ")
    item.get_by_role("button", name="บันทึกเครื่องหมาย").click()
    expect(item.get_by_text("เอกสารนี้มี 4 หน้า")).to_be_visible()
    expect(item.get_by_label("หน้า", exact=True)).to_be_focused()
    item.get_by_label("หน้า", exact=True).fill("2-3")
    item.get_by_role("button", name="บันทึกเครื่องหมาย").click()
    expect(item.locator("blockquote")).to_have_text("ข้อความ")
    expect(dialog.locator("[data-evidence-note]")).to_have_text("ทำเครื่องหมายแล้ว")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(place.locator(".ev-file")).to_have_count(2)
    expect(place.locator(".ev-unmarked")).to_have_count(1)
    expect(place.get_by_role("link", name="แนบหลักฐาน")).to_be_focused()
    assert Mark.objects.get().pages == "2-3"


def test_what_is_being_typed_survives_an_upload(world: World, open_page: Open, papers: dict[str, Path]) -> None:
    world.attach("E1=done", pdf("ก", 3), name="ก.pdf")
    page = open_page(world.secretary)
    page.goto(slot(world))
    first = page.locator("[data-file]").first
    first.locator("textarea").fill("กำลังพิมพ์")
    page.locator("[type=file]").set_input_files(papers["แผน.pdf"])
    expect(page.locator("[data-file]")).to_have_count(2)
    expect(first.locator("textarea")).to_have_value("กำลังพิมพ์")


def test_a_closed_panel_keeps_what_was_typed(world: World, open_page: Open) -> None:
    world.attach("E1=done", pdf("ก", 3), name="ก.pdf")
    page = open_page(world.secretary)
    link = fill(world, page).get_by_role("link", name="แนบหลักฐาน")
    link.click()
    dialog = page.get_by_role("dialog")
    dialog.locator("textarea").fill("ยังไม่ได้บันทึก")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    link.click()
    expect(dialog.locator("textarea")).to_have_value("ยังไม่ได้บันทึก")


def test_answers_may_arrive_in_another_order(
    world: World, open_page: Open, papers: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = threading.Event(), threading.Event()
    show = EvidencePanel.show

    def held(panel: EvidencePanel, status: int = 200) -> Any:
        answer = show(panel, status)
        if panel.request.method == "POST" and not first.is_set():
            first.set()
            second.wait(10)
        return answer

    monkeypatch.setattr(EvidencePanel, "show", held)
    page = open_page(world.secretary)
    page.goto(slot(world))
    page.locator("[type=file]").set_input_files([papers["แผน.pdf"]])
    assert first.wait(10)
    page.locator("[type=file]").set_input_files([papers["ภาพ.png"]])
    expect(page.locator("[data-file]")).to_have_count(2)
    second.set()
    expect(page.locator(".evp-queue li")).to_have_count(0)
    expect(page.locator("[data-file]")).to_have_count(2)


def test_dropping_files(world: World, open_page: Open) -> None:
    page = open_page(world.secretary)
    page.goto(slot(world))
    drop = """(form, bytes) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes)], "ลาก.pdf", { type: "application/pdf" }));
      for (const name of ["dragenter", "dragover", "drop"])
        form.dispatchEvent(new DragEvent(name, { dataTransfer: data, bubbles: true, cancelable: true }));
    }"""
    page.locator("[data-evidence-upload]").evaluate(drop, list(pdf("ลาก")))
    expect(page.locator("[data-file] h3")).to_have_text("ลาก.pdf")


def test_cancel_and_retry(world: World, open_page: Open, papers: dict[str, Path]) -> None:
    page = open_page(world.secretary)
    page.goto(slot(world))
    held: list[Route] = []
    page.route("**/evidence/E1/**", lambda route: held.append(route))
    page.locator("[type=file]").set_input_files(papers["แผน.pdf"])
    row = page.locator(".evp-queue li")
    row.get_by_role("button", name="ยกเลิก").click()
    expect(row).to_contain_text("ยกเลิกแล้ว")
    row.get_by_role("button").click()
    expect(row).to_have_count(0)
    page.unroute("**/evidence/E1/**")
    page.route("**/evidence/E1/**", lambda route: route.abort())
    page.locator("[type=file]").set_input_files(papers["แผน.pdf"])
    expect(row).to_contain_text("ขาดการเชื่อมต่อ")
    page.unroute("**/evidence/E1/**")
    row.get_by_role("button", name="ลองอีกครั้ง").click()
    expect(page.locator("[data-file]")).to_have_count(1)
    expect(row).to_have_count(0)
    assert Attachment.objects.count() == 1


def test_an_ended_session_keeps_the_file_to_send_again(world: World, open_page: Open, papers: dict[str, Path]) -> None:
    page = open_page(world.secretary)
    page.goto(slot(world))
    cookies = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    page.locator("[type=file]").set_input_files(papers["แผน.pdf"])
    row = page.locator(".evp-queue li")
    expect(row).to_contain_text("หมดเวลาใช้งาน")
    page.context.add_cookies(cookies)
    row.get_by_role("button", name="ลองอีกครั้ง").click()
    expect(page.locator("[data-file]")).to_have_count(1)


def test_a_file_over_the_limit_is_not_even_sent(
    world: World, open_page: Open, papers: dict[str, Path], settings: Any
) -> None:
    settings.EVIDENCE_MAX_BYTES = 200
    page = open_page(world.secretary)
    page.goto(slot(world))
    sent: list[str] = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    page.locator("[type=file]").set_input_files(papers["แผน.pdf"])
    expect(page.locator(".evp-queue li")).to_contain_text("ไฟล์ใหญ่เกิน 200 ไบต์")
    assert sent == []


def test_the_keyboard_alone_will_do(world: World, open_page: Open, papers: dict[str, Path]) -> None:
    world.attach("E1=done", pdf("ก", 3), name="ก.pdf")
    page = open_page(world.secretary)
    place = fill(world, page)
    place.get_by_role("link", name="แนบหลักฐาน").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("h2")).to_be_focused()
    page.keyboard.press("Tab")
    expect(dialog.locator("h3 a")).to_be_focused()
    dialog.get_by_label("หน้า", exact=True).focus()
    page.keyboard.type("1")
    page.keyboard.press("Tab")
    page.keyboard.type("quote")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(dialog.locator("blockquote")).to_have_text("quote")


def test_downloading(world: World, open_page: Open) -> None:
    world.attach("E1=done", pdf("ก", 3), name="แผนงาน ก.pdf")
    page = open_page(world.reader)
    page.goto(slot(world))
    with page.expect_download() as waiting:
        page.get_by_role("link", name="แผนงาน ก.pdf", exact=True).click()
    assert waiting.value.suggested_filename == "แผนงาน ก.pdf"
    assert Path(waiting.value.path()).read_bytes() == pdf("ก", 3)


def test_while_the_store_does_not_answer_files_are_sent_again(
    world: World, open_page: Open, papers: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the script after a while, by itself; without it the page says to attach the file again."""
    taken, asked = store.store_content, []

    def away_twice(content: store.SpooledUpload) -> str:
        asked.append(content.sha256)
        if len(asked) <= 2:
            raise StoreAwayError("frozen")
        return taken(content)

    monkeypatch.setattr(store, "store_content", away_twice)
    monkeypatch.setattr(store_away, "RETRY_SECONDS", 1)
    page = open_page(world.secretary, width=PHONE)
    page.goto(slot(world))
    page.locator("[type=file]").set_input_files(papers["แผน.pdf"])
    expect(page.locator(".evp-queue-state")).to_contain_text("จะส่งใหม่เองใน 1 วินาที")
    assert_accessible(page)
    expect(page.locator("[data-file]")).to_have_count(1)
    expect(page.locator(".evp-queue li")).to_have_count(0)
    assert len(asked) == 3
    asked.clear()
    page = open_page(world.secretary, width=PHONE, js=False)
    page.goto(slot(world))
    page.set_input_files("[type=file]", papers["ภาพ.png"])
    page.get_by_role("button", name="แนบไฟล์").click()
    expect(page.get_by_role("alert")).to_contain_text("คลังไฟล์ยังไม่ตอบ")
