"""Views that import published results and national figures: a template, a look at the file first, storing, undoing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, allow
from accounts.actions.log import RefusedError
from accounts.models import Province
from accounts.roles import Capability
from dgready.language import localize_text, reader_language
from dgready.lazy_values import LazyValues
from dgready.posting import post_only
from dgready.previews import sign_preview, unsign_preview
from dgready.sheets.names import XLSX
from nation.replies.queries import list_contested_years
from scoring.results.actions import undoing
from scoring.results.actions.cells import TableRejected
from scoring.results.actions.files import import_table
from scoring.results.actions.tables import ImportOutcome, PreviewOutdated
from scoring.results.forms import ResultImportForm
from scoring.results.import_queries import (
    find_import,
    is_central,
    list_latest_imports,
    list_own_provinces,
    list_template_years,
    may_write_figures,
)
from scoring.results.published_table import PublishedTable
from scoring.results.table_files import read_table_file
from scoring.results.views.import_preview import describe_outcome
from scoring.scheme import registry
from scoring.scheme.queries import get_scheme_of_year

SALT = "scoring.results-import"
MAX_SIGNED = 100_000  # characters of a checked file in the page: some ten thousand figures
UNREADABLE_FILE_ERRORS = (ValueError, KeyError, OSError)


@require_http_methods(["GET", "POST"])
@allow(Capability.OFFICIAL_RESULT_EDIT)
def results_import(request: SignedInRequest) -> HttpResponse:
    """Checks a file and shows its faults, or what storing it would change. Writes nothing."""
    form = ResultImportForm(request.POST or None, request.FILES or None)
    found: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        try:
            found = _check_file(request, form.cleaned_data["file"])
        except TableRejected as rejected:
            found = {"faults": rejected.faults}
        except UNREADABLE_FILE_ERRORS:
            found = {"faults": [_("อ่านไฟล์ไม่ได้ ใช้ CSV หรือ Excel (.xlsx) ตามแบบ")]}
    status = 422 if form.errors or found.get("faults") else 200
    return _import_page(request, form, status, **found)


def _import_page(request: SignedInRequest, form: ResultImportForm, status: int, **found: Any) -> HttpResponse:
    central = is_central(request.user)
    # A form that nobody has filled in is the same for all.
    card = LazyValues(None if form.is_bound else "empty", lambda: {"form": form})
    context = {"card": card, "central": central, "years": list_template_years()}
    context["latest"] = list_latest_imports(request.user)
    return render(request, "scoring/results/import.html", {**context, **found}, status=status)


def _check_file(request: SignedInRequest, file: UploadedFile) -> dict[str, Any]:
    """What the page shows of a file that can be stored, and the file itself, signed. Raises TableRejected."""
    table, name = read_table_file(file), str(file.name)[:200]
    outcome = _import(request, table, name, store=False)
    checked = [name, table.sha256, outcome.digest, table.rows]
    signed = sign_preview(SALT, request.user.pk, 0, checked) if outcome.changes else ""
    if len(signed) > MAX_SIGNED:
        raise TableRejected([_("ไฟล์มีตัวเลขมากเกินไป แบ่งเป็นหลายไฟล์ เช่น ปีละไฟล์")])
    return {"outcome": outcome, "signed": signed, "name": name, **describe_outcome(outcome)}


def _import(
    request: SignedInRequest, table: PublishedTable, name: str, *, store: bool, expected: str = ""
) -> ImportOutcome:
    user = request.user
    may_write = may_write_figures(user)
    return import_table(
        table=table,
        may_write=may_write,
        store=store,
        by=user,
        name=name,
        expected=expected,
        kept_years=list_contested_years(),
    )


@post_only("scoring:results-import")
@allow(Capability.OFFICIAL_RESULT_EDIT)
def results_store(request: SignedInRequest) -> HttpResponse:
    """Stores a file as it was shown to this person; a second time changes nothing."""
    faults: list[str] = []
    try:
        name, sha256, digest, rows = unsign_preview(SALT, request.user.pk, 0, request.POST.get("signed", ""))
        table = PublishedTable(tuple(map(tuple, rows)), sha256)
        outcome = _import(request, table, name, store=True, expected=digest)
    except (signing.BadSignature, ValueError, TypeError) as error:
        faults = error.faults if isinstance(error, TableRejected) else [_("ผลการตรวจหมดอายุแล้ว เลือกไฟล์และตรวจอีกครั้ง")]
    except (PreviewOutdated, IntegrityError):
        faults = [_("มีผู้เปลี่ยนตัวเลขเดียวกันหลังจากที่ท่านตรวจไฟล์ ตรวจอีกครั้ง")]
    if faults:
        return _import_page(request, ResultImportForm(), 409, faults=faults)
    counts = {"added": outcome.added, "changed": outcome.changed, "same": outcome.same}
    if outcome.changes:
        messages.success(request, _("นำเข้าแล้ว เพิ่ม %(added)s แก้ %(changed)s เหมือนเดิม %(same)s ตัวเลข") % counts)
    else:
        messages.info(request, _("ตัวเลขในไฟล์อยู่ในระบบครบแล้ว ไม่มีอะไรเปลี่ยน"))
    return redirect("scoring:results-import")


@post_only("scoring:results-import")
@allow(Capability.OFFICIAL_RESULT_EDIT)
def results_undo(request: SignedInRequest, number: int) -> HttpResponse:
    """Undoes one import: what it added goes, what it changed is as it was."""
    event = find_import(request.user, number)
    if event is None:
        raise Http404
    try:
        may_write, kept_years = may_write_figures(request.user), list_contested_years()
        count = undoing.undo_import(by=request.user, event=event, may_write=may_write, kept_years=kept_years)
    except RefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("เลิกทำการนำเข้าแล้ว %(n)s ตัวเลข") % {"n": count})
    return redirect("scoring:results-import")


@require_safe
@allow(Capability.OFFICIAL_RESULT_EDIT)
def results_template(request: SignedInRequest, year: int) -> HttpResponse:
    """The workbook to fill in for a year: the provinces that the reader may write, with what is stored already."""
    from scoring.results.result_template import write_result_template  # loads the library that writes workbooks

    try:
        scheme = get_scheme_of_year(year).scheme
    except registry.MissingScheme as error:
        raise Http404 from error
    own = list_own_provinces(request.user)
    rows = Province.objects.provinces() if own is None else Province.objects.provinces().filter(pk__in=own)
    title = localize_text(scheme.title)
    content = write_result_template(scheme, list(rows), title, with_labels=own is None, language=reader_language())
    headers = {"Content-Disposition": f'attachment; filename="results-{year}.xlsx"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)
