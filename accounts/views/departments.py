"""Administration of departments: respondents that are not provinces."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import actions, queries
from accounts.access import SignedInRequest, allow, require_central
from accounts.forms.filters import DepartmentFilterForm
from accounts.forms.places import DepartmentForm
from accounts.made_once import made_once
from accounts.models import Province
from accounts.respondents import RespondentKind
from accounts.roles import Capability
from accounts.views.common import render_form, try_action
from accounts.views.places import cleaned_values

manages_departments = allow(Capability.PROVINCES_MANAGE)


@manages_departments
@require_GET
def departments(request: SignedInRequest) -> HttpResponseBase:
    """List of all departments, filtered."""
    require_central(request.user, Capability.PROVINCES_MANAGE)
    filter_form = DepartmentFilterForm(request.GET)
    rows = list(queries.list_provinces(**filter_form.criteria(), kind=RespondentKind.DEPARTMENT))
    return render(request, "accounts/departments.html", {"rows": rows, "filter": filter_form})


@manages_departments
@require_http_methods(["GET", "POST"])
@made_once
def new_department(request: SignedInRequest) -> HttpResponseBase:
    """Add a department."""
    require_central(request.user, Capability.PROVINCES_MANAGE)
    blank = Province(kind=RespondentKind.DEPARTMENT)
    form = DepartmentForm(request.POST if request.method == "POST" else None, instance=blank)
    back = reverse("accounts:departments")
    if form.is_bound and form.is_valid():
        data = cleaned_values(form, form.instance)
        if try_action(form, lambda: actions.create_department(by=request.user, **data)):
            messages.success(request, _("เพิ่มส่วนราชการแล้ว"))
            return redirect(back)
    return render_form(request, "accounts/department_form.html", form, back=back)


@manages_departments
@require_http_methods(["GET", "POST"])
def edit_department(request: SignedInRequest, code: str) -> HttpResponseBase:
    """Change names or ministry of a department."""
    require_central(request.user, Capability.PROVINCES_MANAGE)
    department = get_object_or_404(Province.objects.departments(), code=code)
    form = DepartmentForm(request.POST if request.method == "POST" else None, instance=department)
    back = reverse("accounts:departments")
    if form.is_bound and form.is_valid():
        data = cleaned_values(form, department)
        if try_action(form, lambda: actions.change_department(by=request.user, department=department, **data)):
            messages.success(request, _("บันทึกแล้ว"))
            return redirect(back)
    return render_form(request, "accounts/department_form.html", form, department=department, back=back)
