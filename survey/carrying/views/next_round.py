"""View that opens the next round with last year's answers, to be confirmed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.made_once import made_once
from accounts.roles import Capability
from evidence.attaching.queries import attachments_by_address
from survey import access
from survey.assigning.views.round_context import round_context
from survey.carrying.actions import open_next_round
from survey.carrying.views.carried import METHODS
from survey.linking.registry import FaultyLinks, MissingLinks
from survey.models import Instrument, Response, Round
from survey.rounds.actions import RoundAlreadyOpen, change_escalation
from survey.rounds.forms import RoundForm, answered_forms


def evidence_to_carry(response: Response) -> dict[str, list[dict[str, Any]]]:
    """The evidence of a response by place, as plain values a later round can point at."""
    return {
        place: [
            {
                "attachment": attachment.id,
                "name": attachment.name,
                "sha256": attachment.sha256,
                "url": attachment.url,
                "document_date": attachment.document_date.isoformat() if attachment.document_date else "",
                "marks": [{"pages": m.pages, "quote": m.quote} for m in attachment.marks],
            }
            for attachment in attachments
        ]
        for place, attachments in attachments_by_address(response).items()
    }


@require_http_methods(METHODS)
@allow(Capability.ROUND_MANAGE)
@made_once
def next_round(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Opens the next round with this round's answers, to be confirmed."""
    previous = access.get_round(request.user, code, year, Capability.ROUND_MANAGE)
    later = answered_forms(previous.province).filter(year__gt=year)
    newest = later.order_by("year", "-version").first()
    initial = _suggested_dates(previous, newest) if newest else {}
    form = RoundForm(request.POST or None, initial=initial, respondent=previous.province)
    form.fields["instrument"].queryset = later  # type: ignore[attr-defined]
    if form.is_bound and form.is_valid():
        instrument = form.cleaned_data["instrument"]
        try:
            with_list = request.POST.get("assign") == "1"
            new_round = open_next_round(
                by=request.user,
                previous=previous,
                instrument=instrument,
                dates=form.dates(),
                proofs=evidence_to_carry,
                assign=with_list,
            )
        except RoundAlreadyOpen:
            form.add_error("instrument", _("เปิดรอบของปีนี้ไว้แล้ว"))
        except (MissingLinks, FaultyLinks) as problem:
            form.add_error("instrument", _missing_links_message(problem))
        else:
            change_escalation(by=request.user, round_=new_round, days=form.cleaned_data["escalate_after"])
            messages.success(request, _("เปิดรอบใหม่แล้ว คำตอบปีก่อนรอให้ยืนยันทีละข้อ"))
            return redirect("survey:carried", Response.objects.get(round=new_round, agency=None).pk)
    context = {**round_context(request, previous), "form": form, "newest": newest}
    return render(request, "survey/carrying/next_round.html", context, status=422 if form.errors else 200)


def _suggested_dates(previous: Round, instrument: Instrument) -> dict[str, Any]:
    """The previous round's dates moved to the new year, and the evidence period of the new instrument."""
    years = instrument.year - previous.year
    return {
        "instrument": instrument,
        "period_from": instrument.period_from,
        "period_to": instrument.period_to,
        "opens_on": _years_later(previous.opens_on, years),
        "agency_due": _years_later(previous.agency_due, years),
        "committee_on": _years_later(previous.committee_on, years),
        "closes_on": _years_later(previous.closes_at.date(), years),
        "escalate_after": previous.escalate_after,
    }


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _missing_links_message(problem: MissingLinks | FaultyLinks) -> str:
    if isinstance(problem, MissingLinks):
        return _("ยังไม่มีไฟล์เชื่อมโยงข้อระหว่างสองปีนี้ เปิดรอบใหม่โดยไม่นำคำตอบมาได้จากหน้ารอบสำรวจ")
    return _("ไฟล์เชื่อมโยงข้อระหว่างสองปีนี้มีข้อผิดพลาด %(count)d จุด โปรดแจ้งผู้ดูแลระบบ") % {"count": len(problem.faults)}
