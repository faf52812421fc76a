"""Comparing: years, average, best, region, group, agencies; and bringing official results in."""

from __future__ import annotations

import csv
import io
from zipfile import BadZipFile

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from scoring import comparing, queries, registry, versions
from scoring.actions import results
from scoring.forms_results import ResultsForm
from scoring.queries import YearResults
from scoring.words import wording
from survey.access import get_response, may

C = Capability
MOST_ROWS = 5000


@require_safe
@allow(C.RESPONSE_READ)
def years(request: SignedInRequest, pk: int) -> HttpResponse:
    """This year's estimate beside published years, others, and the agencies' own answers."""
    response = get_response(request.user, pk, C.RESPONSE_READ)
    if not response.is_provincial:
        raise Http404
    try:
        found = queries.scored(response)
    except registry.MissingScheme:
        return render(request, "scoring/no_scheme.html", {"response": response})
    past = comparing.published(response)
    year, region, group = comparing.around(response, past)
    agencies = comparing.contributions(response)
    columns = [(y, who) for y in past for who in ("province", "average", "rank-1") if y.has(who)]
    context = {
        "response": response,
        "sheet": found.sheet,
        "span": found.spread.total,
        "columns": [(y.year, _who(who)) for y, who in columns],
        "totals": [_total(y, who) for y, who in columns],
        "rows": [
            (f"{p.number} {wording(p.name)}", p, [y.score(who, "pillar", p.number) for y, who in columns])
            for p in found.sheet.pillars
        ],
        "notes": [(y.year, [wording(t) for t in comparing.changes_since(found.scheme, y.year)]) for y in past],
        "around_year": year,
        "region": region,
        "group": group,
        "agencies": agencies,
        "agency_rows": [
            (f"{s.code} {wording(s.name)}", s.score, [a.subs.get(s.code) for a in agencies])
            for s in found.sheet.sub_pillars
            if not s.external
        ],
        "misses": [(m, wording(m.name)) for m in comparing.misses(found, versions.official_of(response))],
        "may_fit": may(request.user, response, C.INSTRUMENTS_MANAGE),
        "may_import": request.user.has(C.OFFICIAL_RESULT_EDIT, province_id=response.round.province_id),
    }
    return render(request, "scoring/years.html", context)


def _who(subject: str) -> str:
    return {"province": _("จังหวัดนี้"), "average": _("เฉลี่ย"), "rank-1": _("อันดับ 1")}[subject]


def _total(year: YearResults, subject: str) -> object:
    found = year.total(subject)
    return found.score if found else None


@require_http_methods(["GET", "POST"])
@allow(C.OFFICIAL_RESULT_EDIT)
def results_import(request: SignedInRequest) -> HttpResponse:
    """Official results and averages from CSV or Excel: looked through first, stored when asked."""
    form = ResultsForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"form": form}
    if form.is_bound and form.is_valid():
        user, stored = request.user, form.cleaned_data["store"]

        def may(province: int | None) -> bool:
            # Figures of all provinces (average, best) are for those who hold it everywhere.
            return user.has(C.OFFICIAL_RESULT_EDIT, province_id=province) if province else _central(request)

        try:
            text = _text(form.cleaned_data["file"])
            context["outcome"] = results.load(text=text, may=may, store=stored)
        except results.Rejected as rejected:
            context["faults"] = rejected.faults[:200]
        except (UnicodeDecodeError, ValueError, BadZipFile, InvalidFileException, KeyError):
            context["faults"] = [_("อ่านไฟล์ไม่ได้ ใช้ CSV (UTF-8) หรือ Excel (.xlsx) ตามแบบ")]
        else:
            if stored:
                messages.success(request, _("นำผลที่ประกาศเข้าแล้ว"))
                return redirect("scoring:results-import")
            context["dry"] = True
    bad = bool(form.errors or context.get("faults"))
    return render(request, "scoring/results_import.html", context, status=422 if bad else 200)


def _central(request: SignedInRequest) -> bool:
    return any(g.province_id is None and C.OFFICIAL_RESULT_EDIT in g.capabilities for g in request.user.grants)


def _text(file: object) -> str:
    """The table as CSV text; of a workbook its first sheet."""
    data: bytes = file.read()  # type: ignore[attr-defined]  # an uploaded file
    if not data.startswith(b"PK"):
        return data.decode("utf-8-sig")
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    out = io.StringIO()
    writer = csv.writer(out)
    for number, row in enumerate(book.worksheets[0].iter_rows(values_only=True)):
        if number > MOST_ROWS:
            raise ValueError("too many rows")
        writer.writerow(["" if cell is None else str(cell) for cell in row])
    return out.getvalue()
