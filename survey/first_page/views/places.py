"""View that leads to a place of the main menu where a page does not know the response."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from survey import access
from survey.first_page.main_menu import PLACE_OF_KEY
from survey.models import Response


@require_safe
@allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
def place(request: SignedInRequest, code: str, year: int, key: str) -> HttpResponse:
    """Redirects to a place of the provincial response, or of the contribution of the person's agency."""
    found = PLACE_OF_KEY.get(key)
    if found is None or found.of not in ("response", "contribution"):
        raise Http404
    if found.of == "response":
        round_ = access.get_round(request.user, code, year, found.capability)
        response = Response.objects.only("pk").filter(round=round_, agency=None).first()
        if response is None:
            raise Http404
        return redirect(found.page, response.pk)
    round_, agencies = access.get_round_with_own_agencies(request.user, code, year, found.capability)
    response = Response.objects.only("pk").filter(round=round_, agency__in=agencies).order_by("pk").first()
    if response is None:
        messages.info(request, _("ยังไม่ได้เริ่มตอบ เปิดส่วนที่ต้องตอบจากหน้านี้"))
        return redirect("survey:desk", code, year)
    return redirect(found.page, response.pk)
