"""Public view behind a certificate's code: whether that approval is valid, void or damaged."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import public
from dgready.language import reader_language
from survey.approval.frozen_facts import read_frozen_facts
from survey.models import FrozenResponse


@require_safe
@never_cache
@public
def verify(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Province, year, hash, time of approval, and whether it is valid, void or damaged."""
    rows = FrozenResponse.objects.select_related("response__round__province")
    version = rows.filter(public_id=public_id).first()
    if version is None:
        raise Http404
    round_ = version.response.round
    (facts,) = read_frozen_facts([version])
    frozen_province = (facts.data or {}).get("province", {})
    context = {
        "province_name": frozen_province.get(f"name_{reader_language()}") or round_.province.name,
        "year": (facts.data or {}).get("year", round_.year),
        "sha256": facts.sha256,
        "approved_at": facts.approved_at,
        "void": facts.voided_at is not None,
        "holds": not facts.faults,
    }
    return render(request, "survey/approval/public_check.html", context)
