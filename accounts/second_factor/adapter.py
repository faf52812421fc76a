"""What django-allauth asks us about second factors: how their secrets are stored, and by which name they are known."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

ISSUER = "dgready"
_PURPOSE = b"accounts.second_factor:"


class UnreadableSecret(Exception):
    """A stored secret that no key of this installation opens: SECRET_KEY was replaced. Its owner needs a reset."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are encrypted with a key made of SECRET_KEY, so a copy of the database alone gives no code."""

    def encrypt(self, text: str) -> str:
        """Encrypt a secret for the database."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt a stored secret, also one of SECRET_KEY_FALLBACKS. Raises UnreadableSecret."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            raise UnreadableSecret from error

    def get_totp_issuer(self) -> str:
        """The name that the app shows above the code."""
        return ISSUER

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        """A passkey belongs to the host that the browser asked; ALLOWED_HOSTS has checked it."""
        return {"id": context.request.get_host().partition(":")[0], "name": ISSUER}


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(urlsafe_b64encode(sha256(_PURPOSE + key.encode()).digest())) for key in keys])
