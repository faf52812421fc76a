"""The workbook for DGA: one sheet per pillar as on paper, a long sheet of all items, the score, what was open."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment

from dgready.thai import format_date, format_datetime
from reports.content.report import ResponseReport
from reports.content.scorecard import Scorecard, ScorecardCriterion, ScorecardRow
from reports.content.structure import EvidenceItem, PlaceEvidence, ReportLine, ReportSection
from reports.workbooks.cells import (
    ALERT_FONT,
    BODY_FONT,
    BOLD_FONT,
    GROUP_FILL,
    MUTED_FONT,
    TITLE_FONT,
    number_cell,
    prepare_sheet,
    text_cell,
)
from survey.instrument.schema import AnswerValue

ProgressCallback = Callable[[int, int], None]
_NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\]")
MAX_TITLE_LENGTH = 31  # what Excel allows
SHOWN_HASH_LENGTH = 12  # characters of a hash that people compare by eye


def write_dga_workbook(
    paper: ResponseReport, path: Path, progress: ProgressCallback = lambda done, total: None
) -> None:
    """Writes the workbook to `path`."""
    book = Workbook(write_only=True)
    book.properties.creator = "dgready"
    with translation.override(paper.language):
        book.properties.title = f"{paper.content.title} {paper.province}"
        made = list(_sheet_writers(paper))
        for number, (title, fill) in enumerate(made):
            fill(book.create_sheet(_unique_title(title, book.sheetnames)))
            progress(10 + 70 * (number + 1) // len(made), 100)
    book.save(path)
    progress(90, 100)


def _sheet_writers(paper: ResponseReport) -> Iterator[tuple[str, Callable[[Any], None]]]:
    """Title and writer of each sheet, in order."""
    yield _("ข้อมูล"), partial(_fill_info_sheet, paper=paper)
    front = [p for p in paper.content.pages if not p.number]
    if front:
        yield front[0].title, partial(_fill_answer_sheet, pages=front)
    for number, name in paper.content.pillars.items():
        pages = [p for p in paper.content.pages if p.number == number]
        yield f"{number} {name}", partial(_fill_answer_sheet, pages=pages)
    yield _("ทุกรายการ"), partial(_fill_item_sheet, paper=paper)
    yield _("คะแนน"), partial(_fill_score_sheet, score=paper.score)
    yield _("รายการค้าง"), partial(_fill_open_point_sheet, paper=paper)


def _unique_title(wanted: str, taken: Iterable[str]) -> str:
    """A title that Excel takes, not used twice; a mark is never cut from its letter."""
    title = _NOT_IN_TITLE.sub(" ", wanted)
    length = MAX_TITLE_LENGTH
    while length < len(title) and unicodedata.category(title[length]) == "Mn":
        length -= 1
    title = title[:length].strip("' ")
    number = 2
    base, used = title, {t.casefold() for t in taken}
    while title.casefold() in used:
        title = f"{base[: MAX_TITLE_LENGTH - 4]} ({number})"
        number += 1
    return title


# -- about the whole -------------------------------------------------------------------------------


def _fill_info_sheet(sheet: Any, paper: ResponseReport) -> None:
    prepare_sheet(sheet, [34, 90])
    sheet.append([text_cell(sheet, paper.content.title, TITLE_FONT, wrap=False)])
    for label, value in _info_rows(paper):
        sheet.append([text_cell(sheet, label, BOLD_FONT), text_cell(sheet, value)])


def _info_rows(paper: ResponseReport) -> Iterator[tuple[str, str]]:
    yield _("จังหวัด"), f"{paper.province} ({paper.province_code})"
    if paper.agency:
        yield _("หน่วยงาน"), paper.agency
    yield _("ปี พ.ศ."), str(paper.year)
    yield _("แบบสำรวจ"), paper.instrument
    yield _("ค่าตรวจสอบของแบบสำรวจ (SHA-256)"), paper.checksum
    first, last = (format_date(d, paper.language) for d in paper.period)
    yield _("ช่วงเวลาของหลักฐาน"), f"{first} – {last}"
    yield _("สถานะ"), paper.state if paper.approval else f"{_('ฉบับร่าง ยังไม่อนุมัติ')} · {paper.state}"
    if paper.approval:
        yield _("ฉบับที่"), str(paper.approval.number)
        order = paper.approval.order
        instead = _("อนุมัติแทนผู้ว่าราชการจังหวัด ตามคำสั่งเลขที่ %(number)s") % {"number": order} if order else ""
        yield _("ผู้อนุมัติ"), " · ".join(filter(None, (paper.approval.by, instead)))
        yield _("อนุมัติเมื่อ"), format_datetime(paper.approval.at, paper.language)
    yield _("ค่าตรวจสอบของฉบับที่อนุมัติ (SHA-256)"), paper.approval.sha256 if paper.approval else "–"
    done = paper.progress
    yield _("คำตอบที่บังคับ"), _("ตอบแล้ว %(n)s จาก %(total)s ช่อง") % {"n": done.answered, "total": done.total}
    yield _("หลักฐานที่แนบ (รายการ)"), str(paper.files)
    yield _("จุดที่ยังขาดหลักฐาน"), str(done.missing_evidence)
    yield _("พิมพ์เมื่อ"), format_datetime(paper.printed_at, paper.language)


# -- answers as on paper ---------------------------------------------------------------------------


def _fill_answer_sheet(sheet: Any, pages: list[ReportSection]) -> None:
    prepare_sheet(sheet, [14, 70, 48, 70, 36], [_("รหัส"), _("คำถาม"), _("คำตอบ"), _("หลักฐาน"), _("หมายเหตุ")])
    for page in pages:
        heading = f"{page.code} {page.title}".strip()
        sheet.append([text_cell(sheet, t, BOLD_FONT, GROUP_FILL) for t in ("", heading, "", "", "")])
        for line in page.lines:
            for row in _line_rows(sheet, line):
                sheet.append(row)


def _line_rows(sheet: Any, line: ReportLine) -> Iterator[list[Any]]:
    """A line and all below it; the only cell of a table row stands in the row's own line."""
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
    name = text_cell(sheet, label, BOLD_FONT if is_heading or line.question else BODY_FONT)
    name.alignment = Alignment(vertical="top", wrap_text=True, indent=min(depth, 8))
    return [
        text_cell(sheet, line.code, BOLD_FONT),
        name,
        text_cell(sheet, _answer_text(line), _answer_font(line)),
        text_cell(sheet, "\n".join(_place_text(s, paired=len(line.slots) > 1) for s in line.slots)),
        text_cell(sheet, " · ".join(t for t in (line.why, line.note) if t), MUTED_FONT),
    ]


def _answer_text(line: ReportLine) -> str:
    return "\n".join(f"• {label}" for label in line.picked) if line.picked else line.text


def _answer_font(line: ReportLine) -> Any:
    if line.state == "unanswered" and line.required:
        return ALERT_FONT
    return MUTED_FONT if line.state in ("off", "closed", "unanswered") else BODY_FONT


def _place_text(slot: PlaceEvidence, *, paired: bool) -> str:
    """The evidence of a place; with its option before it where the line has several places."""
    if slot.proofs:
        told = "\n".join(_evidence_text(p) for p in slot.proofs)
    else:
        told = _("ใช้ URL ที่ตอบไว้แทนไฟล์") if slot.by_url else _("ยังไม่แนบ")
    return f"[{slot.option}]\n{told}" if paired and slot.option else told


def _evidence_text(proof: EvidenceItem) -> str:
    parts = [proof.name]
    if proof.url and proof.url != proof.name:
        parts.append(proof.url)
    if proof.sha256:
        parts.append(proof.sha256[:SHOWN_HASH_LENGTH])
    parts += [_("หน้า %(pages)s: “%(quote)s”") % {"pages": m.pages, "quote": m.quote} for m in proof.marks]
    return " | ".join(parts)


# -- all items -------------------------------------------------------------------------------------


def _fill_item_sheet(sheet: Any, paper: ResponseReport) -> None:
    titles = [
        "item_id",
        "address",
        "code",
        "label",
        "type",
        "state",
        "value",
        "text",
        "evidence_sha256",
        "evidence_name",
    ]
    prepare_sheet(sheet, [22, 34, 14, 60, 12, 12, 40, 40, 70, 50], titles)
    for line in paper.content.walk():
        if line.kind not in ("row", "heading"):
            sheet.append(_item_row(sheet, line))


def _item_row(sheet: Any, line: ReportLine) -> list[Any]:
    proofs = line.proofs
    words = [line.item, line.address, line.code, line.label, line.type or line.kind, line.state]
    return [
        *(text_cell(sheet, word, wrap=False) for word in words),
        _value_cell(sheet, line),
        text_cell(sheet, line.text if line.state == "answered" else "", wrap=False),
        text_cell(sheet, "\n".join(p.sha256 or p.url for p in proofs), wrap=False),
        text_cell(sheet, "\n".join(p.name for p in proofs), wrap=False),
    ]


def _value_cell(sheet: Any, line: ReportLine) -> Any:
    if line.type == "number" and isinstance(line.value, str):
        try:
            number = Decimal(line.value)
            return number_cell(sheet, number, places=max(0, -int(number.as_tuple().exponent)))
        except InvalidOperation:
            pass
    return text_cell(sheet, _stored_text(line.value), wrap=False)


def _stored_text(value: AnswerValue | None) -> str:
    return ", ".join(value) if isinstance(value, list) else value or ""


# -- score and open points -------------------------------------------------------------------------


def _fill_score_sheet(sheet: Any, score: Scorecard | None) -> None:
    titles = [_("ชั้น"), _("รหัส"), _("ชื่อ"), _("คะแนน"), _("คะแนนเต็ม"), _("ระดับ"), _("น้ำหนัก"), _("ที่มา"), _("เหตุผล")]
    titles += [_("ต่ำสุด"), _("สูงสุด")]
    prepare_sheet(sheet, [16, 14, 60, 12, 12, 10, 12, 14, 90, 12, 12], titles)
    if score is None:
        sheet.append([text_cell(sheet, _("ยังไม่มีเกณฑ์การให้คะแนนสำหรับแบบสำรวจนี้"))])
        return
    note = _("ค่าประมาณ: ระดับและขั้นคะแนนบางส่วนเป็นข้อสมมติของระบบ ไม่ใช่ผลทางการ") if score.estimated else ""
    total = [_("รวม"), score.scheme, _("คะแนนรวม")]
    sheet.append(
        [
            *(text_cell(sheet, t, BOLD_FONT) for t in total),
            number_cell(sheet, score.total, BOLD_FONT),
            number_cell(sheet, 100, BOLD_FONT),
            number_cell(sheet, score.level, BOLD_FONT),
            number_cell(sheet, score.known, BOLD_FONT),
            text_cell(sheet, score.levels_from),
            text_cell(sheet, note),
            number_cell(sheet, score.low),
            number_cell(sheet, score.high),
        ]
    )
    for row in score.rows:
        sheet.append(_score_row(sheet, row))
        for criterion in row.criteria:
            sheet.append(_criterion_row(sheet, criterion))


def _score_row(sheet: Any, row: ScorecardRow) -> list[Any]:
    font = BOLD_FONT if row.is_pillar else BODY_FONT
    step = _("ตัวชี้วัด") if row.is_pillar else _("ตัวชี้วัดย่อย")
    name = text_cell(sheet, row.name, font)
    name.alignment = Alignment(vertical="top", wrap_text=True, indent=row.depth)
    return [
        text_cell(sheet, step, font),
        text_cell(sheet, row.code, font),
        name,
        number_cell(sheet, row.score, font),
        number_cell(sheet, 100, font),
        number_cell(sheet, row.level, font),
        number_cell(sheet, row.weight, font),
        text_cell(sheet, row.origin),
        text_cell(sheet, _("คะแนนจากภายนอก") if row.external else ""),
        number_cell(sheet, row.low, MUTED_FONT),
        number_cell(sheet, row.high, MUTED_FONT),
    ]


def _criterion_row(sheet: Any, criterion: ScorecardCriterion) -> list[Any]:
    name = text_cell(sheet, criterion.name, MUTED_FONT)
    name.alignment = Alignment(vertical="top", wrap_text=True, indent=3)
    return [
        text_cell(sheet, _("เกณฑ์"), MUTED_FONT),
        text_cell(sheet, criterion.id, MUTED_FONT),
        name,
        number_cell(sheet, criterion.points, MUTED_FONT),
        number_cell(sheet, criterion.maximum, MUTED_FONT),
        text_cell(sheet, ""),
        text_cell(sheet, ""),
        text_cell(sheet, criterion.origin, MUTED_FONT),
        text_cell(sheet, criterion.reason, MUTED_FONT),
        number_cell(sheet, criterion.low, MUTED_FONT),
        number_cell(sheet, criterion.high, MUTED_FONT),
    ]


def _fill_open_point_sheet(sheet: Any, paper: ResponseReport) -> None:
    prepare_sheet(sheet, [14, 90, 60], [_("ข้อ"), _("รายการ"), _("เหตุผลที่ให้ไว้")])
    for point in paper.open_points:
        sheet.append([text_cell(sheet, t) for t in (point.code, point.text, point.reason)])
