"""Second factors for tests: an app that is set up, its codes now and in other periods, the session's memory moved."""

from __future__ import annotations

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt
from django.contrib.auth.hashers import check_password
from django.test import Client

from accounts.models import User
from accounts.second_factor.marks import PASSWORD_AT, SECOND_FACTOR_AT
from accounts.second_factor.recovery_codes import store_recovery_codes

PERIOD = 30


def give_app(user: User) -> str:
    """Set up the app and recovery codes of a person, without a page; returns the app's key."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    store_recovery_codes(user, _known_codes(user))
    return secret


def app_code(secret: str, periods: int = 0) -> str:
    """The code the app shows now, or so many periods of 30 seconds later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD + periods))


def recovery_codes(user: User) -> list[str]:
    """The unused recovery codes of a person, of those that `give_app` made."""
    return [code for code in _known_codes(user) if is_stored(user, code)]


def is_stored(user: User, code: str) -> bool:
    """Whether it is an unused recovery code of the person."""
    hashes = Authenticator.objects.get(user=user, type="recovery_codes").data["hashes"]
    return any(check_password(code, decrypt(one)) for one in hashes)


def _known_codes(user: User) -> list[str]:
    return [f"{user.pk % 10**5:05d}{number:05d}" for number in range(10)]


def remember(client: Client, *, minutes_ago: float = 0, key: str = SECOND_FACTOR_AT) -> None:
    """Make the session remember that the second factor (or the password) was given so long ago."""
    session = client.session
    session[key] = int(time.time() - minutes_ago * 60)
    session.save()


def sign_in_with_factor(client: Client, user: User) -> None:
    """A session of somebody who has just given the second factor."""
    client.force_login(user)
    remember(client)
    remember(client, key=PASSWORD_AT)
