"""Administration of respondents: lists of provinces and of departments; adding and changing one, written once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.forms import ModelForm
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import actions, queries
from accounts.access import SignedInRequest, allow, require_central
from accounts.forms.filters import DepartmentFilterForm, ProvinceFilterForm
from accounts.forms.places import DepartmentForm, ProvinceForm
from accounts.made_once import made_once
from accounts.models import Province
from accounts.models.places import Region
from accounts.respondents import RespondentKind
from accounts.roles import Capability
from accounts.views.common import cleaned_values, render_form, try_action

manages_respondents = allow(Capability.PROVINCES_MANAGE)


@dataclass(frozen=True, slots=True)
class RespondentPages:
    """What differs between the pages of a province and of a department. `create`, `change`: the acts."""

    kind: RespondentKind
    form: type[ModelForm[Province]]
    create: Callable[..., Province]
    change: Callable[..., Province]
    listing: str
    new_title: Promise | str
    edit_title: Promise | str
    added: Promise | str


PROVINCE_PAGES: Final = RespondentPages(
    RespondentKind.PROVINCE,
    ProvinceForm,
    actions.create_province,
    lambda row, **values: actions.change_province(province=row, **values),
    "accounts:provinces",
    _("เพิ่มจังหวัด"),
    _("แก้ไขจังหวัด"),
    _("เพิ่มจังหวัดแล้ว"),
)
DEPARTMENT_PAGES: Final = RespondentPages(
    RespondentKind.DEPARTMENT,
    DepartmentForm,
    actions.create_department,
    lambda row, **values: actions.change_department(department=row, **values),
    "accounts:departments",
    _("เพิ่มส่วนราชการ"),
    _("แก้ไขส่วนราชการ"),
    _("เพิ่มส่วนราชการแล้ว"),
)


@manages_respondents
@require_GET
def provinces(request: SignedInRequest) -> HttpResponseBase:
    """List of all provinces, filtered."""
    require_central(request.user, Capability.PROVINCES_MANAGE)
    filter_form = ProvinceFilterForm(request.GET)
    criteria = filter_form.criteria()
    rows = list(queries.list_provinces(**criteria))
    # All 76 on one page, since people look for theirs by eye; folded by region, since that is long on a phone.
    regions = [(region.label, [row for row in rows if row.region == region]) for region in Region]
    context = {
        "filter": filter_form,
        "total": len(rows),
        "regions": [(label, respondents) for label, respondents in regions if respondents],
        "is_filtered": any(criteria.values()),
    }
    return render(request, "accounts/provinces.html", context)


@manages_respondents
@require_GET
def departments(request: SignedInRequest) -> HttpResponseBase:
    """List of all departments, filtered."""
    require_central(request.user, Capability.PROVINCES_MANAGE)
    filter_form = DepartmentFilterForm(request.GET)
    rows = list(queries.list_provinces(**filter_form.criteria(), kind=RespondentKind.DEPARTMENT))
    return render(request, "accounts/departments.html", {"rows": rows, "filter": filter_form})


@manages_respondents
@require_http_methods(["GET", "POST"])
@made_once
def new_province(request: SignedInRequest) -> HttpResponseBase:
    """Add a province."""
    return _respondent_form(request, PROVINCE_PAGES, None)


@manages_respondents
@require_http_methods(["GET", "POST"])
def edit_province(request: SignedInRequest, code: str) -> HttpResponseBase:
    """Change names or region of a province."""
    return _respondent_form(request, PROVINCE_PAGES, code)


@manages_respondents
@require_http_methods(["GET", "POST"])
@made_once
def new_department(request: SignedInRequest) -> HttpResponseBase:
    """Add a department."""
    return _respondent_form(request, DEPARTMENT_PAGES, None)


@manages_respondents
@require_http_methods(["GET", "POST"])
def edit_department(request: SignedInRequest, code: str) -> HttpResponseBase:
    """Change names or ministry of a department."""
    return _respondent_form(request, DEPARTMENT_PAGES, code)


def _respondent_form(request: SignedInRequest, pages: RespondentPages, code: str | None) -> HttpResponseBase:
    """Adds a respondent (no code), or changes the one with that code."""
    require_central(request.user, Capability.PROVINCES_MANAGE)
    row = None if code is None else get_object_or_404(Province, kind=pages.kind, code=code)
    instance = row or Province(kind=pages.kind)
    form = pages.form(request.POST if request.method == "POST" else None, instance=instance)
    back = reverse(pages.listing)
    if form.is_bound and form.is_valid():
        values: dict[str, Any] = {"by": request.user, **cleaned_values(form, instance)}
        if try_action(form, lambda: pages.change(row, **values) if row else pages.create(**values)):
            messages.success(request, str(_("บันทึกแล้ว") if row else pages.added))
            return redirect(back)
    title = pages.edit_title if row else pages.new_title
    return render_form(request, "accounts/respondent_form.html", form, title=title, back=back)
