"""Signing in and out."""

from datetime import timedelta
from math import ceil
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow, public
from accounts.actions.guesses import Trier, begin_try, forget_tries, note_wrong
from accounts.backends import was_sample_refused
from accounts.forms.own_account import SignInForm
from accounts.known_browsers import known_browser
from accounts.models.people import clean_email
from accounts.roles import Capability
from accounts.sample_sign_ins import sample_sign_in_context
from accounts.second_factor.gate import before_second_factor
from accounts.second_factor.signing_in import continue_sign_in
from accounts.security_log.actions import record_own_act, record_refused_sign_in
from accounts.views.common import render_form
from dgready.http import client_ip, own_path
from dgready.posting import post_only


def next_page(request: HttpRequest) -> str:
    """URL to go to after signing in; empty unless it is of this site."""
    return own_path(request, request.POST.get("next") or request.GET.get("next") or "")


@public
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The sign-in page, before the second factor; a wrong password comes back as 422, too many as 429 (locked_out)."""
    target = next_page(request)
    if request.user.is_authenticated and request.method == "GET":
        return HttpResponseRedirect(target or resolve_url(settings.LOGIN_REDIRECT_URL))
    if request.method == "POST":
        return _try_to_sign_in(request, target)
    return _sign_in_page(request, SignInForm(request), target)


def _try_to_sign_in(request: HttpRequest, target: str) -> HttpResponseBase:
    """Looks at the password unless earlier wrong ones make this try wait."""
    email = clean_email(request.POST.get("username", ""))
    who = Trier(email, client_ip(request), known_browser(request, email))
    wait, counted = begin_try(who=who)
    if wait:
        record_refused_sign_in(request=request, email=email, verb="sign_in_wait")
        return _wait_page(request, wait)
    form = SignInForm(request, data=request.POST)
    if not form.is_valid():
        note_wrong(who=who)
        verb = "sign_in_sample" if was_sample_refused(request) else "sign_in_refused"
        record_refused_sign_in(request=request, email=email, verb=verb)
        return _sign_in_page(request, form, target)
    forget_tries(who=who, own=counted)
    return continue_sign_in(request, form.get_user(), target=target)


def _sign_in_page(request: HttpRequest, form: SignInForm, target: str) -> HttpResponse:
    context = {"next": target, "service": single_sign_on_link(target), **sample_sign_in_context()}
    return render_form(request, "accounts/sign_in.html", form, **context)


def single_sign_on_link(target: str) -> dict[str, str] | None:
    """Name and address of the sign-in service, if the installation has one."""
    if not settings.OIDC_ISSUER:
        return None
    address = reverse("openid_connect_login", args=[settings.OIDC_PROVIDER_ID])
    return {"name": settings.OIDC_NAME, "address": f"{address}?{urlencode({'next': target})}"}


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Answer of axes after too many wrong passwords (AXES_LOCKOUT_CALLABLE): status 429."""
    record_refused_sign_in(request=request, email=clean_email(request.POST.get("username", "")), verb="sign_in_wait")
    return _wait_page(request, timedelta(hours=float(settings.AXES_COOLOFF_TIME)))


def _wait_page(request: HttpRequest, wait: timedelta) -> HttpResponse:
    """Status 429, with how long to wait."""
    seconds = ceil(wait.total_seconds())
    context = {"minutes": ceil(seconds / 60) if seconds >= 60 else 0, "seconds": seconds}
    response = render(request, "accounts/locked_out.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response


@before_second_factor
@allow(Capability.PROFILE)
@post_only(lambda request: resolve_url(settings.LOGIN_REDIRECT_URL))
def sign_out(request: SignedInRequest) -> HttpResponseBase:
    """End the session."""
    record_own_act(request=request, by=request.user, verb="sign_out")
    logout(request)
    messages.success(request, _("ออกจากระบบแล้ว"))
    response = redirect(settings.LOGIN_URL)
    response["Clear-Site-Data"] = '"cache"'  # drafts stay in the browser: what was typed and not saved is not lost
    return response
