"""The sheet of the workbook for DGA with the evidence: one row per mark, with full hash, date, pages and verdict."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.utils.translation import gettext as _

from evidence.attaching.mark_words import passage_words, state_words
from evidence.models import Verdict
from reports.content.report import ResponseReport
from reports.content.structure import EvidenceItem, EvidenceMark, PlaceEvidence, ReportLine
from reports.workbooks.cells import ALERT_FONT, BODY_FONT, append_row, date_cell, prepare_sheet, text_cell

EVIDENCE_WIDTHS: Final = (10, 60, 36, 32, 44, 16, 10, 64, 24, 14, 22, 40, 68)


def fill_evidence_sheet(sheet: Any, report: ResponseReport) -> None:
    """Fills the sheet in the order of the form; a place without evidence has a row that says so."""
    titles = [
        _("รหัส"), _("คำถาม"), _("ตัวเลือก"), _("ตำแหน่ง"), _("ไฟล์หรือที่อยู่เว็บ"), _("วันที่ของเอกสาร"), _("หน้า"),
        _("ข้อความที่สนับสนุนคำตอบ"), _("สถานะของเครื่องหมาย"), _("นับเป็นหลักฐาน"), _("ผลตรวจ"), _("เหตุผลของผู้ตรวจ"),
        _("ค่าตรวจสอบ (SHA-256)"),
    ]  # fmt: skip
    prepare_sheet(sheet, EVIDENCE_WIDTHS, titles)
    for line in report.content.walk():
        for place in line.places:
            for row in _place_rows(sheet, line, place):
                append_row(sheet, row)


def _place_rows(sheet: Any, line: ReportLine, place: PlaceEvidence) -> Iterator[list[Any]]:
    where = [line.code, line.label, place.option, place.address]
    if not place.items:
        told = _("ใช้ URL ที่ตอบไว้แทนไฟล์") if place.has_url_answer else _("ยังไม่แนบ")
        font = BODY_FONT if place.has_url_answer else ALERT_FONT
        yield [*(text_cell(sheet, text) for text in where), text_cell(sheet, told, font)]
    for item in place.items:
        for mark in item.marks or (None,):
            yield [*(text_cell(sheet, text) for text in where), *_item_cells(sheet, item, mark)]


def _item_cells(sheet: Any, item: EvidenceItem, mark: EvidenceMark | None) -> Iterator[Any]:
    yield text_cell(sheet, item.name if not item.url or item.url == item.name else f"{item.name}\n{item.url}")
    yield date_cell(sheet, item.document_date)
    yield text_cell(sheet, mark.pages if mark else "")
    yield text_cell(sheet, passage_words(mark.quote, mark.note) if mark else "")
    yield text_cell(sheet, state_words(mark.state) if mark else "")
    yield text_cell(sheet, _("นับ") if item.counts else _("ไม่นับ"))
    yield text_cell(sheet, str(Verdict(item.verdict).label) if item.verdict else "")
    yield text_cell(sheet, item.verdict_reason)
    yield text_cell(sheet, item.sha256 or item.copy)
