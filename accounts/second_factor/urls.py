"""URLs of second factors: asked at sign-in and again, one's own, a reset by an administrator."""

from collections.abc import Callable
from typing import Final

from django.http import HttpResponseBase
from django.urls import URLPattern, path

from accounts.second_factor.views import asking, own, resetting

# The same under a province and, for central administrators, without one.
USER_PAGES: Final[tuple[tuple[str, Callable[..., HttpResponseBase], str], ...]] = (
    ("people/<number:pk>/reset-second-factor/", resetting.reset_second_factor, "reset-second-factor"),
)

urlpatterns: list[URLPattern] = [
    path("accounts/second-factor/", asking.second_factor, name="second-factor"),
    path("accounts/second-factor/again/", asking.second_factor_again, name="second-factor-again"),
    path("accounts/security/", own.security, name="security"),
    path("accounts/security/app/", own.app, name="second-factor-app"),
    path("accounts/security/app/remove/", own.app_remove, name="second-factor-app-remove"),
    path("accounts/security/codes/", own.recovery_codes, name="recovery-codes"),
    path("accounts/security/passkeys/new/", own.passkey_new, name="passkey-new"),
    path("accounts/security/passkeys/<number:pk>/remove/", own.passkey_remove, name="passkey-remove"),
]
