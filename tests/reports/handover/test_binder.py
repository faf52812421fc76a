"""The binder, read back with pdftotext and pikepdf and looked at through poppler."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf
import pytest
from django.utils import timezone

from evidence import tasks
from evidence.attaching import actions
from evidence.models import Attachment, File, ScanState
from evidence.renditions import office
from reports.content.draft_source import draft_source
from reports.content.report import Approval
from reports.handover import gathering
from reports.handover.gathering import gather_package
from reports.handover.package import Package, Scope
from survey.models import Response
from tests.evidence.conftest import World
from tests.evidence.renditions.documents import docx
from tests.reports.conftest import read_back, squeezed
from tests.reports.handover.samples import OTHER, QUOTE, colour_at, picture, thai_pdf, turned, words_of

Bound = Callable[..., tuple[Package, Path]]
ANSWERS = {"E1": "done", "E1a": ["1", "2"], "E1b": 3}


def attach(world: World, address: str, content: bytes, name: str, **more: Any) -> Attachment:
    """A file that is attached and read."""
    attachment = world.attach(address, content, name=name, **more)
    assert attachment.file is not None
    tasks.read_file_text(attachment.file.pk)
    return attachment


@pytest.fixture
def filled(world: World) -> World:
    """Documents of every kind at five places."""
    world.answer(ANSWERS)
    world.answer({"E2": "yes"}, "E2")
    plan = attach(world, "E1=done", thai_pdf("หน้าแรก", f"ข้อ 2 {QUOTE} ทุกหน่วยงาน"), "แผน.pdf")
    world.mark(plan, "2", QUOTE)
    again = attach(world, "E2=yes", thai_pdf("หน้าแรก", f"ข้อ 2 {QUOTE} ทุกหน่วยงาน"), "แผนเดิม.pdf")
    world.mark(again, "1", "หน้าแรก")
    photo = attach(world, "E1a=1", picture(), "ภาพ.png")
    world.mark(photo, "1", "", areas="1:7500,7500,9600,9500", note="ตรา")
    world.attach("E1a=2", docx([OTHER]), name="คำสั่ง.docx")
    question = world.question("E2")
    actions.attach_evidence(
        by=world.secretary, response=world.response, question=question, address="E2=yes", url="https://example.org/a"
    )
    return world


@pytest.fixture
def no_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "is_installed", lambda: False)


class Highlight(NamedTuple):
    """A highlight as it stands on a page, counted from 1; measures in points."""

    page: int
    said: str
    rect: tuple[float, ...]
    blend: str
    size: tuple[float, float]


def highlights(path: Path) -> list[Highlight]:
    """All highlights."""
    found = []
    with pikepdf.open(path) as pdf:
        for number, page in enumerate(pdf.pages, start=1):
            size = (float(page.mediabox[2]), float(page.mediabox[3]))
            for each in page.obj.get("/Annots", []):
                if each.Subtype == "/Highlight":
                    blend = str(each.AP.N.Resources.ExtGState.Mark.BM)
                    rect = tuple(float(edge) for edge in each.Rect)
                    found.append(Highlight(number, str(each.Contents), rect, blend, size))
    return found


def outline(path: Path) -> list[tuple[int, str, int]]:
    """The bookmarks: depth, title, page."""
    with pikepdf.open(path) as pdf:
        pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}

        def walk(items: Any, depth: int) -> Iterator[tuple[int, str, int]]:
            for item in items:
                yield depth, item.title, pages[item.destination[0].objgen]
                yield from walk(item.children, depth + 1)

        with pdf.open_outline() as found:
            return list(walk(found.root, 0))


def page_texts(path: Path) -> list[str]:
    return [squeezed(text) for text in read_back(path, "-layout").split("\f")][:-1]


def assert_highlight_lies_over_its_quote(path: Path) -> None:
    """The highlight of the plan's passage: on its words, multiplied, and yellow in another reader."""
    found = [each for each in highlights(path) if QUOTE in each.said]
    assert len(found) == 1
    number, _said, (left, bottom, right, top), blend, (width, height) = found[0]
    words = [word for word in words_of(path, number) if QUOTE[:8] in word[4] or word[4] in QUOTE]
    assert words
    x = (left + right) / 2
    y = height - (bottom + top) / 2
    assert any(w[0] <= x <= w[2] and w[1] <= y <= w[3] for w in words)
    assert blend == "/Multiply"
    edge = colour_at(path, number, (left + 1) / width, (height - top + 1.5) / height)
    assert edge[2] < 150 < edge[0]  # yellow


@pytest.mark.slow
@pytest.mark.any_database
@pytest.mark.usefixtures("no_office")
def test_the_binder_has_all_documents_once_with_contents_stamps_bookmarks_and_links(
    filled: World, bound: Bound
) -> None:
    package, path = bound(filled.response)
    texts = page_texts(path)
    assert [document.item.name for document in package.documents] == [
        "แผน.pdf",
        "ภาพ.png",
        "คำสั่ง.docx",
        "https://example.org/a",
    ]
    cover = contents = texts[0]
    assert squeezed("แฟ้มหลักฐาน") in cover
    assert squeezed("ฉบับร่าง ยังไม่อนุมัติ") in cover
    sheets = {number: at for number in range(1, 5) if (at := _page_with(texts, f"เอกสารที่ {number} ·"))}
    for name, number in (("แผน.pdf", 1), ("ภาพ.png", 2), ("คำสั่ง.docx", 3)):
        assert squeezed(f"{name}") in contents
        assert f"{sheets[number]}" in contents
    # The plan proves two places and is there once: two pages behind its sheet.
    assert sum(squeezed(QUOTE) in text for text in texts) == 2  # sheet and document
    assert squeezed("ใช้ยืนยันข้ออื่นด้วย") in texts[sheets[1] - 1]
    for at, text in enumerate(texts, start=1):
        assert squeezed(f"รวม {at}/{len(texts)}") in text
    assert squeezed("เอกสาร 1 · หน้า 2/2") in texts[sheets[1] + 1]
    marks = outline(path)
    assert ("แผน" in marks[3][1], marks[3][0], marks[3][2]) == (True, 2, sheets[1])
    assert [mark[2] for mark in marks if mark[1].startswith("1. ")] == [sheets[1], sheets[1]]
    with pikepdf.open(path) as pdf:
        pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
        links = [pages[link.Dest[0].objgen] for link in pdf.pages[0].obj.Annots if link.Subtype == "/Link"]
    assert sorted(set(links)) == sorted(sheets.values())
    assert_highlight_lies_over_its_quote(path)


def _page_with(texts: list[str], words: str) -> int:
    return next((at for at, text in enumerate(texts, start=1) if squeezed(words) in text), 0)


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.usefixtures("no_office")
def test_what_cannot_be_included_is_replaced_by_a_sheet_that_says_why(filled: World, bound: Bound) -> None:
    secret = io.BytesIO()
    with pikepdf.open(io.BytesIO(thai_pdf("ปกปิด"))) as pdf:
        pdf.save(secret, encryption=pikepdf.Encryption(owner="x", user="", allow=pikepdf.Permissions(extract=False)))
    for address, name in (("E1b", "หวง.pdf"), ("E1=done", "ไวรัส.pdf"), ("E1a=1", "หาย.pdf")):
        content = secret.getvalue() if name == "หวง.pdf" else thai_pdf(name)
        filled.attach(address, content, name=name)
    File.objects.filter(attachments__name="ไวรัส.pdf").update(scan_state=ScanState.INFECTED)
    File.objects.filter(attachments__name="หาย.pdf").update(stored="00/00/none")
    _package, path = bound(filled.response)
    texts = page_texts(path)
    for name, why in (
        ("หวง.pdf", "เจ้าของไฟล์ไม่อนุญาตให้คัดลอกหรือแก้ไข"),
        ("ไวรัส.pdf", "พบไวรัสในไฟล์"),
        ("หาย.pdf", "ไฟล์ในที่เก็บหายไป"),
        ("คำสั่ง.docx", "ระบบนี้ไม่มีตัวแปลงเอกสารเป็น PDF"),
        ("example.org", "ยังไม่มีสำเนาของหน้าเว็บ"),
    ):
        assert any(squeezed(name) in text and squeezed(why) in text for text in texts), name
    assert not any(squeezed("ปกปิด") in text for text in texts)
    assert squeezed("แทนด้วยใบแจ้งเหตุผล 5 รายการ") in texts[0]


@pytest.mark.slow
@pytest.mark.once
def test_pages_of_any_turn_and_crop_are_upright_above_their_stamp(world: World, bound: Bound) -> None:
    world.answer(ANSWERS)
    for rotation in (0, 90, 180, 270):
        content = turned(thai_pdf(QUOTE, size="A4 landscape"), rotation, (10, 20, 800, 560), 1 + rotation / 180)
        world.mark(attach(world, "E1=done", content, f"หมุน {rotation:03}.pdf"), "1", QUOTE)
    _package, path = bound(world.response)
    found = highlights(path)
    assert len(found) == 4
    for rotation, (number, _said, (left, bottom, right, top), _blend, (width, height)) in zip(
        (0, 90, 180, 270), found, strict=True
    ):
        unit = 1 + rotation / 180
        shown = (540, 790) if rotation in (90, 270) else (790, 540)
        strip = height - shown[1] * unit
        assert (width, 10 < strip < 61) == (pytest.approx(shown[0] * unit, abs=1), True)
        stamps = [word for word in words_of(path, number) if "รวม" in word[4]]
        assert [word[1] >= height - strip for word in stamps] == [True]
        assert colour_at(path, number, (left + right) / 2 / width, (height - top + 1.5) / height)[2] < 200
        lies = right - left > top - bottom
        assert lies is (rotation in (0, 180))  # the text runs as the page was turned


@pytest.mark.slow
@pytest.mark.once
def test_an_office_document_is_bound_as_its_pdf_with_its_passage_found_there(
    filled: World, bound: Bound, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = thai_pdf("ขึ้นต้น", f"คำสั่ง {OTHER} ประจำจังหวัด")
    monkeypatch.setattr(office, "is_installed", lambda: True)
    monkeypatch.setattr(office, "write_rendition", lambda _s, _k, target, *_r: target.write_bytes(made))
    filled.mark(Attachment.objects.get(name="คำสั่ง.docx"), "1", OTHER)
    package, path = bound(filled.response)
    texts = page_texts(path)
    number = next(each.page for each in highlights(path) if OTHER in each.said)
    assert squeezed("หน้า 2/2") in texts[number - 1]
    assert package.documents[2].item.name == "คำสั่ง.docx"


def test_one_question_one_pillar_and_nothing(world: World, bound: Bound) -> None:
    world.answer(ANSWERS)
    world.answer({"E2": "yes"}, "E2")
    for address in ("E1=done", "E2=yes"):
        world.attach(address, name=f"{address[:2]}.pdf")
    names = [
        [document.item.name for document in gather_package(world.response, scope).documents]
        for scope in (Scope(), Scope(pillar="1"), Scope(question="E2"))
    ]
    assert names == [["E1.pdf"], ["E1.pdf"], ["E2.pdf"]]  # one content is one document
    package, path = bound(world.contribution, language="en")
    assert package.documents == ()
    assert "No evidence in this part yet" in read_back(path)


def test_an_approved_answer_hands_over_what_was_frozen(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.answer(ANSWERS)
    attachment = world.attach("E1=done", name="ก่อน.pdf")
    world.mark(attachment, "1", QUOTE, areas="1:1,1,9,9")
    source = replace(draft_source(world.response), approval=Approval(2, "f" * 64, "ผู้ว่าฯ", timezone.now()))
    Attachment.objects.filter(pk=attachment.pk).update(name="หลัง.pdf")
    monkeypatch.setattr(gathering, "approved_source", lambda _response: source)
    world.response.state = Response.State.APPROVED
    package = gather_package(world.response, Scope())
    assert [document.item.name for document in package.documents] == ["ก่อน.pdf"]
    assert package.documents[0].item.marks[0].areas == "1:1,1,9,9"
    assert package.name.endswith("-v2")
