"""View that has evidence handed over: the binder, bundle or index of a response or a part of it."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.posting import post_only
from reports.access import may_access_report
from reports.handover.views.choices import KINDS
from reports.jobs.views import ask_for_file, language_params
from survey.access import get_response
from survey.instrument.queries import compiled_instrument
from survey.models import Response

_PARTS: Final = ("pillar", "question")


@post_only("reports:list", "pk")
@allow(Capability.REPORT_READ)
def make(request: SignedInRequest, pk: int) -> HttpResponse:
    """Starts making a file of the evidence; `part` is empty, pillar:NUMBER or question:ID."""
    response = get_response(request.user, pk, Capability.RESPONSE_READ)
    kind = next((each for each in KINDS if each.value == request.POST.get("kind")), None)
    if kind is None or not may_access_report(request.user, response, kind):
        raise Http404
    params = {**language_params(), **_part(response, request.POST.get("part", ""))}
    job = ask_for_file(request, kind, response, params)
    return redirect(f"{reverse('reports:list', args=[pk])}#job-{job.public_id}")


def _part(response: Response, part: str) -> dict[str, str]:
    """The part as a job's parameters; Http404 where the form has none of that name."""
    if not part:
        return {}
    kind, _colon, name = part.partition(":")
    instrument = compiled_instrument(response.round.instrument)
    known = {each.number for each in instrument.pillars} if kind == "pillar" else set(instrument.items)
    if kind not in _PARTS or name not in known:
        raise Http404
    return {kind: name}
