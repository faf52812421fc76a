"""Checking what a person gives as second factor: a code of the app, a recovery code, a passkey's answer."""

from __future__ import annotations

import json
import struct
import unicodedata
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal.auth import (
    begin_authentication,
    complete_authentication,
    parse_authentication_response,
)
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.actions.attempts import count_attempt, forget_attempts
from accounts.actions.log import record_account_event
from accounts.models import User
from accounts.second_factor.adapter import UnreadableSecret
from accounts.second_factor.recovery_codes import use_recovery_code

ATTEMPTS: Final = 10  # as many as of passwords, in as long (AXES_FAILURE_LIMIT, AXES_COOLOFF_TIME)
PERIOD: Final = timedelta(minutes=30)
APP_CODE_DIGITS: Final = 6
MAX_ANSWER: Final = 20_000  # characters of a passkey's answer
# What reading an answer that no browser wrote, or a false one, ends in.
MALFORMED: Final = (
    *(ValidationError, ValueError, TypeError, LookupError, AttributeError),
    *(struct.error, RecursionError, NotImplementedError),
)


class Method(StrEnum):
    """What was given."""

    APP = "app"
    PASSKEY = "passkey"
    RECOVERY_CODE = "recovery_code"


class TooManyAttempts(Exception):
    """Codes of this person are not looked at for a while."""


def verify_second_factor(*, user: User, code: str = "", answer: str = "") -> Method | None:
    """Which second factor of the person `code`, or the passkey's `answer`, is; None for none. Raises TooManyAttempts.

    Each can be used once. Both count towards the limit of attempts, which a right one takes back.
    """
    key = f"second-factor:{user.pk}"
    if not count_attempt(key=key, limit=ATTEMPTS, period=PERIOD):
        if count_attempt(key=f"{key}:told", limit=1, period=PERIOD):
            record_account_event(by=None, verb="second_factor_locked", subject=user)
        raise TooManyAttempts
    try:
        method = _verify_passkey(user, answer) if answer else _verify_code(user, read_digits(code))
    except UnreadableSecret:
        method = None
    if method is not None:
        forget_attempts(key=key)
    return method


def read_digits(text: str) -> str:
    """The digits of a typed code, Thai ones too; spaces and dashes are left out."""
    return "".join(str(unicodedata.digit(character)) for character in text if character.isdigit())


def matching_period(secret: str, code: str, *, after: int = 0) -> int | None:
    """The period (of 30 seconds since 1970) whose code it is, if it is later than `after` and about now."""
    for period in yield_hotp_counters_from_time():
        if secret and period > after and compare_user_code(actual=code, expected=_app_code(secret, period)):
            return int(period)
    return None


def _app_code(secret: str, period: int) -> str:
    return str(format_hotp_value(hotp_value(secret, period)))


def _verify_code(user: User, digits: str) -> Method | None:
    if len(digits) == APP_CODE_DIGITS:
        return Method.APP if _use_app_code(user, digits) else None
    return Method.RECOVERY_CODE if _use_recovery_code(user, digits) else None


@transaction.atomic
def _use_app_code(user: User, code: str) -> bool:
    # Under the row's lock, not in a cache: a code counts once, for all processes together and while the cache is away.
    row = Authenticator.objects.select_for_update().filter(user=user, type=Authenticator.Type.TOTP).first()
    if row is None:
        return False
    period = matching_period(decrypt(row.data["secret"]), code, after=row.data.get("period", 0))
    if period is None:
        return False
    row.data["period"], row.last_used_at = period, timezone.now()
    row.save(update_fields=["data", "last_used_at"])
    return True


@transaction.atomic
def _use_recovery_code(user: User, code: str) -> bool:
    row = Authenticator.objects.select_for_update().filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    if row is None or not code:
        return False
    left = use_recovery_code(row, code)
    if left is None:
        return False
    row.record_usage()
    record_account_event(by=user, verb="second_factor_recovery", subject=user, after={"left": left})
    return True


def passkey_options(user: User) -> dict[str, Any]:
    """What the browser is asked for a passkey of the person; the session keeps the challenge."""
    return plain(begin_authentication(user))


def _verify_passkey(user: User, answer: str) -> Method | None:
    try:
        response = read_answer(answer)
        parse_authentication_response(response)
        row = complete_authentication(user, response)
    except MALFORMED:
        return None
    row.record_usage()
    return Method.PASSKEY


def read_answer(text: str) -> dict[str, Any]:
    """A browser's answer as the page sent it. Raises ValueError."""
    if len(text) > MAX_ANSWER:
        raise ValueError("too long")
    answer = json.loads(text)
    if not isinstance(answer, dict):
        raise ValueError("not an object")
    return answer


def plain(options: Any) -> dict[str, Any]:
    """Options of fido2 as plain values, as they go to the page."""
    return {key: plain(value) if hasattr(value, "keys") else value for key, value in dict(options).items()}
