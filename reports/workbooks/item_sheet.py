"""The sheet of the workbook for DGA with one row per item, for reading by machine."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from reports.content.report import ResponseReport
from reports.content.structure import ReportLine
from reports.workbooks.cells import (
    number_cell,
    prepare_sheet,
    text_cell,
)
from survey.instrument.schema import AnswerValue


def fill_item_sheet(sheet: Any, report: ResponseReport) -> None:
    """Fills the sheet with one row per item of the form; its columns are named for programs."""
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
    for line in report.content.walk():
        if line.kind not in ("row", "heading"):
            sheet.append(_item_row(sheet, line))


def _item_row(sheet: Any, line: ReportLine) -> list[Any]:
    evidence = line.evidence
    texts = [line.item, line.address, line.code, line.label, line.type or line.kind, line.state]
    return [
        *(text_cell(sheet, text, wrap=False) for text in texts),
        _value_cell(sheet, line),
        text_cell(sheet, line.text if line.state == "answered" else "", wrap=False),
        text_cell(sheet, "\n".join(item.sha256 or item.url for item in evidence), wrap=False),
        text_cell(sheet, "\n".join(item.name for item in evidence), wrap=False),
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
