"""Pages that ask for the second factor: at sign-in, and again before acts that matter."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow, public
from accounts.actions import verify_password
from accounts.models import User
from accounts.roles import Capability
from accounts.second_factor.codes import PERIOD, Method, TooManyAttempts, passkey_options, verify_second_factor
from accounts.second_factor.forms import CodeForm, PasswordForm
from accounts.second_factor.gate import before_second_factor
from accounts.second_factor.marks import PASSWORD_AT, SECOND_FACTOR_AT, mark
from accounts.second_factor.queries import has_passkey, has_second_factor
from accounts.second_factor.signing_in import finish_sign_in, pending_user
from accounts.security_log.actions import count_event, record_own_act
from accounts.views.common import render_form
from dgready.http import own_path


@public
@sensitive_post_parameters("code", "answer")
@never_cache
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponseBase:
    """The second step of signing in; only for who has just given the password in this session."""
    user = pending_user(request)
    if user is None:
        return redirect(settings.LOGIN_URL)
    form = CodeForm(request.POST if request.method == "POST" else None)
    try:
        if method := _verify(request, user, form):
            return finish_sign_in(request, user, method=method)
    except TooManyAttempts:
        return _locked(request)
    context = {**_passkey_context(user), "person": user}
    return render_form(request, "accounts/second_factor/at_sign_in.html", form, **context)


@before_second_factor
@allow(Capability.PROFILE)
@sensitive_post_parameters("code", "answer", "password")
@never_cache
@require_http_methods(["GET", "POST"])
def second_factor_again(request: SignedInRequest) -> HttpResponseBase:
    """Asks a signed-in person again: for a second factor, or for the password of who has none; then leads back."""
    target = own_path(request, request.GET.get("next") or "") or resolve_url(settings.LOGIN_REDIRECT_URL)
    if not has_second_factor(request.user):
        return _ask_password(request, target)
    form = CodeForm(request.POST if request.method == "POST" else None)
    try:
        if method := _verify(request, request.user, form):
            request.session.cycle_key()
            mark(request.session, SECOND_FACTOR_AT)
            record_own_act(request=request, by=request.user, verb="second_factor_again", way=method)
            return HttpResponseRedirect(target)
    except TooManyAttempts:
        return _locked(request)
    context = {**_passkey_context(request.user), "back": resolve_url("accounts:profile")}
    return render_form(request, "accounts/second_factor/again.html", form, **context)


def _ask_password(request: SignedInRequest, target: str) -> HttpResponseBase:
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        if verify_password(request.user, form.cleaned_data["password"], request=request):
            mark(request.session, PASSWORD_AT)
            return HttpResponseRedirect(target)
        form.add_error("password", _("รหัสผ่านไม่ถูกต้อง"))
    back = resolve_url("accounts:profile")
    return render_form(request, "accounts/second_factor/again.html", form, back=back, by_password=True)


def _verify(request: HttpRequest, user: User, form: CodeForm) -> Method | None:
    """What the form gives, if it is right; a wrong one becomes an error of the form. Raises TooManyAttempts."""
    if not form.is_bound or not form.is_valid():
        return None
    given = form.cleaned_data
    method = verify_second_factor(user=user, code=given["code"], answer=given["answer"])
    if method is None:
        count_event(request=request, verb="second_factor_wrong", subject=user)
    if method is None and given["answer"]:
        form.add_error(None, _("ยืนยันด้วยพาสคีย์ไม่สำเร็จ ลองอีกครั้ง หรือใช้รหัสแทน"))
    elif method is None:
        form.add_error("code", _("รหัสไม่ถูกต้องหรือใช้ไปแล้ว รหัสจากแอปเปลี่ยนทุก 30 วินาที"))
    return method


def _passkey_context(user: User) -> dict[str, Any]:
    return {"options": passkey_options(user) if has_passkey(user) else None}


def _locked(request: HttpRequest) -> HttpResponse:
    minutes = int(PERIOD.total_seconds()) // 60
    return render(request, "accounts/second_factor/locked.html", {"minutes": minutes}, status=429)
