"""The public page behind a certificate's code: whether that approval stands, and nothing else of it."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import public
from survey.approval import snapshot as frozen
from survey.models import FrozenResponse


@require_safe
@never_cache
@public
def verify(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Province, year, hash, time of approval, and whether it is valid, void or damaged."""
    rows = FrozenResponse.objects.select_related("response__round__province")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    round_ = found.response.round
    context = {
        "province_name": round_.province.name,
        "year": round_.year,
        "sha256": found.sha256,
        "approved_at": found.approved_at,
        "void": found.voided_at is not None,
        "holds": not frozen.verify_snapshot(found),
    }
    return render(request, "survey/approval/public_check.html", context)
