"""Signing in and out."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import allow, public
from accounts.forms.own_account import SignInForm
from accounts.roles import Capability
from accounts.sample_sign_ins import sample_sign_in_context
from accounts.views.common import render_form
from dgready.posting import post_only


def next_page(request: HttpRequest) -> str:
    """URL to go to after signing in; empty unless it is of this site."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    hosts = {request.get_host()}
    # A path only: what else a shortcut could resolve, such as the name of a view, nobody was sent here for.
    is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts=hosts, require_https=request.is_secure())
    return target if target.startswith("/") and is_ours else ""


def set_language_cookie(response: HttpResponseBase, language: str) -> None:
    """Set the language cookie; it takes effect with the next page."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )


@public
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The sign-in page; a wrong password comes back as 422, too many as 429 (see locked_out)."""
    target = next_page(request)
    home = resolve_url(settings.LOGIN_REDIRECT_URL)
    if request.user.is_authenticated and request.method == "GET":
        return HttpResponseRedirect(target or home)
    form = SignInForm(request, data=request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        user = form.get_user()
        login(request, user)
        response = HttpResponseRedirect(target or home)
        set_language_cookie(response, user.language)
        return response
    context = {"next": target, **sample_sign_in_context()}
    return render_form(request, "accounts/sign_in.html", form, **context)


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Answer of axes after too many wrong passwords (AXES_LOCKOUT_CALLABLE): status 429."""
    minutes = round(float(settings.AXES_COOLOFF_TIME) * 60)
    return render(request, "accounts/locked_out.html", {"minutes": minutes}, status=429)


@allow(Capability.PROFILE)
@post_only(lambda request: resolve_url(settings.LOGIN_REDIRECT_URL))
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """End the session."""
    logout(request)
    messages.success(request, _("ออกจากระบบแล้ว"))
    return redirect(settings.LOGIN_URL)
