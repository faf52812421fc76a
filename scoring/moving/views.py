"""The page that shows what moving a round to another version of its form changes, and moves it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow
from accounts.actions import RefusedError
from accounts.roles import Capability
from scoring.moving.actions import move_round
from scoring.moving.preview import other_versions, preview_move
from survey import access
from survey.models import Instrument, Round


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Capability.ROUND_MANAGE)
def form_move(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """What a move of the round to the version `to` (the newest by default) changes; POST moves it."""
    round_ = access.get_round(request.user, code, year, Capability.ROUND_MANAGE)
    versions = other_versions(round_)
    asked = request.POST if request.method == "POST" else request.GET
    if asked.get("to", "") == str(round_.instrument.version):  # somebody else has moved it there
        messages.info(request, _("รอบนี้ใช้ฉบับนี้อยู่แล้ว"))
        return redirect("survey:round", code, year)
    target = _find_version(versions, asked.get("to", ""))
    refused = ""
    if request.method == "POST" and target is not None:
        refused = _move(request, round_, target)
        if not refused:
            messages.success(request, _("ย้ายรอบไปใช้แบบสำรวจฉบับที่ %(n)s แล้ว") % {"n": target.version})
            return redirect("survey:round", code, year)
        round_ = access.get_round(request.user, code, year, Capability.ROUND_MANAGE)
        versions = other_versions(round_)
        if target not in versions:  # moved there between the two readings
            messages.info(request, refused)
            return redirect("survey:round", code, year)
    keep = asked.get("scheme", "keep") == "keep"
    context = {
        "round": round_,
        "province": round_.province,
        "versions": versions,
        "target": target,
        "preview": preview_move(round_, target, keep_scheme=keep) if target is not None else None,
        "keep": keep,
        "refused": refused,
    }
    return render(request, "scoring/moving/form_move.html", context, status=422 if refused else 200)


def _find_version(versions: list[Instrument], number: str) -> Instrument | None:
    """The version with a number, the newest where none is named; None where there is no other. Raises Http404."""
    if not number:
        return versions[0] if versions else None
    found = next((row for row in versions if str(row.version) == number), None)
    if found is None and versions:
        raise Http404
    return found


def _move(request: SignedInRequest, round_: Round, target: Instrument) -> str:
    """Moves the round; why not, for people."""
    seen, scheme = request.POST.get("seen", ""), request.POST.get("scheme", "keep")
    if request.POST.get("sure") != "yes":
        return _("โปรดทำเครื่องหมายว่าท่านอ่านสิ่งที่จะเปลี่ยนแล้ว")
    try:
        move_round(
            by=request.user,
            round_=round_,
            target=target,
            keep_scheme=scheme == "keep",
            seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 19 else -1,
        )
    except RefusedError as error:
        return str(error)
    return ""
