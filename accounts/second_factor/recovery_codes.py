"""Recovery codes: shown once when they are made, stored as hashes like passwords, each gone once it was used.

The hashes are encrypted besides, so that neither a copy of the database nor SECRET_KEY alone gives a code. Sets made
before codes were hashed hold an encrypted seed (django-allauth's way): they go on, and become hashes at their next use.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Final

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from django.contrib.auth.hashers import get_hasher, identify_hasher, make_password
from django.utils.crypto import constant_time_compare

from accounts.models import User

_HASHES: Final = "hashes"


def make_recovery_codes(user: User) -> list[str]:
    """Make new codes, the only time they are known; earlier ones stop working."""
    digits = app_settings.RECOVERY_CODE_DIGITS
    codes = [str(secrets.randbelow(10**digits)).zfill(digits) for _ in range(app_settings.RECOVERY_CODE_COUNT)]
    store_recovery_codes(user, codes)
    return codes


def store_recovery_codes(user: User, codes: Sequence[str]) -> None:
    """Store a set of codes in the place of the earlier one."""
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data=_hashed(codes))


def use_recovery_code(row: Authenticator, code: str) -> int | None:
    """How many codes are left after this one was used; None for one that is none of them. Call with the row locked.

    Raises UnreadableSecret.
    """
    if _HASHES not in row.data:
        return _use_of_seed(row, code)
    hashes = [decrypt(stored) for stored in row.data[_HASHES]]
    wanted = _hash_like(hashes[0], code) if hashes else ""
    for number, stored in enumerate(hashes):
        if constant_time_compare(stored, wanted):
            row.data = {_HASHES: [*row.data[_HASHES][:number], *row.data[_HASHES][number + 1 :]]}
            row.save(update_fields=["data"])
            return len(row.data[_HASHES])
    return None


def count_recovery_codes(row: Authenticator) -> int:
    """How many are left. Raises UnreadableSecret."""
    if _HASHES not in row.data:
        return len(row.wrap().get_unused_codes())
    for stored in row.data[_HASHES][:1]:
        decrypt(stored)  # codes that nothing opens are none
    return len(row.data[_HASHES])


def _use_of_seed(row: Authenticator, code: str) -> int | None:
    left = row.wrap().get_unused_codes()
    if code not in left:
        return None
    row.data = _hashed([other for other in left if other != code])
    row.save(update_fields=["data"])
    return len(left) - 1


def _hashed(codes: Sequence[str]) -> dict[str, list[str]]:
    salt = get_hasher().salt()  # one for the set, so that a given code is hashed once and not ten times
    return {_HASHES: [encrypt(make_password(code, salt)) for code in codes]}


def _hash_like(stored: str, code: str) -> str:
    """The hash of a code made as a stored one was, whatever new ones are made with."""
    hasher = identify_hasher(stored)
    made = hasher.decode(stored)
    rounds = [made["iterations"]] if "iterations" in made else []
    return str(hasher.encode(code, made["salt"], *rounds))
