"""The long sheet of the workbook for DGA: one row per item, to be filtered or read by a program."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.content.report import ResponseReport
from reports.content.structure import ReportLine
from reports.workbooks.cells import (
    append_row,
    number_cell,
    prepare_sheet,
    text_cell,
)
from survey.instrument.schema import AnswerValue

KIND_NAMES: Final = {
    "single": gettext_lazy("เลือก 1 ข้อ"),
    "multi": gettext_lazy("เลือกได้หลายข้อ"),
    "text": gettext_lazy("ข้อความ"),
    "number": gettext_lazy("ตัวเลข"),
    "url": gettext_lazy("ที่อยู่เว็บ"),
    "month_year": gettext_lazy("เดือนและปี"),
    "table": gettext_lazy("ตาราง"),
    "repeat": gettext_lazy("รายการที่เพิ่มได้"),
    "group": gettext_lazy("หัวข้อ"),
    "entry": gettext_lazy("รายการ"),
}
STATE_NAMES: Final = {
    "answered": gettext_lazy("ตอบแล้ว"),
    "unanswered": gettext_lazy("ยังไม่ตอบ"),
    "off": gettext_lazy("ข้ามตามเงื่อนไข"),
    "closed": gettext_lazy("ไม่ต้องตอบ"),
    "heading": gettext_lazy("หัวข้อ"),
}
VALUE_COLUMN: Final = 6
ITEM_WIDTHS: Final = (20, 36, 10, 100, 15, 15, 20, 78, 67, 44)


def fill_item_sheet(sheet: Any, report: ResponseReport) -> None:
    """Fills the sheet with one row per item of the form, a cell of a table named by its row and column."""
    prepare_sheet(sheet, ITEM_WIDTHS, item_titles())
    for label, line in _report_lines(report):
        append_row(sheet, _item_row(sheet, line, label))


def item_titles() -> list[str]:
    """The titles of the columns, in the language that is on."""
    return [
        _("รหัสรายการ"), _("ที่อยู่ของคำตอบ"), _("รหัส"), _("คำถาม"), _("ชนิด"), _("สถานะ"), _("ค่าที่เก็บ"), _("คำตอบ"),
        _("ค่าตรวจสอบของหลักฐาน (SHA-256)"), _("หลักฐาน"),
    ]  # fmt: skip


def item_texts(report: ResponseReport) -> Iterator[list[str]]:
    """The rows as plain texts, in the language that is on."""
    for label, line in _report_lines(report):
        yield _item_texts(line, label)


def _report_lines(report: ResponseReport) -> Iterator[tuple[str, ReportLine]]:
    for section in report.content.sections:
        for line in section.lines:
            yield from _named_lines(line, "")


def _named_lines(line: ReportLine, row: str) -> Iterator[tuple[str, ReportLine]]:
    """A line and all below it, less rows and headings, each with its label; `row`: of the table row around it."""
    if line.kind not in ("row", "heading"):
        label = line.label if line.kind != "cell" or row in ("", line.label) else f"{row} – {line.label}"
        yield label, line
    inner = line.label if line.kind == "row" else ""
    for child in line.children:
        yield from _named_lines(child, inner)


def _item_texts(line: ReportLine, label: str) -> list[str]:
    kind = line.type or line.kind
    return [
        line.item,
        line.address,
        line.code,
        label,
        str(KIND_NAMES.get(kind, kind)),
        str(STATE_NAMES.get(line.state, line.state)),
        _stored_text(line.value),
        line.text if line.state == "answered" else "",
        "\n".join(item.sha256 or item.url for item in line.evidence),
        "\n".join(item.name for item in line.evidence),
    ]


def _item_row(sheet: Any, line: ReportLine, label: str) -> list[Any]:
    cells = [text_cell(sheet, text) for text in _item_texts(line, label)]
    cells[VALUE_COLUMN] = _value_cell(sheet, line)
    return cells


def _value_cell(sheet: Any, line: ReportLine) -> Any:
    if line.type == "number" and isinstance(line.value, str):
        try:
            number = Decimal(line.value)
            return number_cell(sheet, number, places=max(0, -int(number.as_tuple().exponent)))
        except InvalidOperation:
            pass
    return text_cell(sheet, _stored_text(line.value))


def _stored_text(value: AnswerValue | None) -> str:
    return ", ".join(value) if isinstance(value, list) else value or ""
