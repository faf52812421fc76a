"""The few files that a simulation attaches over and over: sample PDFs and small sample tables."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.html import escape

from demo.sample_documents import render_documents, sample_documents

PDF_COUNT, TABLE_COUNT = 3, 6  # a content is inspected once by each process, so there are few
SAMPLE_MARK: Final = "ตัวอย่าง ไม่ใช่เอกสารจริง"


@dataclass(frozen=True, slots=True)
class SampleFile:
    """A file to attach, and the passage to mark in it."""

    name: str
    content: bytes
    pages: str
    quote: str


def sample_files() -> list[SampleFile]:
    """The same contents every time."""
    documents = sample_documents(PDF_COUNT)
    pdfs = [
        SampleFile(p.name, data, str(p.quote_page), p.quote)
        for p, data in zip(documents, render_documents(documents), strict=True)
    ]
    return [*pdfs, *(_table(number) for number in range(1, TABLE_COUNT + 1))]


def _table(number: int) -> SampleFile:
    quote = f"รายการที่ {number} ดำเนินการแล้วเสร็จ"
    rows = ((SAMPLE_MARK,), ("ลำดับ", "รายการ", "ผล"), (str(number), quote, "แล้วเสร็จ"))
    return SampleFile(f"ตัวอย่างตารางที่ {number}.xlsx", _workbook(rows), "1", quote)


def _workbook(rows: tuple[tuple[str, ...], ...]) -> bytes:
    """A workbook of one sheet of texts. Written part by part: the same rows always give the same bytes."""
    cells = ("".join(f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>' for text in row) for row in rows)
    data = "".join(f"<row>{row}</row>" for row in cells)
    parts = {
        **_FRAME,
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{data}</sheetData></worksheet>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), _HEAD + text)
    return buffer.getvalue()


_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FRAME: Final[Mapping[str, str]] = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_TYPES}">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="ตัวอย่าง" sheetId="1" r:id="rId1"/>'
        "</sheets></workbook>"
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" Type="{_OFFICE}/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}
