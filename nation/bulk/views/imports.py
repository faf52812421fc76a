"""Views that take a workbook with agencies and people of many provinces, and its template."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, allow
from accounts.models import Province
from accounts.models.places import AgencyKind
from accounts.queries import departments_by_code
from accounts.roles import CENTRAL_ROLES, Capability, Role
from accounts.views.list_pages import MAX_SHOWN, template_download
from dgready.language import reader_language
from nation.bulk import actions
from nation.bulk.forms import ImportForm
from nation.bulk.views.choosing import require_year
from nation.bulk.views.import_reading import read_import
from nation.models import BulkAct


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Capability.NATION_MANAGE)
def act_import(request: SignedInRequest, year: int) -> HttpResponse:
    """Checks a workbook: its faults, or the preview of what it would change. Changes nothing."""
    require_year(request, year)
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ImportForm(*given)
    if not form.is_bound or not form.is_valid():
        return _page(request, year, form, 422 if form.errors else 200)
    read = read_import(form.content(), request.user)
    if read.faults:
        faults = {"faults": read.faults[:MAX_SHOWN], "fault_count": len(read.faults)}
        return _page(request, year, form, 422, **faults)
    act = actions.draft_act(
        by=request.user,
        kind=BulkAct.Kind.IMPORT,
        year=year,
        codes=list(read.lists),
        params={"file": str(form.cleaned_data["file"].name)[:200]},
        given={code: lists.packed() for code, lists in read.lists.items()},
    )
    return redirect("nation:act", year, act.pk)


def _page(request: SignedInRequest, year: int, form: ImportForm, status: int, **more: Any) -> HttpResponse:
    return render(request, "nation/bulk/import.html", {"year": year, "form": form, **more}, status=status)


@require_safe
@allow(Capability.NATION_MANAGE)
def act_import_template(request: SignedInRequest, year: int) -> HttpResponse:
    """The workbook to fill in."""
    from nation.bulk.import_template import write_import_template  # loads the library that writes workbooks

    require_year(request, year)
    content = write_import_template(
        provinces=[(province.code, province.name) for province in Province.objects.provinces().order_by("sort_key")],
        roles=[str(role.label) for role in Role if role not in CENTRAL_ROLES],
        kinds=[str(label) for label in AgencyKind.labels],
        departments=list(departments_by_code()),
        language=reader_language(),
    )
    return template_download(content, f"provinces-{timezone.localdate():%Y%m%d}")
