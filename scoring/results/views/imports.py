"""View that imports published results and national figures from CSV or Excel: checked first, stored when asked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.models import AccountEvent
from accounts.roles import Capability
from scoring.results.actions import benchmarks
from scoring.results.actions import official as results
from scoring.results.actions.cells import TableRejected
from scoring.results.actions.tables import ImportOutcome
from scoring.results.forms import ResultImportForm
from scoring.results.table_files import read_table_file

SHOWN_CHANGES = 100  # changes on the page
LATEST_IMPORTS = 10
IMPORT_VERBS = ("import_results", "import_benchmarks")
UNREADABLE_FILE_ERRORS = (ValueError, KeyError, OSError)


@require_http_methods(["GET", "POST"])
@allow(Capability.OFFICIAL_RESULT_EDIT)
def results_import(request: SignedInRequest) -> HttpResponse:
    """Checks a file and shows its faults or changes; stores it when asked."""
    form = ResultImportForm(request.POST or None, request.FILES or None)
    central = _is_central(request)
    context: dict[str, Any] = {"form": form, "central": central}
    if form.is_bound and form.is_valid():
        stored = form.cleaned_data["store"]
        try:
            outcome = _import_file(request, form.cleaned_data["file"], stored, central)
        except TableRejected as rejected:
            context["faults"] = rejected.faults
        except IntegrityError:
            context["faults"] = [_("มีผู้นำเข้าตัวเลขเดียวกันในเวลาเดียวกัน ตรวจไฟล์นี้อีกครั้ง")]
        except UNREADABLE_FILE_ERRORS:
            context["faults"] = [_("อ่านไฟล์ไม่ได้ ใช้ CSV หรือ Excel (.xlsx) ตามแบบ")]
        else:
            if stored:
                counts = {"added": outcome.added, "changed": outcome.changed, "same": outcome.same}
                messages.success(request, _("นำเข้าแล้ว เพิ่ม %(added)s แก้ %(changed)s เหมือนเดิม %(same)s ตัวเลข") % counts)
                return redirect("scoring:results-import")
            context |= {"outcome": outcome, "changes": outcome.changes[:SHOWN_CHANGES]}
    bad = bool(form.errors or context.get("faults"))
    context["latest"] = _list_latest_imports(request, central)
    return render(request, "scoring/results/import.html", context, status=422 if bad else 200)


def _import_file(request: SignedInRequest, file: UploadedFile, store: bool, central: bool) -> ImportOutcome:
    user, table, name = request.user, read_table_file(file), str(file.name)[:200]
    if benchmarks.is_benchmark_table(table):
        if not central:
            raise TableRejected([_("ค่าระดับประเทศนำเข้าได้เฉพาะส่วนกลาง")])
        return benchmarks.import_benchmarks(table=table, store=store, by=user, name=name)

    def may_write(province: int | None) -> bool:
        # Figures of all provinces (average, best) are for those who hold it everywhere.
        return user.has(Capability.OFFICIAL_RESULT_EDIT, province_id=province) if province else central

    return results.import_official_results(table=table, may_write=may_write, store=store, by=user, name=name)


def _is_central(request: SignedInRequest) -> bool:
    return any(g.province_id is None and Capability.OFFICIAL_RESULT_EDIT in g.capabilities for g in request.user.grants)


def _list_latest_imports(request: SignedInRequest, central: bool) -> list[AccountEvent]:
    """The newest imports: all for the centre, else those of the reader's provinces. One query."""
    rows = AccountEvent.objects.filter(verb__in=IMPORT_VERBS).select_related("by", "province")
    if not central:
        own_provinces = {
            g.province_id for g in request.user.grants if Capability.OFFICIAL_RESULT_EDIT in g.capabilities
        }
        rows = rows.filter(province__in=own_provinces)
    return list(rows[:LATEST_IMPORTS])
