"""The table of the desk as a workbook."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from openpyxl import Workbook

from nation.desk.rows import DeskRow
from nation.desk.texts import reason_text, state_labels
from reports.workbooks.cells import add_filter, append_row, date_cell, number_cell, prepare_sheet, text_cell
from scoring.scheme.marked import origin_of
from scoring.scheme.wording import ORIGIN_NAMES

COLUMNS: Final[tuple[tuple[str | Promise, float], ...]] = (
    (gettext_lazy("รหัส"), 8),
    (gettext_lazy("จังหวัด"), 22),
    (gettext_lazy("ภาค"), 22),
    (gettext_lazy("กลุ่ม KPI"), 10),
    (pgettext_lazy("state", "สถานะ"), 26),
    (gettext_lazy("อยู่ในสถานะมา (วัน)"), 14),
    (gettext_lazy("ช่องที่ต้องตอบ"), 12),
    (gettext_lazy("ตอบแล้ว"), 10),
    (gettext_lazy("ความคืบหน้า (%)"), 14),
    (gettext_lazy("แห่งที่ต้องมีหลักฐาน"), 14),
    (gettext_lazy("มีหลักฐาน"), 12),
    (gettext_lazy("รายการค้าง"), 12),
    (gettext_lazy("ปิดรับ"), 14),
    (gettext_lazy("เหลือเวลา (วัน)"), 12),
    (gettext_lazy("คะแนนประมาณ"), 12),
    (gettext_lazy("ช่วง 90% ต่ำสุด"), 12),
    (gettext_lazy("ช่วง 90% สูงสุด"), 12),
    (gettext_lazy("ระดับประมาณ"), 12),
    (gettext_lazy("นับเมื่อ"), 20),
    (gettext_lazy("คำตอบเปลี่ยนหลังนับ"), 14),
    (gettext_lazy("ผลที่ประกาศ"), 12),
    (gettext_lazy("ระดับที่ประกาศ"), 12),
    (gettext_lazy("ที่มาของผล"), 18),
    (gettext_lazy("ข้อที่ต้องดู"), 50),
    (gettext_lazy("อันดับ"), 10),
)


def desk_workbook(rows: list[DeskRow], year: int, *, with_rank: bool) -> bytes:
    """One sheet, a row for each province; the rank as its last column where it is asked for."""
    columns = COLUMNS if with_rank else COLUMNS[:-1]
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(_("ทุกจังหวัด %(year)s") % {"year": year})
    prepare_sheet(sheet, [width for _label, width in columns], [str(label) for label, _width in columns])
    labels = state_labels()
    for row in rows:
        cells = [*_standing_cells(sheet, row, labels), *_score_cells(sheet, row)]
        if with_rank:
            cells.append(number_cell(sheet, row.official.rank if row.official else None))
        append_row(sheet, cells)
    add_filter(sheet, len(columns))
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _standing_cells(sheet: Any, row: DeskRow, labels: dict[str, str]) -> list[Any]:
    """Province, state, and how far its answer is."""
    province, round_, counted = row.province, row.round, row.counted
    numbers = (
        (counted.asked, counted.answered, counted.progress, counted.places, counted.proven, counted.open_points)
        if counted
        else (None,) * 6
    )
    return [
        *(text_cell(sheet, text) for text in (province.code, province.name, province.region_label)),
        number_cell(sheet, province.kpi_group),
        text_cell(sheet, labels[row.state]),
        number_cell(sheet, round_.days_in_state if round_ else None),
        *(number_cell(sheet, number) for number in numbers),
        date_cell(sheet, round_.closes_on if round_ else None),
        number_cell(sheet, max(round_.days_left, 0) if round_ else None),
    ]


def _score_cells(sheet: Any, row: DeskRow) -> list[Any]:
    """The estimate, the published total, and what needs attention."""
    counted, official = row.counted, row.official
    estimate = (counted.total, counted.low, counted.high, counted.level) if counted else (None,) * 4
    counted_at = timezone.localtime(counted.counted_at) if counted else None
    origin = str(ORIGIN_NAMES.get(origin_of(official.score), "")) if official else ""
    return [
        *(number_cell(sheet, number) for number in estimate),
        date_cell(sheet, counted_at),
        text_cell(sheet, _("ใช่") if counted and counted.is_outdated else ""),
        number_cell(sheet, official.score if official else None),
        number_cell(sheet, official.level if official else None),
        text_cell(sheet, origin),
        text_cell(sheet, " · ".join(reason_text(concern) for concern in row.concerns)),
    ]
