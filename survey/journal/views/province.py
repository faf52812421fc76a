"""The journal of a province: to read, to narrow down, and to take along as CSV or Excel."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from openpyxl import Workbook

from accounts.access import SignedInRequest, allow, get_province
from accounts.models import Province
from accounts.roles import Capability
from accounts.views.common import paginate
from dgready.language import reader_language
from dgready.typed.characters import clean_line
from dgready.typed.dates import read_date
from dgready.typed.result import Understood
from reports.workbooks.cells import FORMULA_PREFIXES, number_cell, prepare_sheet, text_cell
from survey.instrument.queries import compiled_instrument
from survey.journal import province_journal as log
from survey.journal.event_texts import item_title, verb_label
from survey.models import Round

PER_PAGE = 40
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
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


def _get_round(request: SignedInRequest, code: str) -> tuple[Province, Round | None, list[int]]:
    """The province, the round asked for (else the newest), and the years there are."""
    province = get_province(request.user, code, Capability.JOURNAL_READ)
    years = list(Round.objects.filter(province=province).order_by("-year").values_list("year", flat=True))
    wanted = request.GET.get("year", "")
    year = int(wanted) if wanted.isdecimal() and len(wanted) < 6 and int(wanted) in years else next(iter(years), None)
    rows = Round.objects.select_related("instrument").defer("instrument__source")
    found = rows.filter(province=province, year=year).first() if year else None
    if found:
        found.province = province
    return province, found, years


def _requested_filter(request: SignedInRequest) -> log.JournalFilter:
    person = request.GET.get("person", "")
    return log.JournalFilter(
        person=int(person) if person.isdecimal() and len(person) < 12 else None,
        question=_query_text(request, "question"),
        verb=_query_text(request, "verb"),
        since=_parse_day(request.GET.get("since", "")),
        until=_parse_day(request.GET.get("until", "")),
    )


def _query_text(request: SignedInRequest, name: str) -> str:
    """What is asked for by name; no database takes a NUL."""
    return clean_line(request.GET.get(name, ""))[:60]


def _parse_day(text: str) -> date | None:
    result = read_date(text, near=timezone.localdate())
    return result.value if isinstance(result, Understood) else None


@require_safe
@allow(Capability.JOURNAL_READ)
def journal(request: SignedInRequest, code: str) -> HttpResponse:
    """Everything that happened to the province's answers in a year, newest first."""
    province, round_, years = _get_round(request, code)
    context: dict[str, Any] = {"province": province, "round": round_, "years": years}
    if round_ is not None:
        asked = _requested_filter(request)
        page = paginate(request, log.filter_events(round_, asked), PER_PAGE)
        context |= {
            "asked": asked,
            "page": page,
            "lines": log.describe_events(round_, page, reader_language()),
            "people": log.event_authors(round_),
            "verbs": sorted(((v, verb_label(v)) for v in log.event_verbs(round_)), key=lambda pair: pair[1]),
            "groups": _question_choices(round_),
            "query": urlencode({k: v for k, v in request.GET.items() if k != "page" and v}),
        }
    return render(request, "survey/journal/province.html", context)


def _question_choices(round_: Round) -> list[dict[str, Any]]:
    instrument = compiled_instrument(round_.instrument)
    language = reader_language()
    return [
        {
            "title": f"{section.sub_pillar or ''} {section.title.to(language)}".strip(),
            "choices": [(q.id, item_title(q, language)) for q in instrument.questions_of(section.id)],
        }
        for section in instrument.sections
    ]


@require_safe
@allow(Capability.JOURNAL_READ)
def export(request: SignedInRequest, code: str, kind: str) -> HttpResponseBase:
    """The same selection as a file, oldest first; text that looks like a formula stays text."""
    province, round_, _years = _get_round(request, code)
    if round_ is None:
        raise Http404
    found = log.iterate_entries(round_, log.filter_events(round_, _requested_filter(request)), reader_language())
    answer: HttpResponseBase
    if kind == "csv":
        answer = StreamingHttpResponse(_csv_lines(found), content_type="text/csv; charset=utf-8")
    else:
        answer = HttpResponse(_xlsx_bytes(found), content_type=XLSX)
    stamp = timezone.localtime().strftime("%Y%m%d-%H%M")
    name = f"journal-{province.code}-{round_.year}-{stamp}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


class _EchoWriter:
    """What the csv module writes to: gives each line back."""

    def write(self, text: str) -> str:
        """The line itself."""
        return text


def _csv_lines(found: Iterator[log.ProvinceJournalEntry]) -> Iterator[str]:
    writer = csv.writer(_EchoWriter())
    yield "\ufeff" + writer.writerow([str(label) for _key, label, _width in COLUMNS])
    for line in found:
        row = log.export_row(line)
        yield writer.writerow([_csv_text(row[key]) for key, _label, _width in COLUMNS])


def _csv_text(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = value.isoformat(sep=" ", timespec="seconds") if hasattr(value, "isoformat") else str(value)
    return f"'{text}" if text.startswith(FORMULA_PREFIXES) else text


def _xlsx_bytes(found: Iterator[log.ProvinceJournalEntry]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("บันทึกเหตุการณ์"))
    prepare_sheet(sheet, [width for _key, _label, width in COLUMNS], [str(label) for _key, label, _width in COLUMNS])
    for line in found:
        row = log.export_row(line)
        sheet.append([_xlsx_cell(sheet, row[key]) for key, _label, _width in COLUMNS])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _xlsx_cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, int):
        return number_cell(sheet, value)
    if hasattr(value, "isoformat"):
        return text_cell(sheet, value.isoformat(sep=" ", timespec="seconds"))
    return text_cell(sheet, str(value))
