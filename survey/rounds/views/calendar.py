"""Views of a round's dates: the calendar file, and extending a closed round."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from survey import access
from survey.rounds.actions import DATE_FIELDS, change_round_dates
from survey.rounds.calendar_events import write_round_calendar
from survey.rounds.forms import ExtendForm
from survey.rounds.views.subscription import get_calendar_round


@require_safe
@allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
def dates(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """The round's dates, meetings, and what this person's agencies have to hand in, as ICS."""
    round_ = get_calendar_round(request, code, year)
    file = write_round_calendar(request.user, round_)
    answer = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="dgready-{round_.province.code}-{round_.year}.ics"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Capability.ROUND_MANAGE)
def extend(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Extends a closed round until a later day, with a reason that stays in the journal."""
    round_ = access.get_round(request.user, code, year, Capability.ROUND_MANAGE)
    closed = round_.is_closed(timezone.now())
    form = ExtendForm(request.POST or None)
    if closed and form.is_bound and form.is_valid():
        changed = {name: getattr(round_, name) for name in DATE_FIELDS}
        changed["closes_at"] = form.cleaned_data["closes_on"]
        change_round_dates(by=request.user, round_=round_, dates=changed, reason=form.cleaned_data["reason"])
        messages.success(request, _("ขยายเวลาแล้ว"))
        return redirect("survey:round", code, year)
    context = {"round": round_, "province": round_.province, "form": form, "closed": closed}
    status = 409 if form.is_bound and not closed else 422 if form.errors else 200
    return render(request, "survey/rounds/extend.html", context, status=status)
