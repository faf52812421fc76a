"""Signing in and out."""

from datetime import timedelta
from math import ceil
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
from accounts.actions.guesses import begin_try, forget_tries
from accounts.forms.own_account import SignInForm
from accounts.known_browsers import known_browser, remember_browser
from accounts.models.people import clean_email
from accounts.roles import Capability
from accounts.sample_sign_ins import sample_sign_in_context
from accounts.views.common import render_form
from dgready.http import client_ip
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
    if request.user.is_authenticated and request.method == "GET":
        return HttpResponseRedirect(target or resolve_url(settings.LOGIN_REDIRECT_URL))
    if request.method == "POST":
        return _try_to_sign_in(request, target)
    return _sign_in_page(request, SignInForm(request), target)


def _try_to_sign_in(request: HttpRequest, target: str) -> HttpResponseBase:
    """Looks at the password unless earlier wrong ones make this try wait."""
    email = clean_email(request.POST.get("username", ""))
    who = {"email": email, "address": client_ip(request), "browser": known_browser(request, email)}
    wait, counted = begin_try(**who)
    if wait:
        return _wait_page(request, wait)
    form = SignInForm(request, data=request.POST)
    if not form.is_valid():
        return _sign_in_page(request, form, target)
    user = form.get_user()
    forget_tries(**who, own=counted)
    login(request, user)
    response = HttpResponseRedirect(target or resolve_url(settings.LOGIN_REDIRECT_URL))
    set_language_cookie(response, user.language)
    remember_browser(request, response, email)
    return response


def _sign_in_page(request: HttpRequest, form: SignInForm, target: str) -> HttpResponse:
    return render_form(request, "accounts/sign_in.html", form, next=target, **sample_sign_in_context())


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Answer of axes after too many wrong passwords (AXES_LOCKOUT_CALLABLE): status 429."""
    return _wait_page(request, timedelta(hours=float(settings.AXES_COOLOFF_TIME)))


def _wait_page(request: HttpRequest, wait: timedelta) -> HttpResponse:
    """Status 429, with how long to wait."""
    seconds = ceil(wait.total_seconds())
    context = {"minutes": ceil(seconds / 60) if seconds >= 60 else 0, "seconds": seconds}
    response = render(request, "accounts/locked_out.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response


@allow(Capability.PROFILE)
@post_only(lambda request: resolve_url(settings.LOGIN_REDIRECT_URL))
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """End the session."""
    logout(request)
    messages.success(request, _("ออกจากระบบแล้ว"))
    return redirect(settings.LOGIN_URL)
