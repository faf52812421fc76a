"""Signing in and out."""

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

from accounts.access import allow, public
from accounts.forms.own_account import SignInForm
from accounts.roles import Capability
from accounts.sample_sign_ins import sample_sign_in_context
from accounts.second_factor.gate import before_second_factor
from accounts.second_factor.signing_in import continue_sign_in
from accounts.views.common import render_form
from dgready.http import own_path
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
    home = resolve_url(settings.LOGIN_REDIRECT_URL)
    if request.user.is_authenticated and request.method == "GET":
        return HttpResponseRedirect(target or home)
    form = SignInForm(request, data=request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        return continue_sign_in(request, form.get_user(), target=target)
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
    minutes = round(float(settings.AXES_COOLOFF_TIME) * 60)
    return render(request, "accounts/locked_out.html", {"minutes": minutes}, status=429)


@before_second_factor
@allow(Capability.PROFILE)
@post_only(lambda request: resolve_url(settings.LOGIN_REDIRECT_URL))
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """End the session."""
    logout(request)
    messages.success(request, _("ออกจากระบบแล้ว"))
    return redirect(settings.LOGIN_URL)
