"""Views of stand-ins: who acts for an agency while its coordinator is on leave, naming one, ending one."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.actions import may_appoint_stand_in
from accounts.made_once import made_once
from accounts.models import Membership
from accounts.roles import Capability
from accounts.views.common import confirm_action, try_action
from survey import access
from survey.contributing.forms import StandInForm
from survey.contributing.stand_ins import (
    coordinators_to_stand_in_for,
    finish_stand_in,
    name_stand_in,
    stand_ins,
)

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
@allow(Capability.CONTRIBUTION_EDIT, Capability.ASSIGN)
@made_once
def listing(request: SignedInRequest, code: str, agency: str) -> HttpResponse:
    """The stand-ins of an agency, now and to come; POST names one."""
    agency_row = access.get_agency_to_work_for(request.user, code, agency)
    coordinators = coordinators_to_stand_in_for(request.user, agency_row)
    form = StandInForm(request.POST or None, agency=agency_row, coordinators=coordinators) if coordinators else None
    if form is not None and form.is_bound and form.is_valid():
        data = form.cleaned_data
        if try_action(
            form,
            lambda: name_stand_in(
                by=request.user,
                coordinator=data["coordinator"],
                user=data["person"],
                first=data["first"],
                last=data["last"],
            ),
        ):
            messages.success(request, _("ตั้งผู้ทำแทนแล้ว"))
            return redirect("survey:stand-ins", code, agency)
    context = {
        "province": agency_row.province,
        "agency": agency_row,
        "form": form,
        "rows": [(row, may_appoint_stand_in(request.user, _coordinator(row))) for row in stand_ins(agency_row)],
        "today": timezone.localdate(),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "survey/contributing/stand_ins.html", context, status=status)


def _coordinator(row: Membership) -> Membership:
    assert row.stands_in_for is not None
    return row.stands_in_for


@require_http_methods(METHODS)
@allow(Capability.CONTRIBUTION_EDIT, Capability.ASSIGN)
def end(request: SignedInRequest, code: str, agency: str, pk: int) -> HttpResponseBase:
    """Ends a stand-in, after a confirmation page."""
    agency_row = access.get_agency_to_work_for(request.user, code, agency)
    row = stand_ins(agency_row).filter(pk=pk).first()
    if row is None or not may_appoint_stand_in(request.user, _coordinator(row)):
        raise Http404
    return confirm_action(
        request,
        lambda: finish_stand_in(by=request.user, membership=row),
        back=reverse("survey:stand-ins", args=[code, agency]),
        title=_("ยุติการทำแทน"),
        question=_("ยุติการทำแทนของ %(who)s หรือไม่ มีผลทันที") % {"who": row.user},
        button=_("ยุติการทำแทน"),
    )
