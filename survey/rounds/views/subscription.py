"""Views of a calendar that follows a round: its secret address, and what is found there."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, allow, public
from accounts.actions.log import RefusedError
from accounts.mail import absolute_url
from accounts.roles import Capability
from accounts.views.common import confirm_action
from dgready.http import client_ip
from dgready.rate_limit import seconds_to_wait
from survey.models import CalendarAddress, Round
from survey.rounds import calendar_addresses
from survey.rounds.calendar_events import rounds_with_calendar, write_round_calendar

log = logging.getLogger("dgready.calendar")


def get_calendar_round(request: SignedInRequest, code: str, year: int) -> Round:
    """The round of a person whose dates concern them; Http404."""
    round_ = rounds_with_calendar(request.user).filter(province__code=code, year=year).first()
    if round_ is None:
        raise Http404
    return round_


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
@sensitive_variables("secret")
def address(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """The page of one's calendar of a round; makes the address and shows it, this once."""
    round_ = get_calendar_round(request, code, year)
    context: dict[str, Any] = {"round": round_, "province": round_.province}
    status = 200
    if request.method == "POST":
        try:
            secret = calendar_addresses.create_calendar_address(by=request.user, round_=round_)
            context["address"] = absolute_url(reverse("survey:calendar-feed", args=[secret]))
        except RefusedError as refusal:
            context["refusal"], status = str(refusal), 409
    context["open"] = calendar_addresses.open_address(request.user, round_)
    return render(request, "survey/rounds/calendar.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
def revoke(request: SignedInRequest, code: str, year: int) -> HttpResponseBase:
    """Revoke one's own address of a round, after confirmation."""
    round_ = get_calendar_round(request, code, year)
    return confirm_action(
        request,
        lambda: calendar_addresses.revoke_calendar_address(by=request.user, round_=round_),
        back=reverse("survey:calendar-address", args=[code, year]),
        title=_("ยกเลิกที่อยู่ปฏิทิน"),
        question=_("ปฏิทินที่ใช้ที่อยู่เดิมจะไม่เปลี่ยนตามวันของรอบอีก และนำที่อยู่เดิมกลับมาใช้ไม่ได้"),
        button=_("ยกเลิกที่อยู่"),
        keep=_("ไม่ยกเลิก"),
    )


@require_safe
@public
@sensitive_variables("secret")
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar file at a secret address; 404 where there is none, or its person has no more part in the round."""
    found = calendar_addresses.find_calendar_address(secret)
    key = f"calendar:{found.pk}" if found else f"calendar-refused:{client_ip(request)}"
    limit = settings.API_LIMITS.per_minute if found else settings.API_LIMITS.refusals
    if wait := seconds_to_wait(key=key, limit=limit):
        return HttpResponse(status=429, headers={"Retry-After": str(wait)})
    round_ = _round_of(found)
    if found is None or round_ is None:
        log.info("calendar: refused address %s", found.pk if found else "unknown")
        raise Http404
    with translation.override(found.user.language):
        file = write_round_calendar(found.user, round_)
    calendar_addresses.record_fetch(address=found)
    answer = HttpResponse(file, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _round_of(found: CalendarAddress | None) -> Round | None:
    """The round of an address as far as its person has a part in it now."""
    if found is None or not found.user.is_active:
        return None
    return rounds_with_calendar(found.user).filter(pk=found.round_id).first()
