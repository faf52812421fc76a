"""Reads of second factors: which a person has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator

from accounts.models import User
from accounts.second_factor.adapter import UnreadableSecret
from accounts.second_factor.recovery_codes import count_recovery_codes

# Recovery codes stand in for one of these; alone they are none.
FACTOR_TYPES = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as its owner sees it."""

    pk: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class SecondFactors:
    """The second factors of a person: when the app was set up, passkeys, recovery codes left (None: never made)."""

    app_since: datetime | None
    passkeys: tuple[Passkey, ...]
    codes_left: int | None

    @property
    def number(self) -> int:
        """How many there are, recovery codes apart."""
        return (self.app_since is not None) + len(self.passkeys)


def has_second_factor(user: User) -> bool:
    """Whether the person has an app or a passkey. One query."""
    return bool(Authenticator.objects.filter(user=user, type__in=FACTOR_TYPES).exists())


def has_passkey(user: User) -> bool:
    """Whether the person has a passkey. One query."""
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).exists())


def read_second_factors(user: User) -> SecondFactors:
    """All second factors of a person. One query."""
    app_since, codes_left, passkeys = None, None, []
    for row in Authenticator.objects.filter(user=user).order_by("pk"):
        if row.type == Authenticator.Type.TOTP:
            app_since = row.created_at
        elif row.type == Authenticator.Type.RECOVERY_CODES:
            codes_left = _codes_left(row)
        else:
            passkeys.append(Passkey(row.pk, row.data["name"], row.created_at, row.last_used_at))
    return SecondFactors(app_since, tuple(passkeys), codes_left)


def _codes_left(row: Authenticator) -> int:
    try:
        return count_recovery_codes(row)
    except UnreadableSecret:
        return 0
