"""Export of a province's journal as CSV or Excel."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from openpyxl import Workbook

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import reader_language
from dgready.sheets.writing import XLSX
from reports.workbooks.cells import (
    FORMULA_PREFIXES,
    add_filter,
    append_row,
    date_cell,
    number_cell,
    prepare_sheet,
    text_cell,
)
from survey.journal.province_journal import (
    ProvinceJournalEntry,
    export_row,
    filter_events,
    iterate_entries,
    read_filter,
)
from survey.journal.views.province import get_round_of_request

COLUMNS: tuple[tuple[str, str | Promise, float], ...] = (
    ("at", gettext_lazy("เวลา"), 20),
    ("by", gettext_lazy("ผู้ทำ"), 24),
    ("email", gettext_lazy("อีเมล"), 28),
    ("whose", gettext_lazy("คำตอบของ"), 28),
    ("what", gettext_lazy("เหตุการณ์"), 26),
    ("question", gettext_lazy("ข้อ"), 10),
    ("text", gettext_lazy("รายละเอียด"), 60),
    ("verb", gettext_lazy("รหัสเหตุการณ์"), 18),
    ("response", gettext_lazy("ชุดคำตอบ"), 10),
    ("seq", gettext_lazy("ลำดับ"), 8),
    ("hash", "SHA-256", 68),
)


@require_safe
@allow(Capability.JOURNAL_READ)
def export(request: SignedInRequest, code: str, kind: str) -> HttpResponseBase:
    """The filtered journal as a CSV or Excel file, oldest first; text that looks like a formula stays text."""
    province, round_, _years = get_round_of_request(request, code)
    if round_ is None:
        raise Http404
    entries = iterate_entries(round_, filter_events(round_, read_filter(request.GET)), reader_language())
    response: HttpResponseBase
    if kind == "csv":
        response = StreamingHttpResponse(_csv_lines(entries), content_type="text/csv; charset=utf-8")
    else:
        response = HttpResponse(_xlsx_bytes(entries), content_type=XLSX)
    timestamp = timezone.localtime().strftime("%Y%m%d-%H%M")
    filename = f"journal-{province.code}-{round_.year}-{timestamp}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Cache-Control"] = "private, no-store"
    return response


class _EchoWriter:
    """File-like object for the csv module that returns each line instead of storing it."""

    def write(self, text: str) -> str:
        """Return the line."""
        return text


def _csv_lines(entries: Iterator[ProvinceJournalEntry]) -> Iterator[str]:
    writer = csv.writer(_EchoWriter())
    yield "\ufeff" + writer.writerow([str(label) for _key, label, _width in COLUMNS])
    for entry in entries:
        row = export_row(entry)
        yield writer.writerow([_csv_text(row[key]) for key, _label, _width in COLUMNS])


def _csv_text(value: Any) -> str:
    """A CSV field that no spreadsheet reads as a formula."""
    text = value.isoformat(sep=" ", timespec="seconds") if hasattr(value, "isoformat") else str(value)
    return f"'{text}" if text.startswith(FORMULA_PREFIXES) else text


def _xlsx_bytes(entries: Iterator[ProvinceJournalEntry]) -> bytes:
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(_("บันทึกเหตุการณ์"))
    prepare_sheet(sheet, [width for _key, _label, width in COLUMNS], [str(label) for _key, label, _width in COLUMNS])
    for entry in entries:
        row = export_row(entry)
        append_row(sheet, [_xlsx_cell(sheet, row[key]) for key, _label, _width in COLUMNS])
    add_filter(sheet, len(COLUMNS))
    buffer = BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _xlsx_cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, int):
        return number_cell(sheet, value)
    if isinstance(value, datetime):
        return date_cell(sheet, timezone.localtime(value) if timezone.is_aware(value) else value)
    return text_cell(sheet, str(value))
