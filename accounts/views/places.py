"""Administration of provinces and of the agencies of a province."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import actions, queries
from accounts.access import SignedInRequest, allow, get_agency, get_province, require_central
from accounts.forms.filters import AgencyFilterForm, ProvinceFilterForm
from accounts.forms.places import AgencyForm, ProvinceForm
from accounts.made_once import made_once
from accounts.models import Agency, Province
from accounts.models.places import Region
from accounts.roles import Capability
from accounts.views.common import confirm_action, paginate, render_form, try_action

manages_agencies = allow(Capability.AGENCIES_MANAGE)
manages_provinces = allow(Capability.PROVINCES_MANAGE)


@manages_agencies
@require_GET
def agencies(request: SignedInRequest, code: str) -> HttpResponseBase:
    """List of the agencies of a province, filtered."""
    province = get_province(request.user, code, Capability.AGENCIES_MANAGE)
    filter_form = AgencyFilterForm(request.GET)
    page = paginate(request, queries.list_agencies(province, **filter_form.criteria()))
    context = {"province": province, "filter": filter_form, "page": page, "rows": list(page)}
    return render(request, "accounts/agencies.html", context)


def cleaned_values(form: Any, instance: Agency | Province) -> dict[str, Any]:
    """The values of a form as the actions take them."""
    # Validation wrote into the instance; the action reads what is stored itself.
    return {name: getattr(instance, name) for name in form.cleaned_data}


@manages_agencies
@require_http_methods(["GET", "POST"])
@made_once
def new_agency(request: SignedInRequest, code: str) -> HttpResponseBase:
    """Add an agency."""
    province = get_province(request.user, code, Capability.AGENCIES_MANAGE)
    form = AgencyForm(request.POST if request.method == "POST" else None, instance=Agency(province=province))
    back = reverse("accounts:agencies", args=[code])
    if form.is_bound and form.is_valid():
        data = cleaned_values(form, form.instance)
        if try_action(form, lambda: actions.create_agency(by=request.user, province=province, **data)):
            messages.success(request, _("เพิ่มหน่วยงานแล้ว"))
            return redirect(back)
    return render_form(request, "accounts/agency_form.html", form, province=province, back=back)


@manages_agencies
@require_http_methods(["GET", "POST"])
def edit_agency(request: SignedInRequest, code: str, agency: str) -> HttpResponseBase:
    """Change an agency."""
    agency_row = get_agency(request.user, code, agency, Capability.AGENCIES_MANAGE)
    form = AgencyForm(request.POST if request.method == "POST" else None, instance=agency_row)
    back = reverse("accounts:agencies", args=[code])
    if form.is_bound and form.is_valid():
        data = cleaned_values(form, agency_row)
        if try_action(form, lambda: actions.change_agency(by=request.user, agency=agency_row, **data)):
            messages.success(request, _("บันทึกแล้ว"))
            return redirect(back)
    context = {"province": agency_row.province, "agency": agency_row, "agency_code": agency, "back": back}
    return render_form(request, "accounts/agency_form.html", form, **context)


@manages_agencies
@require_http_methods(["GET", "POST"])
def switch_agency(request: SignedInRequest, code: str, agency: str) -> HttpResponseBase:
    """Deactivate an active agency or reactivate an inactive one, after confirmation."""
    agency_row = get_agency(request.user, code, agency, Capability.AGENCIES_MANAGE)
    closing = agency_row.active
    question = (
        _("ปิดใช้งาน %(agency)s ผู้ประสานงานจะทำงานแทนหน่วยงานนี้ไม่ได้จนกว่าจะเปิดอีกครั้ง")
        if closing
        else _("เปิดใช้งาน %(agency)s อีกครั้ง")
    )
    return confirm_action(
        request,
        lambda: actions.set_agency_active(by=request.user, agency=agency_row, active=not closing),
        back=reverse("accounts:agencies", args=[code]),
        danger=closing,
        title=_("ปิดใช้งานหน่วยงาน") if closing else _("เปิดใช้งานหน่วยงาน"),
        question=question % {"agency": agency_row.name},
        button=_("ปิดใช้งาน") if closing else _("เปิดใช้งาน"),
    )


@manages_provinces
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
        "regions": [(label, provinces) for label, provinces in regions if provinces],
        "is_filtered": any(criteria.values()),
    }
    return render(request, "accounts/provinces.html", context)


@manages_provinces
@require_http_methods(["GET", "POST"])
@made_once
def new_province(request: SignedInRequest) -> HttpResponseBase:
    """Add a province."""
    require_central(request.user, Capability.PROVINCES_MANAGE)
    form = ProvinceForm(request.POST if request.method == "POST" else None, instance=Province())
    back = reverse("accounts:provinces")
    if form.is_bound and form.is_valid():
        data = cleaned_values(form, form.instance)
        if try_action(form, lambda: actions.create_province(by=request.user, **data)):
            messages.success(request, _("เพิ่มจังหวัดแล้ว"))
            return redirect(back)
    return render_form(request, "accounts/province_form.html", form, back=back)


@manages_provinces
@require_http_methods(["GET", "POST"])
def edit_province(request: SignedInRequest, code: str) -> HttpResponseBase:
    """Change names or region of a province."""
    require_central(request.user, Capability.PROVINCES_MANAGE)
    province = get_object_or_404(Province.objects.provinces(), code=code)
    form = ProvinceForm(request.POST if request.method == "POST" else None, instance=province)
    back = reverse("accounts:provinces")
    if form.is_bound and form.is_valid():
        data = cleaned_values(form, province)
        if try_action(form, lambda: actions.change_province(by=request.user, province=province, **data)):
            messages.success(request, _("บันทึกแล้ว"))
            return redirect(back)
    return render_form(request, "accounts/province_form.html", form, province=province, back=back)
