"""Views of the committee's register: the order in force with its members, earlier orders, and what was changed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, allow, get_province
from accounts.actions import RefusedError
from accounts.made_once import made_once
from accounts.models import Province
from accounts.roles import Capability
from survey.committee.actions.register import (
    add_member,
    change_member,
    change_order,
    create_order,
    may_keep_register,
)
from survey.committee.forms.register import MemberForm, OrderForm
from survey.committee.register import in_force_among, members_of, register_history, register_orders
from survey.committee.views.register_history import history_entries
from survey.models import CommitteeMember, CommitteeOrder

METHODS = ["GET", "HEAD", "POST"]


@require_safe
@allow(Capability.RESPONSE_READ)
def register(request: SignedInRequest, code: str, pk: int = 0) -> HttpResponse:
    """An order with its members: the one named, else the one in force today; and the orders before and after it."""
    province = get_province(request.user, code, Capability.RESPONSE_READ)
    today = timezone.localdate()
    orders = register_orders(province)
    in_force = in_force_among(orders, today)
    order = _get_order(province, pk) if pk else in_force or next(iter(orders), None)
    members = members_of(order) if order else []
    context = _context(
        request,
        province,
        order=order,
        orders=orders,
        in_force=in_force,
        members=[m for m in members if m.ends_on is None or m.ends_on >= today],
        former=[m for m in members if m.ends_on is not None and m.ends_on < today],
        history=history_entries(register_history(province)),
        today=today,
    )
    return render(request, "survey/committee/register.html", context)


@require_http_methods(METHODS)
@allow(Capability.ENDORSE)
@made_once
def new_order(request: SignedInRequest, code: str) -> HttpResponse:
    """Puts a new order on record, with the members it begins with."""
    province = get_province(request.user, code, Capability.ENDORSE)
    has_previous = CommitteeOrder.objects.filter(province=province).exists()
    form = OrderForm(request.POST or None, has_previous=has_previous)
    if form.is_bound and form.is_valid():
        fields = dict(form.cleaned_data)
        source = fields.pop("members_from")
        try:
            order = create_order(by=request.user, province=province, fields=fields, members_from=source)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("บันทึกคำสั่งแล้ว โปรดตรวจรายชื่อกรรมการ"))
            return redirect("survey:register-order", code, order.pk)
    return _form_page(request, province, form, _("คำสั่งแต่งตั้งคณะกรรมการ"))


@require_http_methods(METHODS)
@allow(Capability.ENDORSE)
def edit_order(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Corrects an order."""
    province = get_province(request.user, code, Capability.ENDORSE)
    order = _get_order(province, pk)
    form = OrderForm(request.POST or None, order=order)
    if form.is_bound and form.is_valid():
        try:
            change_order(by=request.user, order=order, fields=form.cleaned_data)
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("บันทึกแล้ว"))
            return redirect("survey:register-order", code, order.pk)
    return _form_page(request, province, form, _("แก้ไขคำสั่ง"), order)


@require_http_methods(METHODS)
@allow(Capability.ENDORSE)
@made_once
def new_member(request: SignedInRequest, code: str, pk: int) -> HttpResponse:
    """Adds a member to an order."""
    province = get_province(request.user, code, Capability.ENDORSE)
    order = _get_order(province, pk)
    return _member_page(request, province, order, None)


@require_http_methods(METHODS)
@allow(Capability.ENDORSE)
def edit_member(request: SignedInRequest, code: str, pk: int, member: int) -> HttpResponse:
    """Changes a member, or gives the seat its last day."""
    province = get_province(request.user, code, Capability.ENDORSE)
    order = _get_order(province, pk)
    found = CommitteeMember.objects.filter(order=order, pk=member).first()
    if found is None:
        raise Http404
    found.order = order
    return _member_page(request, province, order, found)


def _member_page(
    request: SignedInRequest, province: Province, order: CommitteeOrder, member: CommitteeMember | None
) -> HttpResponse:
    form = MemberForm(request.POST or None, order=order, member=member)
    if form.is_bound and form.is_valid():
        try:
            if member is None:
                add_member(by=request.user, order=order, fields=form.fields_given())
            else:
                change_member(by=request.user, member=member, fields=form.fields_given())
        except RefusedError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("บันทึกแล้ว"))
            return redirect("survey:register-order", province.code, order.pk)
    return _form_page(request, province, form, _("แก้ไขกรรมการ") if member else _("เพิ่มกรรมการ"), order)


def _get_order(province: Province, pk: int) -> CommitteeOrder:
    order = CommitteeOrder.objects.filter(province=province, pk=pk).select_related("by").first()
    if order is None:
        raise Http404
    order.province = province
    return order


def _context(request: SignedInRequest, province: Province, **more: Any) -> dict[str, Any]:
    return {"province": province, "may_keep": may_keep_register(request.user, province), **more}


def _form_page(
    request: SignedInRequest,
    province: Province,
    form: OrderForm | MemberForm,
    title: str,
    order: CommitteeOrder | None = None,
) -> HttpResponse:
    context = _context(request, province, form=form, title=title, order=order)
    return render(request, "survey/committee/register_form.html", context, status=422 if form.errors else 200)
