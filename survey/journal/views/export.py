"""Export of a province's journal as CSV or Excel."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from accounts.second_factor.gate import asks_second_factor_again
from accounts.security_log.actions import record_file
from dgready.language import reader_language
from dgready.sheets.formulas import csv_text
from dgready.sheets.names import XLSX
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
@asks_second_factor_again
def export(request: SignedInRequest, code: str, kind: str) -> HttpResponseBase:
    """The filtered journal as a CSV or Excel file, oldest first; text that looks like a formula stays text."""
    province, round_, _years = get_round_of_request(request, code)
    if round_ is None:
        raise Http404
    record_file(request=request, by=request.user, verb="export_file", what="journal", province=province)
    entries = iterate_entries(round_, filter_events(round_, read_filter(request.GET)), reader_language())
    response: HttpResponseBase
    if kind == "csv":
        response = StreamingHttpResponse(_csv_lines(entries), content_type="text/csv; charset=utf-8")
    else:
        from survey.journal.views.workbook import journal_workbook  # loads the library that writes workbooks

        rows = ([row[key] for key, _label, _width in COLUMNS] for row in map(export_row, entries))
        response = HttpResponse(journal_workbook(COLUMNS, rows), content_type=XLSX)
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
        yield writer.writerow([_csv_field(row[key]) for key, _label, _width in COLUMNS])


def _csv_field(value: Any) -> str:
    return csv_text(value.isoformat(sep=" ", timespec="seconds") if hasattr(value, "isoformat") else str(value))
