"""The security log as a page and as a file, of a province (code given) or of all places."""

from __future__ import annotations

import csv
import io

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.links import scope_url
from accounts.models import Province
from accounts.roles import Capability
from accounts.second_factor.gate import asks_second_factor_again
from accounts.security_log.actions import record_file
from accounts.security_log.forms import LogFilterForm
from accounts.security_log.queries import SHOWN_DAYS, list_security_events
from accounts.security_log.rows import COLUMNS, export_rows, plain_value
from accounts.security_log.words import event_details
from accounts.views.common import paginate
from accounts.views.people import get_scope
from dgready.sheets.formulas import csv_text
from dgready.sheets.names import XLSX

MOST_EXPORTED = 10_000  # rows of a file made while one waits; `manage.py accounts log` writes all


@require_safe
@allow(Capability.USERS_MANAGE)
def security_log(request: SignedInRequest, code: str | None = None) -> HttpResponse:
    """The log, the newest first, filtered and paged."""
    province = get_scope(request, code)
    form = LogFilterForm(request.GET)
    page = paginate(request, list_security_events(province, form.wanted()))
    context = {
        "province": province,
        "filter": form,
        "page": page,
        "rows": [(event, event_details(event)) for event in page],
        "days": SHOWN_DAYS,
        "kept": settings.LOG_ADDRESS_DAYS,
        "most": MOST_EXPORTED,
        "query": request.GET.urlencode(),
        "back": scope_url("people", province),
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/security_log/log.html", context, status=status)


@require_safe
@allow(Capability.USERS_MANAGE)
@asks_second_factor_again
def export(request: SignedInRequest, kind: str, code: str | None = None) -> HttpResponseBase:
    """What the page shows, all pages of it, as CSV or Excel; recorded itself."""
    province = get_scope(request, code)
    if kind not in ("csv", "xlsx"):
        raise Http404
    form = LogFilterForm(request.GET)
    wanted = form.wanted()
    if form.errors:
        return security_log(request, **({"code": code} if code else {}))
    record_file(request=request, by=request.user, verb="export_log", what="security_log", province=province)
    table = [list(row.values()) for row in export_rows(list_security_events(province, wanted), MOST_EXPORTED)]
    if kind == "csv":
        response = HttpResponse(_csv(table), content_type="text/csv; charset=utf-8")
    else:
        from survey.journal.views.workbook import journal_workbook  # loads the library that writes workbooks

        response = HttpResponse(journal_workbook(COLUMNS, table), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{_file_name(province)}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _csv(table: list[list[object]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([str(label) for _key, label, _width in COLUMNS])
    writer.writerows([csv_text(plain_value(value)) for value in row] for row in table)
    return out.getvalue().encode("utf-8-sig")


def _file_name(province: Province | None) -> str:
    return f"security-log-{province.code if province else 'all'}-{timezone.localtime():%Y%m%d-%H%M}"
