"""Looking at documents and marking them in a real browser: PDF, scan, picture, office; pointer, keyboard, phone."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pikepdf
import pytest
from django.urls import reverse
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from evidence.models import Attachment, Mark
from tests.browser.arriving import arriving
from tests.browser.looking import assert_accessible
from tests.evidence.conftest import World, build, pdf
from tests.evidence.reading.documents import long_document
from tests.evidence.viewing.conftest import OTHER, PLAN, paper, read_now, rendition_of
from tests.hostile.files import ooxml

Open = Callable[..., Page]
ADDRESS = "E1a=2"  # เรื่องสอง
READY = "[data-look][data-ready]"
LIES_ON_ITS_SIDE = """() => {
  const box = document.querySelector(".lk-page").getBoundingClientRect();
  return box.width > box.height;
}"""


@pytest.fixture
def world(transactional_db: None) -> World:
    """The world, in the database for good."""
    made = build()
    made.answer({"E1": "done", "E1a": ["1", "2"]})
    return made


def look(attachment: Attachment) -> str:
    return reverse("evidence:look", args=[attachment.response_id, attachment.public_id])


def slot(world: World, address: str) -> str:
    return reverse("evidence:slot", args=[world.response.pk, "E1"]) + f"?at={quote(address, safe='')}"


def scan() -> bytes:
    """A page that is a picture, kept as JPEG 2000 as scanners do."""
    picture = Image.new("L", (500, 700), 255)
    ImageDraw.Draw(picture).rectangle((100, 100, 400, 300), fill=30)
    out, page = io.BytesIO(), io.BytesIO()
    picture.save(page, "JPEG2000")
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(500, 700))
        image = document.make_stream(page.getvalue(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image)
        image.Width, image.Height, image.Filter = 500, 700, pikepdf.Name.JPXDecode
        image.ColorSpace, image.BitsPerComponent = pikepdf.Name.DeviceGray, 8
        document.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=image))
        document.pages[0].Contents = document.make_stream(b"q 500 0 0 700 0 0 cm /I Do Q")
        document.save(out, deterministic_id=True)
    return out.getvalue()


def select(page: Page, word: str) -> None:
    """Selects the words of a page that contain `word`, as a pointer would."""
    span = page.locator(".lk-texts > span", has_text=word).first
    span.evaluate(
        "span => { const range = document.createRange(); range.selectNodeContents(span);"
        " getSelection().removeAllRanges(); getSelection().addRange(range); }"
    )


def width_of(page: Page, selector: str) -> float:
    """How wide the first such element is."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["width"]


def await_wider(page: Page, selector: str, than: float) -> None:
    """Waits until the first such element is wider."""
    asked = "([selector, than]) => document.querySelector(selector).getBoundingClientRect().width > than"
    page.wait_for_function(asked, arg=[selector, than])


def darkness(page: Page, number: int = 1) -> float:
    """How much of the middle of a drawn page is dark: 0 for a white one."""
    return float(
        page.locator(f".lk-page[data-number='{number}'] canvas").evaluate(
            "canvas => { const d = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height / 2).data;"
            " let dark = 0; for (let i = 0; i < d.length; i += 4) dark += d[i] < 128 && d[i + 3] > 0;"
            " return 4 * dark / d.length; }"
        )
    )


def test_selected_text_becomes_a_mark(world: World, open_page: Open) -> None:
    plan = read_now(world.attach(ADDRESS, paper(OTHER, PLAN)))
    page = open_page(world.secretary)
    page.goto(look(plan))
    expect(page.locator(READY)).to_be_attached()
    assert darkness(page) > 0
    page.get_by_role("button", name="หน้าถัดไป").click()
    expect(page.locator("[data-look-number]")).to_have_value("2")
    expect(page.locator(".lk-page[data-number='2'] .lk-texts > span", has_text="ครอบคลุม")).to_be_attached()
    mark_it = page.get_by_role("button", name="ทำเครื่องหมายข้อความนี้", exact=True)
    expect(mark_it).to_be_hidden()
    select(page, "ครอบคลุม")
    mark_it.click()
    expect(page.locator("[data-look-note]")).to_have_text("ทำเครื่องหมายแล้ว")
    expect(page.locator("#lk-marks")).to_be_focused()
    mark = Mark.objects.get()
    assert (mark.pages, mark.quote) == ("2", "จังหวัดมีแผนครอบคลุมเรื่องสองทำแล้วเมื่อวันที่")
    assert mark.areas.startswith("2:")
    drawn = page.locator(".lk-page[data-number='2'] .lk-area.lk-mark").first
    # The rectangle lies over the words.
    at, words = drawn.bounding_box(), page.locator(".lk-texts > span", has_text="ครอบคลุม").bounding_box()
    assert at is not None
    assert words is not None
    assert abs(at["x"] - words["x"]) < 6
    assert abs(at["y"] + at["height"] / 2 - words["y"] - words["height"] / 2) < 8
    assert_accessible(page)
    # Pressed in the list it is led to; removed and brought back.
    page.locator("[data-look-pages]").evaluate("box => { box.scrollTop = 0; }")
    page.locator("[data-look-mark] a").click()
    expect(drawn).to_be_in_viewport()
    page.get_by_text("แก้ไขหรือลบ").click()
    page.get_by_role("button", name="ลบเครื่องหมายนี้").click()
    expect(page.locator(".lk-area.lk-mark")).to_have_count(0)
    page.get_by_role("button", name="เลิกทำ").click()
    expect(page.locator("[data-look-mark]")).to_have_count(1)
    assert Mark.objects.get().quote == mark.quote


def test_the_keyboard_does_everything(world: World, open_page: Open) -> None:
    plan = read_now(world.attach(ADDRESS, paper(OTHER, PLAN)))
    page = open_page(world.secretary)
    page.goto(look(plan))
    expect(page.locator(READY)).to_be_attached()
    box = page.locator("[data-look-pages]")
    box.focus()
    before = width_of(page, ".lk-page")
    page.keyboard.press("+")
    await_wider(page, ".lk-page", before * 1.2)
    page.keyboard.press("0")
    page.keyboard.press("n")
    expect(page.locator("[data-look-number]")).to_have_value("2")
    page.keyboard.press("r")
    page.wait_for_function(LIES_ON_ITS_SIDE)
    for _turn in range(3):
        page.keyboard.press("r")
    mark_what_is_found(page)
    frame_by_keys(page)


def mark_what_is_found(page: Page) -> None:
    """A word is searched, and its passage marked, without a pointer."""
    page.get_by_role("searchbox").focus()
    page.keyboard.type("เรื่องสอง")
    page.keyboard.press("Enter")
    expect(page.locator("#lk-found")).to_be_focused()
    expect(page.locator(".lk-area.lk-hit")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-look-mark]")).to_have_count(1)
    assert "เรื่องสอง" in Mark.objects.get().quote


def frame_by_keys(page: Page) -> None:
    """A frame is moved and sized by arrow keys, then kept with a note."""
    page.get_by_role("button", name="วาดกรอบ").focus()
    page.keyboard.press("Enter")
    frame = page.locator(".lk-frame")
    expect(frame).to_be_focused()
    place, before = frame.bounding_box(), width_of(page, ".lk-frame")
    assert place is not None
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowDown"):
        page.keyboard.press(key)
    await_wider(page, ".lk-frame", before)
    moved = frame.bounding_box()
    assert moved is not None
    assert moved["y"] > place["y"]
    assert moved["x"] > place["x"]
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(frame).to_have_count(0)
    expect(page.get_by_role("button", name="วาดกรอบ")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    note = page.locator("[data-look-new] [name=note]")
    expect(page.locator("[data-look-new] [data-look-frame]")).to_be_visible()  # its words stand there, hidden, before
    note.focus()
    page.keyboard.type("ตราประทับ")
    page.keyboard.press("Enter")
    expect(page.locator("[data-look-mark]")).to_have_count(2)
    assert Mark.objects.latest("pk").areas
    assert Mark.objects.latest("pk").note == "ตราประทับ"


def test_a_frame_is_drawn_on_a_scan(world: World, open_page: Open) -> None:
    page = open_page(world.secretary)
    page.goto(look(world.attach(ADDRESS, scan(), name="สแกน.pdf")))
    expect(page.locator(READY)).to_be_attached()
    assert darkness(page) > 0.1  # JPEG 2000 is drawn
    page.get_by_role("button", name="วาดกรอบ").click()
    face = page.locator(".lk-face").bounding_box()
    assert face is not None
    page.mouse.move(face["x"] + face["width"] * 0.2, face["y"] + 60)
    page.mouse.down()
    page.mouse.move(face["x"] + face["width"] * 0.8, face["y"] + 200, steps=4)
    page.mouse.up()
    note = page.locator("[data-look-new] [name=note]")
    expect(note).to_be_focused()
    note.fill("ลายมือชื่อผู้ว่า")
    page.get_by_role("button", name="บันทึกเครื่องหมาย").click()
    expect(page.locator(".lk-area.lk-mark")).to_have_count(1)
    mark = Mark.objects.get()
    left, _top, right, _bottom = map(int, mark.areas.partition(":")[2].split(","))
    assert (mark.pages, mark.note) == ("1", "ลายมือชื่อผู้ว่า")
    assert abs(left - 2000) < 60
    assert abs(right - 8000) < 60


def test_a_picture_is_zoomed_and_turned(world: World, open_page: Open) -> None:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(out, "PNG")
    page = open_page(world.secretary)
    page.goto(look(world.attach(ADDRESS, out.getvalue(), name="ภาพ.png")))
    expect(page.locator(READY)).to_be_attached()
    first = width_of(page, ".lk-page")
    page.get_by_role("button", name="ขยาย").click()
    await_wider(page, ".lk-page", first)
    page.get_by_role("button", name="หมุน").click()
    assert_accessible(page)


def test_an_office_document_is_marked_on_its_pdf(world: World, open_page: Open) -> None:
    order = read_now(world.attach(ADDRESS, ooxml("docx"), name="คำสั่ง.docx"))
    page = open_page(world.secretary)
    page.goto(look(order))
    expect(page.get_by_text("กำลังแปลงเอกสารเป็น PDF")).to_be_visible()
    rendition_of(order, paper(PLAN))
    page.goto(look(order))
    expect(page.locator(READY)).to_be_attached()
    expect(page.locator(".lk-texts > span").first).to_be_attached()
    select(page, "2599")
    page.get_by_role("button", name="ทำเครื่องหมายข้อความนี้", exact=True).click()
    expect(page.locator("[data-look-mark]")).to_have_count(1)
    assert "2599" in Mark.objects.get().quote
    assert Mark.objects.get().areas.startswith("1:")


def test_what_cannot_be_drawn_is_read(world: World, open_page: Open) -> None:
    plan = read_now(world.attach(ADDRESS, paper(PLAN)))
    page = open_page(world.secretary)
    page.route(
        "**/look/content/", lambda route: route.fulfill(body=b"%PDF-1.4 nothing", content_type="application/pdf")
    )
    page.goto(look(plan))
    expect(page.get_by_text("แสดงเอกสารนี้เป็นหน้าไม่ได้")).to_be_visible()
    expect(page.locator(".lk-words")).to_contain_text("เรื่องสอง")
    expect(page.get_by_role("link", name="ดาวน์โหลด")).to_be_visible()
    assert_accessible(page)


def test_without_a_script(world: World, open_page: Open) -> None:
    read_now(world.attach(ADDRESS, paper(OTHER, PLAN)))
    page = open_page(world.secretary, js=False)
    page.goto(slot(world, ADDRESS))
    page.get_by_role("link", name="หาข้อความที่น่าจะใช้ได้").click()
    with arriving(page):
        page.get_by_role("button", name="ใช้ข้อความนี้").first.click()
    assert Mark.objects.get().pages == "2"
    expect(page.locator(".lk-words mark")).to_contain_text("เรื่องสอง")
    page.get_by_role("link", name="ที่ถัดไป").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("หลักฐานของข้อ")


# -- how many actions a place costs ---------------------------------------------------------------


class Hand:
    """A person's hand, counting what it does."""

    def __init__(self) -> None:
        self.actions = 0

    def press(self, locator: Any) -> None:
        self.actions += 1
        locator.click()

    def choose(self, page: Page, path: Path) -> None:
        self.actions += 1
        page.set_input_files("[type=file]", path)


def test_a_place_costs_one_action_with_a_file_and_two_without(world: World, open_page: Open, tmp_path: Path) -> None:
    read_now(world.attach(ADDRESS, paper(OTHER, PLAN)))
    page, hand = open_page(world.secretary), Hand()
    page.goto(slot(world, ADDRESS))
    hand.press(page.get_by_role("button", name="ใช้ข้อความนี้").first)
    expect(page.get_by_text("มีหลักฐานครบ")).to_be_visible()
    assert hand.actions == 1, f"a place with a file took {hand.actions} actions"
    # On to the next one, which has nothing.
    page.get_by_role("link", name="ที่ถัดไป").click()
    paths = tmp_path / "แผน.pdf"
    paths.write_bytes(paper("จังหวัดมีแผนครอบคลุมเรื่องหนึ่งและทำแล้ว", OTHER))
    hand = Hand()
    hand.choose(page, paths)
    expect(page.get_by_text("กำลังอ่านข้อความในไฟล์")).to_be_visible()
    read_now(Attachment.objects.latest("pk"))  # as the worker does
    hand.press(page.get_by_role("button", name="ใช้ข้อความนี้").first)
    expect(page.get_by_text("มีหลักฐานครบ")).to_be_visible()
    assert hand.actions == 2, f"a place without a file took {hand.actions} actions"
    assert_accessible(page)


def test_beside_the_form_the_panel_goes_on_to_the_next_place(world: World, open_page: Open) -> None:
    for address in ("E1=done", "E1a=1"):
        read_now(world.attach(address, paper(OTHER, PLAN), name=f"{address}.pdf"))
    page = open_page(world.secretary)
    page.goto(reverse("survey:fill", args=[world.response.pk, "1.1"]))
    page.locator('[id="e:E1=done"]').get_by_role("link", name="แนบหลักฐาน").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="ใช้ข้อความนี้").first.click()
    expect(dialog.get_by_text("มีหลักฐานครบ")).to_be_visible()
    dialog.get_by_role("link", name="ที่ถัดไป").click()
    expect(dialog).to_have_count(1)
    expect(dialog).to_contain_text("เรื่องหนึ่ง")


@pytest.mark.slow
def test_the_first_page_of_fifty_is_there_at_once(world: World, open_page: Open) -> None:
    """At most a second on two cores; three while the machine does other things."""
    page = open_page(world.secretary)
    page.goto(look(world.attach(ADDRESS, pdf("warm"))))
    expect(page.locator(READY)).to_be_attached()
    page.goto(look(world.attach(ADDRESS, long_document(50), name="ยาว.pdf")), wait_until="commit")
    page.wait_for_selector(READY, state="attached")
    took = page.evaluate("performance.now()") / 1000
    print(f"first page of 50 after {took:.2f} s")
    assert took < 3, f"{took:.2f} s"
