"""Views that lead to the sign-in service and take its answer: django-allauth's, with our access rules and limits."""

from __future__ import annotations

from secrets import token_urlsafe
from typing import Final
from urllib.parse import urlencode

from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView, OAuth2View
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.access import public
from accounts.single_sign_on.adapter import NONCE, failed
from accounts.single_sign_on.id_tokens import SignedTokenAdapter
from dgready.http import own_path

_BROKEN: Final = (OSError, ValueError, KeyError, TypeError)  # no answer in time, or one that makes no sense


@public
@never_cache
@require_GET
def openid_connect_login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Lead to the sign-in service. A link, not a form: the content security policy lets no form lead elsewhere."""
    nonce = request.session[NONCE] = token_urlsafe(24)
    target = own_path(request, request.GET.get("next") or "")
    # What the address may say ends here: the library would take scope and parameters of the request from it.
    request.GET = QueryDict(urlencode({"next": target, "auth_params": urlencode({"nonce": nonce})}))
    return _ask(OAuth2LoginView, request, provider_id)


@public
@never_cache
@require_GET
def openid_connect_callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Take the answer; the library checks state, code and token, the adapter decides whose account it is."""
    return _ask(OAuth2CallbackView, request, provider_id)


def _ask(view: type[OAuth2View], request: HttpRequest, provider_id: str) -> HttpResponseBase:
    if not settings.OIDC_ISSUER or provider_id != settings.OIDC_PROVIDER_ID:
        return redirect(settings.LOGIN_URL)
    try:
        response: HttpResponseBase = view.adapter_view(SignedTokenAdapter(request, provider_id))(request)
    except _BROKEN:
        return failed(request)
    return response
