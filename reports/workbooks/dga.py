"""The workbook for DGA: one sheet per pillar, one of all items, the evidence, the score, the open points."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook

from reports.content.as_on_paper import content_on_paper
from reports.content.report import ResponseReport
from reports.workbooks.answer_sheet import fill_answer_sheet
from reports.workbooks.cells import (
    add_filter,
    append_row,
    prepare_sheet,
    text_cell,
)
from reports.workbooks.evidence_sheet import fill_evidence_sheet
from reports.workbooks.info_sheet import fill_info_sheet
from reports.workbooks.item_sheet import fill_item_sheet
from reports.workbooks.page_setup import limit_pages
from reports.workbooks.score_sheet import fill_score_sheet
from reports.workbooks.sheet_titles import unique_sheet_title

ProgressCallback = Callable[[int, int], None]


def write_dga_workbook(
    report: ResponseReport, path: Path, progress: ProgressCallback = lambda done, total: None
) -> None:
    """Writes the workbook to `path`."""
    report = replace(report, content=content_on_paper(report.content))
    book = Workbook(write_only=True)
    book.properties.creator = "dgready"
    with translation.override(report.language):
        book.properties.title = f"{report.content.title} {report.province}"
        sheets = list(_sheet_writers(report))
        for number, (title, fill) in enumerate(sheets):
            sheet = book.create_sheet(unique_sheet_title(title, book.sheetnames))
            fill(sheet)
            if sheet.freeze_panes:
                add_filter(sheet, len(sheet.column_dimensions))
            limit_pages(sheet)
            progress(10 + 70 * (number + 1) // len(sheets), 100)
    book.save(path)
    progress(90, 100)


def _sheet_writers(report: ResponseReport) -> Iterator[tuple[str, Callable[[Any], None]]]:
    """Title and writer of each sheet, in order."""
    yield _("ข้อมูล"), partial(fill_info_sheet, report=report)
    cover_sections = [section for section in report.content.sections if not section.pillar_number]
    if cover_sections:
        yield cover_sections[0].title, partial(fill_answer_sheet, sections=cover_sections)
    for number, name in report.content.pillars.items():
        sections = [section for section in report.content.sections if section.pillar_number == number]
        yield f"{number} {name}", partial(fill_answer_sheet, sections=sections)
    yield _("ทุกรายการ"), partial(fill_item_sheet, report=report)
    yield _("หลักฐาน"), partial(fill_evidence_sheet, report=report)
    yield _("คะแนน"), partial(fill_score_sheet, score=report.score)
    yield _("รายการค้าง"), partial(_fill_open_point_sheet, report=report)


def _fill_open_point_sheet(sheet: Any, report: ResponseReport) -> None:
    prepare_sheet(sheet, [14, 160, 90], [_("ข้อ"), _("รายการ"), _("เหตุผลที่ให้ไว้")])
    for point in report.open_points:
        append_row(sheet, [text_cell(sheet, t) for t in (point.code, point.text, point.reason)])
