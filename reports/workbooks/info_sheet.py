"""The first sheet of the workbook for DGA: the response as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.respondents import chief_title, kind_of_code, kind_word
from dgready.thai import format_date
from reports.content.report import ResponseReport
from reports.workbooks.cells import (
    BOLD_FONT,
    TITLE_FONT,
    append_row,
    date_cell,
    prepare_sheet,
    text_cell,
)


def fill_info_sheet(sheet: Any, report: ResponseReport) -> None:
    """Fills the sheet: province, year, instrument, period, state, approval, progress."""
    prepare_sheet(sheet, [34, 90])
    append_row(sheet, [text_cell(sheet, report.content.title, TITLE_FONT, wrap=False)])
    for label, value in _info_rows(report):
        shown = date_cell(sheet, value) if isinstance(value, datetime) else text_cell(sheet, value)
        append_row(sheet, [text_cell(sheet, label, BOLD_FONT), shown])


def _info_rows(report: ResponseReport) -> Iterator[tuple[str, str | datetime]]:
    kind = kind_of_code(report.province_code)
    yield kind_word(kind), f"{report.province} ({report.province_code})"
    if report.agency:
        yield _("หน่วยงาน"), report.agency
    yield _("ปี พ.ศ."), str(report.year)
    yield _("แบบสำรวจ"), report.instrument
    yield _("ค่าตรวจสอบของแบบสำรวจ (SHA-256)"), report.checksum
    for window in report.windows:
        first, last = (format_date(day, report.language) for day in (window.first, window.last))
        codes = f" {_('ข้อ')} {', '.join(window.codes)}" if window.codes else ""
        yield _("ช่วงเวลาของหลักฐาน") + codes, f"{first} – {last}"
    yield _("สถานะ"), report.state if report.approval else f"{_('ฉบับร่าง ยังไม่อนุมัติ')} · {report.state}"
    if report.approval:
        yield _("ฉบับที่"), str(report.approval.number)
        order = report.approval.order
        words = {"chief": chief_title(kind), "document": order}
        delegation = _("อนุมัติแทน%(chief)s ตามคำสั่งเลขที่ %(document)s") % words if order else ""
        yield _("ผู้อนุมัติ"), " · ".join(filter(None, (report.approval.by, delegation)))
        yield _("อนุมัติเมื่อ"), timezone.localtime(report.approval.at)
    yield _("ค่าตรวจสอบของฉบับที่อนุมัติ (SHA-256)"), report.approval.sha256 if report.approval else "–"
    progress = report.progress
    yield _("คำตอบที่บังคับ"), _("ตอบแล้ว %(n)s จาก %(total)s ช่อง") % {"n": progress.answered, "total": progress.total}
    yield _("หลักฐานที่แนบ (รายการ)"), str(report.files)
    yield _("จุดที่ยังขาดหลักฐาน"), str(progress.missing_evidence)
    yield _("พิมพ์เมื่อ"), timezone.localtime(report.printed_at)
