"""Opening a round and changing its dates."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Exists, OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, allow, get_province
from accounts.made_once import made_once
from accounts.roles import Capability
from survey import access
from survey.models import Event, FrozenResponse, Round
from survey.rounds import actions
from survey.rounds.forms import GuardsForm, RoundForm, answered_forms, suggested_dates


@require_safe
@allow(Capability.ROUND_MANAGE)
def rounds(request: SignedInRequest, code: str) -> HttpResponse:
    """The rounds of a province, newest first."""
    province = get_province(request.user, code, Capability.ROUND_MANAGE)
    valid = FrozenResponse.objects.filter(response=OuterRef("response"), voided_at=None)
    approved = Event.objects.filter(
        Exists(valid), response__round=OuterRef("pk"), response__agency=None, verb="response.approve"
    ).order_by("-seq")
    rows = Round.objects.filter(province=province).select_related("instrument").defer("instrument__source")
    rows = rows.annotate(approved_at=Subquery(approved.values("at")[:1]))
    return render(request, "survey/rounds/rounds.html", {"province": province, "rounds": rows})


@require_http_methods(["GET", "POST"])
@allow(Capability.ROUND_MANAGE)
@made_once
def open_round(request: SignedInRequest, code: str) -> HttpResponse:
    """Open a round for a published instrument."""
    province = get_province(request.user, code, Capability.ROUND_MANAGE)
    newest = answered_forms(province).first()
    initial = suggested_dates(province, newest) if newest else {}
    form = RoundForm(request.POST or None, initial=initial, respondent=province)
    if form.is_bound and form.is_valid():
        instrument = form.cleaned_data["instrument"]
        try:
            opened = actions.open_round(by=request.user, province=province, instrument=instrument, dates=form.dates())
        except actions.RoundAlreadyOpen:
            form.add_error("instrument", _("เปิดรอบของปีนี้ไว้แล้ว"))
        else:
            actions.change_escalation(by=request.user, round_=opened, days=form.cleaned_data["escalate_after"])
            messages.success(request, _("เปิดรอบแล้ว"))
            return redirect("survey:round", code, instrument.year)
    context = {"province": province, "form": form, "title": _("เปิดรอบสำรวจ")}
    return render(request, "survey/rounds/round_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow(Capability.ROUND_MANAGE)
def change_round(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Change the dates of a round."""
    round_ = access.get_round(request.user, code, year, Capability.ROUND_MANAGE)
    form = RoundForm(request.POST or None, instance=round_, respondent=round_.province)
    if form.is_bound and form.is_valid():
        try:
            actions.change_round_dates(by=request.user, round_=round_, dates=form.dates())
        except actions.ReasonRequired:
            form.add_error("closes_on", _("รอบนี้ปิดแล้ว ขยายเวลาพร้อมเหตุผลได้ที่หน้า “ขยายเวลาของรอบที่ปิดแล้ว”"))
        else:
            actions.change_escalation(by=request.user, round_=round_, days=form.cleaned_data["escalate_after"])
            messages.success(request, _("บันทึกแล้ว"))
            return redirect("survey:round", code, year)
    context = {"province": round_.province, "form": form, "title": _("แก้ไขวันของรอบสำรวจ")}
    return render(request, "survey/rounds/round_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Capability.ROUND_MANAGE)
def guards(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Turns the conditions for submitting the answer on and off."""
    round_ = access.get_round(request.user, code, year, Capability.ROUND_MANAGE)
    data = request.POST if request.method == "POST" else None
    form = GuardsForm(data, initial={"guards": round_.submission_guards}, province=round_.province)
    if form.is_bound and form.is_valid():
        try:
            actions.set_submission_guards(by=request.user, round_=round_, **form.cleaned_data)
        except actions.ReasonRequired:
            form.add_error("reason", _("โปรดระบุเหตุผลที่เลิกใช้เงื่อนไข"))
        else:
            messages.success(request, _("บันทึกแล้ว"))
            return redirect("survey:round", code, year)
    context = {"round": round_, "province": round_.province, "form": form}
    return render(request, "survey/rounds/guards.html", context, status=422 if form.errors else 200)
