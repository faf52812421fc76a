"""Pages of one's own sessions: where one is signed in, signing out there."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.actions.sign_ins import end_other_sign_ins, end_sign_in
from accounts.browsers import browser_name
from accounts.models import SignIn
from accounts.queries import list_sign_ins
from accounts.roles import Capability
from accounts.second_factor.gate import confirms_person
from dgready.posting import post_only


def _list(request: object, *args: object, **kwargs: object) -> str:
    return reverse("accounts:sign-ins")


@require_safe
@allow(Capability.PROFILE)
def sign_ins(request: SignedInRequest) -> HttpResponse:
    """Where one is signed in, this session first."""
    own = request.session.session_key
    rows = sorted(list_sign_ins(request.user), key=lambda row: row.session_key != own)
    context = {"rows": [(row, browser_name(row.browser), row.session_key == own) for row in rows]}
    return render(request, "accounts/sign_ins.html", context)


@post_only(_list)
@allow(Capability.PROFILE)
def end(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Sign out there; of the session itself the button in the header does."""
    sign_in = list_sign_ins(request.user).filter(pk=pk).exclude(session_key=request.session.session_key).first()
    if sign_in is None:
        raise Http404
    return _end(request, sign_in)


@confirms_person
def _end(request: SignedInRequest, sign_in: SignIn) -> HttpResponseBase:
    end_sign_in(by=request.user, sign_in=sign_in)
    messages.success(request, _("ออกจากระบบที่เครื่องนั้นแล้ว"))
    return redirect("accounts:sign-ins")


@post_only(_list)
@allow(Capability.PROFILE)
@confirms_person
def end_others(request: SignedInRequest) -> HttpResponseBase:
    """Sign out everywhere else."""
    end_other_sign_ins(by=request.user, request=request)
    messages.success(request, _("ออกจากระบบที่เครื่องอื่นทั้งหมดแล้ว"))
    return redirect("accounts:sign-ins")
