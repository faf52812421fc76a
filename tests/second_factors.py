"""Second factors for tests: an app that is set up, its codes now and in other periods, the session's memory moved."""

from __future__ import annotations

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from accounts.models import User
from accounts.second_factor.marks import PASSWORD_AT, SECOND_FACTOR_AT

PERIOD = 30


def give_app(user: User) -> str:
    """Set up the app and recovery codes of a person, without a page; returns the app's key."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def app_code(secret: str, periods: int = 0) -> str:
    """The code the app shows now, or so many periods of 30 seconds later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD + periods))


def recovery_codes(user: User) -> list[str]:
    """The unused recovery codes of a person."""
    return Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()


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
