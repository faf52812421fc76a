"""The sheets of the workbook for DGA that show answers as the paper form does, one per pillar."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.utils.translation import gettext as _
from openpyxl.styles import Alignment

from evidence.attaching.mark_words import passage_words, state_words
from reports.content.structure import EvidenceItem, EvidenceMark, PlaceEvidence, ReportLine, ReportSection
from reports.workbooks.cells import (
    ALERT_FONT,
    BODY_FONT,
    BOLD_FONT,
    GROUP_FILL,
    MUTED_FONT,
    append_row,
    prepare_sheet,
    text_cell,
)

ANSWER_WIDTHS: Final = (12, 92, 58, 88, 44)
SHOWN_HASH_LENGTH = 12  # characters of a hash that people compare by eye


def fill_answer_sheet(sheet: Any, sections: list[ReportSection]) -> None:
    """Fills the sheet with the lines of these sections."""
    prepare_sheet(sheet, ANSWER_WIDTHS, [_("รหัส"), _("คำถาม"), _("คำตอบ"), _("หลักฐาน"), _("หมายเหตุ")])
    for section in sections:
        heading = f"{section.code} {section.title}".strip()
        append_row(sheet, [text_cell(sheet, t, BOLD_FONT, GROUP_FILL) for t in ("", heading, "", "", "")])
        for line in section.lines:
            for row in _line_rows(sheet, line):
                append_row(sheet, row)


def _line_rows(sheet: Any, line: ReportLine) -> Iterator[list[Any]]:
    """A line and all below it; the only cell of a table row is written in the row's own line."""
    cells = [c for c in line.children if c.kind == "cell"]
    if line.kind == "row" and len(cells) == 1:
        yield _line_row(sheet, cells[0], line.label, line.depth)
    else:
        yield _line_row(sheet, line, line.label, line.depth)
    for child in line.children:
        if not (line.kind == "row" and child.kind == "cell" and len(cells) == 1):
            yield from _line_rows(sheet, child)


def _line_row(sheet: Any, line: ReportLine, label: str, depth: int) -> list[Any]:
    is_heading = line.state == "heading"
    name = text_cell(sheet, label, BOLD_FONT if is_heading or line.is_question else BODY_FONT)
    name.alignment = Alignment(vertical="top", wrap_text=True, indent=min(depth, 8))
    return [
        text_cell(sheet, line.code, BOLD_FONT),
        name,
        text_cell(sheet, _answer_text(line), _answer_font(line)),
        text_cell(sheet, "\n".join(_place_text(place, paired=len(line.places) > 1) for place in line.places)),
        text_cell(sheet, " · ".join(t for t in (line.reason, line.note) if t), MUTED_FONT),
    ]


def _answer_text(line: ReportLine) -> str:
    return "\n".join(f"• {label}" for label in line.picked) if line.picked else line.text


def _answer_font(line: ReportLine) -> Any:
    if line.state == "unanswered" and line.required:
        return ALERT_FONT
    return MUTED_FONT if line.state in ("off", "closed", "unanswered") else BODY_FONT


def _place_text(place: PlaceEvidence, *, paired: bool) -> str:
    """The evidence of a place; with its option before it where the line has several places."""
    if place.items:
        text = "\n".join(_evidence_text(item) for item in place.items)
    else:
        text = _("ใช้ URL ที่ตอบไว้แทนไฟล์") if place.has_url_answer else _("ยังไม่แนบ")
    return f"[{place.option}]\n{text}" if paired and place.option else text


def _evidence_text(item: EvidenceItem) -> str:
    parts = [item.name]
    if item.url and item.url != item.name:
        parts.append(item.url)
    if item.sha256:
        parts.append(item.sha256[:SHOWN_HASH_LENGTH])
    if item.is_infected:
        parts.append(_("พบไวรัส ไม่นับเป็นหลักฐาน"))
    if item.is_active:
        parts.append(_("ไฟล์มีเนื้อหาที่ทำงานเอง"))
    parts += [_mark_text(mark) for mark in item.marks]
    return " | ".join(parts)


def _mark_text(mark: EvidenceMark) -> str:
    """Its pages and passage, and where the passage was not found on them."""
    passage = passage_words(mark.quote, mark.note)
    text = _("หน้า %(pages)s: %(passage)s") % {"pages": mark.pages, "passage": passage}
    state = state_words(mark.state)
    return f"{text} ({state})" if state else text
