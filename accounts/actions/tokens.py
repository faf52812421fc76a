"""Secrets that stand for a person: of tokens and addresses, shown once; of invitations, made of a stored seed.

An invitation's needs the installation's secret too, so that neither alone opens anything. Of all only a hash is stored.
"""

from __future__ import annotations

from hashlib import sha256
from secrets import token_urlsafe

from django.utils.crypto import salted_hmac

from accounts.models import Invitation


def hash_token(token: str) -> str:
    """The SHA-256 of a token, by which its row is found: no comparison of secrets gives its time away."""
    return sha256(token.encode()).hexdigest()


def random_token() -> str:
    """A token of 256 random bits, to be shown once; 43 characters that an address can hold."""
    return token_urlsafe(32)


def new_token() -> tuple[str, str]:
    """A new seed, and the token that is made of it."""
    seed = token_urlsafe(24)
    return seed, token_of_seed(seed)


def token_of_seed(seed: str) -> str:
    """The token of a stored seed. Without the installation's secret it cannot be made."""
    return salted_hmac("accounts.invitation", seed, algorithm="sha256").hexdigest()


def token_to_send(invitation: Invitation) -> str:
    """The token of an invitation for its letter; a new one where it cannot be made again (old row, new secret)."""
    token = token_of_seed(invitation.token_seed)
    if invitation.token_seed and hash_token(token) == invitation.token_hash:
        return token
    seed, token = new_token()
    open_rows = Invitation.objects.filter(pk=invitation.pk, used_at=None, withdrawn_at=None)
    open_rows.update(token_seed=seed, token_hash=hash_token(token))
    return token
