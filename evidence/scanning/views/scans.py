"""The page of the administrators on virus scanning: what waits, what was found."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow, require_central
from accounts.roles import Capability
from evidence.models import ScanState
from evidence.scanning.queries import listed_files, scan_standing


@require_safe
@allow(Capability.PROVINCES_MANAGE)
def scans(request: SignedInRequest) -> HttpResponse:
    """How scanning stands, files that wait with the reason, and infected ones with who attached them."""
    require_central(request.user, Capability.PROVINCES_MANAGE)
    context = {
        "configured": bool(settings.CLAMD_ADDRESS),
        "standing": scan_standing(),
        "waiting": listed_files(ScanState.WAITING),
        "infected": listed_files(ScanState.INFECTED),
    }
    return render(request, "evidence/scanning/scans.html", context)
