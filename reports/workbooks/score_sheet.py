"""The score sheet of the workbook for DGA: total, pillars, sub-pillars, criteria."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from openpyxl.styles import Alignment

from reports.content.scorecard import Scorecard, ScorecardCriterion, ScorecardRow
from reports.workbooks.cells import (
    BODY_FONT,
    BOLD_FONT,
    MUTED_FONT,
    append_row,
    number_cell,
    prepare_sheet,
    text_cell,
)
from scoring.scheme.wording import origin_mark


def fill_score_sheet(sheet: Any, score: Scorecard | None) -> None:
    """Fills the sheet, or says that the year has no scoring scheme."""
    titles = [_("ชั้น"), _("รหัส"), _("ชื่อ"), _("คะแนน"), _("คะแนนเต็ม"), _("ระดับ"), _("น้ำหนัก"), _("ที่มา"), _("เหตุผล")]
    titles += [_("ต่ำสุด"), _("สูงสุด")]
    prepare_sheet(sheet, [14, 12, 70, 10, 10, 10, 10, 14, 130, 10, 10], titles)
    if score is None:
        append_row(sheet, [text_cell(sheet, _("ยังไม่มีเกณฑ์การให้คะแนนสำหรับแบบสำรวจนี้"))])
        return
    note = _("ค่าประมาณ: ระดับและขั้นคะแนนบางส่วนเป็นข้อสมมติของระบบ ไม่ใช่ผลทางการ") if score.estimated else ""
    total = [_("รวม"), score.scheme, _("คะแนนรวม")]
    append_row(
        sheet,
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
        ],
    )
    for row in score.rows:
        append_row(sheet, _score_row(sheet, row))
        for criterion in row.criteria:
            append_row(sheet, _criterion_row(sheet, criterion))


def _score_row(sheet: Any, row: ScorecardRow) -> list[Any]:
    font = BOLD_FONT if row.is_pillar else BODY_FONT
    level_name = _("ตัวชี้วัด") if row.is_pillar else _("ตัวชี้วัดย่อย")
    name = text_cell(sheet, row.name, font)
    name.alignment = Alignment(vertical="top", wrap_text=True, indent=row.depth)
    return [
        text_cell(sheet, level_name, font),
        text_cell(sheet, row.code, font),
        name,
        number_cell(sheet, row.score, font),
        number_cell(sheet, 100, font),
        number_cell(sheet, row.level, font),
        number_cell(sheet, row.weight, font),
        text_cell(sheet, row.origin),
        text_cell(sheet, f"{_('คะแนนจากภายนอก')} {origin_mark(row.score)}".rstrip() if row.external else ""),
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
