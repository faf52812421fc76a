"""What django-allauth asks us when somebody comes from the sign-in service: whose account it is, and their session."""

from __future__ import annotations

from typing import Any, Final

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from accounts.actions.tokens import token_to_send
from accounts.second_factor.signing_in import continue_sign_in
from accounts.security_log.actions import count_event
from accounts.single_sign_on.linking import find_invitation_of, find_or_link_account
from dgready.http import own_path

NONCE: Final = "single_sign_on_nonce"  # session key


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """Ends the library's way where it would make accounts: ours are made by invitation only."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody signs up."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """The identity is proved: sign its owner in, or say why not. Nothing of the library comes after this."""
        raise ImmediateHttpResponse(_answer(request, sociallogin))

    def on_authentication_error(self, request: HttpRequest, provider: Any, **details: Any) -> None:
        """It was broken off, forged, too late, or the service did not answer."""
        raise ImmediateHttpResponse(failed(request))


def failed(request: HttpRequest) -> HttpResponseBase:
    """Back to the sign-in page, which goes on with password."""
    count_event(request=request, verb="single_sign_on_refused")
    messages.error(request, _("เข้าสู่ระบบผ่านบริการยืนยันตัวตนไม่สำเร็จ ลองอีกครั้ง หรือใช้อีเมลและรหัสผ่าน"))
    return HttpResponseRedirect(resolve_url(settings.LOGIN_URL))


def _answer(request: HttpRequest, sociallogin: Any) -> HttpResponseBase:
    if not _is_for_this_browser(request, sociallogin.account.extra_data):
        return failed(request)
    email = next((one.email for one in sociallogin.email_addresses if one.verified), "")
    account = sociallogin.account
    user = find_or_link_account(provider=account.provider, uid=account.uid, email=email)
    if user is not None:
        target = own_path(request, sociallogin.state.get("next") or "")
        return continue_sign_in(request, user, target=target, by_password=False)
    invitation = find_invitation_of(email)
    if invitation is not None:
        return HttpResponseRedirect(reverse("accounts:invitation", args=[token_to_send(invitation)]))
    count_event(request=request, verb="single_sign_on_refused")
    messages.error(request, _("ไม่มีบัญชีของอีเมลที่บริการยืนยันตัวตนรับรอง โปรดขอคำเชิญจากผู้ดูแลระบบ"))
    return HttpResponseRedirect(resolve_url(settings.LOGIN_URL))


def _is_for_this_browser(request: HttpRequest, said: dict[str, Any]) -> bool:
    """Whether the ID token is of our issuer, holds this session's nonce, and is of the person of the user info."""
    token, info, nonce = said.get("id_token"), said.get("userinfo"), request.session.pop(NONCE, "")
    if not isinstance(token, dict) or not nonce:
        return False
    is_same_person = info is None or info.get("sub") == token.get("sub")
    is_ours = str(token.get("iss", "")).rstrip("/") == settings.OIDC_ISSUER.rstrip("/")
    return is_ours and is_same_person and constant_time_compare(str(token.get("nonce", "")), nonce)
