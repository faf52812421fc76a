"""The journal of a province as a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from openpyxl import Workbook

from reports.workbooks.cells import add_filter, append_row, date_cell, number_cell, prepare_sheet, text_cell


def journal_workbook(columns: Sequence[tuple[str, str | Promise, float]], rows: Iterable[Sequence[Any]]) -> bytes:
    """One sheet; `columns`: key, heading and width (in characters) of each value of a row."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(_("บันทึกเหตุการณ์"))
    prepare_sheet(sheet, [width for _key, _label, width in columns], [str(label) for _key, label, _width in columns])
    for row in rows:
        append_row(sheet, [_cell(sheet, value) for value in row])
    add_filter(sheet, len(columns))
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, int):
        return number_cell(sheet, value)
    if isinstance(value, datetime):
        return date_cell(sheet, timezone.localtime(value) if timezone.is_aware(value) else value)
    return text_cell(sheet, str(value))
