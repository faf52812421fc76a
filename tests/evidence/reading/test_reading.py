"""Files of every kind are read in the guard; pages without a text of their own off their picture."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings

from dgready.children import ChildFault
from evidence.reading import pictures
from evidence.reading.extracting import NO_READER, read_document
from evidence.reading.pages import DocumentText, TextSource
from evidence.reading.quality import BROKEN_BELOW
from evidence.reading.quotes import QuoteState, find_quote
from tests.evidence.reading.documents import BROKEN, WAYS, WHOLE, Made, documents, plan
from tests.evidence.reading.measuring import measure

WORD = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    "<w:p><w:r><w:t>คำสั่ง</w:t></w:r><w:r><w:t>จังหวัด</w:t></w:r></w:p>"
    '<w:p><w:r><w:br w:type="page"/><w:t>หน้าสอง จํานวน</w:t></w:r></w:p>'
    "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>โครงการ</w:t></w:r></w:p></w:tc>"
    "<w:tc><w:p><w:r><w:t>๑๒</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    "</w:body></w:document>"
)
SLIDE = '<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>'
SLIDES = (
    '<p:presentation xmlns:p="p" xmlns:r="r"><p:sldId id="1" r:id="r2"/><p:sldId id="2" r:id="r1"/></p:presentation>'
)
RELATION = '<Relationship Id="r{n}" Type="http://x/relationships/slide" Target="slides/slide{n}.xml"/>'
ODF = (
    '<o:document-content xmlns:o="o" xmlns:text="t" xmlns:table="tb" xmlns:draw="d">'
    "<o:body>{body}</o:body></o:document-content>"
)
TEXT_BODY = (
    "<text:p>แผน<text:s/>ดิจิทัล <text:span>ของ</text:span>จังหวัด<text:soft-page-break/></text:p><text:h>สอง</text:h>"
)
CELL = "<table:table-cell><text:p>{text}</text:p></table:table-cell>"
SHEET_BODY = (
    f"<table:table><table:table-row>{CELL.format(text='ก')}{CELL.format(text='ข')}</table:table-row></table:table>"
)
SLIDES_BODY = "<draw:page><text:p>แรก</text:p></draw:page><draw:page><text:p>ท้าย</text:p></draw:page>"


def package(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def powerpoint() -> bytes:
    relations = "".join(RELATION.format(n=n) for n in (1, 2))
    return package(
        **{
            "ppt/presentation.xml": SLIDES,
            "ppt/_rels/presentation.xml.rels": f"<Relationships>{relations}</Relationships>",
            "ppt/slides/slide1.xml": SLIDE.format(text="ท้าย"),
            "ppt/slides/slide2.xml": SLIDE.format(text="แรก"),
        }
    )


def excel() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["โครงการ", 125000])
    book.create_sheet("สอง").append(["สรุป"])
    book.save(out)
    return out.getvalue()


def open_document(kind: str, body: str) -> bytes:
    return package(mimetype=f"application/vnd.oasis.opendocument.{kind}", **{"content.xml": ODF.format(body=body)})


@pytest.mark.parametrize(
    ("kind", "content", "texts"),
    [
        ("docx", package(**{"word/document.xml": WORD}), ["คำสั่งจังหวัด", "หน้าสอง จำนวน\nโครงการ ๑๒"]),
        ("xlsx", excel(), ["โครงการ 125000", "สรุป"]),
        ("pptx", powerpoint(), ["แรก", "ท้าย"]),
        ("odt", open_document("text", TEXT_BODY), ["แผน ดิจิทัล ของจังหวัด", "สอง"]),
        ("ods", open_document("spreadsheet", SHEET_BODY), ["ก ข"]),
        ("odp", open_document("presentation", SLIDES_BODY), ["แรก", "ท้าย"]),
        ("text", "บรรทัดแรก\r\nสอง\fหน้าสอง".encode(), ["บรรทัดแรก\nสอง", "หน้าสอง"]),
        ("text", "ภาษาไทย".encode("cp874"), ["ภาษาไทย"]),
    ],
)
def test_every_kind_is_read_by_page(kind: str, content: bytes, texts: list[str], tmp_path: Path) -> None:
    read = read_bytes(tmp_path, content, kind)
    assert [page.text.strip() for page in read.pages] == texts


def read_bytes(folder: Path, content: bytes, kind: str = "pdf", **more: Any) -> DocumentText:
    path = folder / "file"
    path.write_bytes(content)
    return read_document(path, kind, more.pop("limits", settings.TEXT_LIMITS), **more)


def number_of(way: str, start: int = 0) -> int:
    """The first document that is broken in a way."""
    return next(n for n in range(start, start + 200) if plan(n).way == way)


@pytest.fixture(scope="module")
def made() -> dict[str, Made]:
    """A document of each way that is read without a reader of pictures, and a scan."""
    return {each.way: each for each in documents([number_of(way) for way in (*WHOLE, *BROKEN, "scan")])}


@pytest.mark.parametrize("way", [way for way in (*WHOLE, *BROKEN) if way != "lost_tones"])
def test_the_passage_is_read_as_it_is_printed(way: str, made: dict[str, Made], tmp_path: Path) -> None:
    """Whatever the text layer says: doubled, moved, in private use, sideways."""
    each = made[way]
    read = read_bytes(tmp_path, each.content, by_picture=False)
    found = find_quote(read, each.topic.passage, [each.page])
    assert found.state.is_found
    assert found.found is not None
    assert found.found.distance == 0
    assert "".join(found.found.quote.split()).translate(str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")) == "".join(
        each.topic.passage.split()
    )
    assert all(0 < r.left < r.right < 1 and 0 < r.top < r.bottom < 1 for r in found.found.rectangles)
    assert len(found.found.rectangles) >= 1


def test_lost_marks_are_noticed_and_the_passage_is_found_all_the_same(made: dict[str, Made], tmp_path: Path) -> None:
    each = made["lost_tones"]
    read = read_bytes(tmp_path, each.content, by_picture=False)
    assert min(page.quality for page in read.pages) < BROKEN_BELOW
    assert find_quote(read, each.topic.passage, [each.page]).state is QuoteState.NORMALISED


def test_a_page_says_where_its_letters_are_drawn(made: dict[str, Made], tmp_path: Path) -> None:
    """The rectangle of a passage, cut out of the picture of the page, has ink; the room above the text has none."""
    import pypdfium2

    each = made["plain"]
    found = find_quote(read_bytes(tmp_path, each.content, by_picture=False), each.topic.core, [each.page]).found
    assert found is not None
    picture = pypdfium2.PdfDocument(each.content)[each.page - 1].render(scale=1, grayscale=True).to_pil()
    first = found.rectangles[0]
    edges = (
        first.left * picture.width,
        first.top * picture.height,
        first.right * picture.width,
        first.bottom * picture.height,
    )
    assert picture.crop(tuple(map(round, edges))).getextrema()[0] < 80
    assert picture.crop((0, 0, picture.width, 50)).getextrema()[0] > 200


def test_without_a_reader_of_pictures_a_scan_says_so(
    made: dict[str, Made], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "is_installed", lambda: False)
    read = read_bytes(tmp_path, made["scan"].content)
    assert read.note == NO_READER
    assert len(read.unread) == len(read.pages)


def test_limits_hold(made: dict[str, Made], tmp_path: Path) -> None:
    few = replace(settings.TEXT_LIMITS, pages=1)
    read = read_bytes(tmp_path, made["plain"].content, limits=few, by_picture=False)
    assert (len(read.pages), read.cut) == (1, True)
    child = replace(few.child, output=100)
    with pytest.raises(ChildFault):
        read_bytes(tmp_path, made["plain"].content, limits=replace(few, child=child))
    with pytest.raises(ChildFault):
        read_bytes(tmp_path, b"%PDF-1.7 broken", limits=few)


def test_words_of_a_picture_are_joined_as_thai_is_written() -> None:
    head = "level\tpage\tblock\tpar\tline\tword\tleft\ttop\twidth\theight\tconf\ttext"
    rows = [
        "1\t1\t0\t0\t0\t0\t0\t0\t1000\t2000\t-1\t",
        "5\t1\t1\t1\t1\t1\t100\t200\t60\t40\t91\tจังหวัด",
        "5\t1\t1\t1\t1\t2\t165\t200\t60\t40\t90\tตัวอย่าง",
        "5\t1\t1\t1\t1\t3\t300\t200\t60\t40\t90\t2567",
        "5\t1\t1\t1\t2\t1\t100\t300\t60\t40\t3\t~~",
    ]
    read = pictures.read_table("\n".join([head, *rows]))
    assert read.text == "จังหวัดตัวอย่าง 2567\n"
    size = len(read.text)
    assert (read.boxes[0], read.boxes[size]) == (1000, 1000)


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.skipif(not pictures.is_installed(), reason="tesseract is not installed")
def test_the_promised_figures_on_a_sample(tmp_path: Path) -> None:
    """`make bench-evidence` measures the whole set; here one of each kind of document that is hard to read."""
    left_out = ("turned_scan", "no_unicode", "scan", "code_page")
    numbers = [next(n for n in range(300) if plan(n).way == way and plan(n).pages <= 2) for way in WAYS]
    figures = measure(documents([n for n in numbers if plan(n).way not in left_out]))
    assert figures.wrong == []


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.skipif(not pictures.is_installed(), reason="tesseract is not installed")
def test_a_scan_that_lies_on_its_side_is_turned(tmp_path: Path) -> None:
    number = next(n for n in range(300) if plan(n).way == "turned_scan" and plan(n).page == 1)
    made = next(documents([number]))
    read = read_bytes(tmp_path, made.content, limits=replace(settings.TEXT_LIMITS, pages=1))
    assert {page.source for page in read.pages} == {TextSource.PICTURE}
    found = find_quote(read, made.topic.core, [made.page])
    assert found.state.is_found
    assert found.found is not None
    # Its lines run upwards on the page as it lies there.
    assert all(r.bottom - r.top > r.right - r.left for r in found.found.rectangles)
