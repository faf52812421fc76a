"""Where events came from: a row beside the log that can be forgotten, and its digest, which the chain covers."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from accounts.models import AccountEvent, EventOrigin
from dgready.canonical import canonical_json, sha256_hex

ORIGIN_KEY: Final = "origin"  # of the digest, in the `after` of an event
_LONGEST: Final = 100


@dataclass(frozen=True, slots=True)
class Origin:
    """An address and a browser, with a salt of their own."""

    address: str | None
    browser: str
    salt: str

    @property
    def digest(self) -> str:
        """SHA-256 over all three."""
        return sha256_hex(canonical_json({"address": self.address, "browser": self.browser, "salt": self.salt}))


def new_origin(address: str | None, browser: str) -> Origin | None:
    """What is to be kept for a while; None where nothing is known."""
    return Origin(address, browser[:_LONGEST], secrets.token_hex(16)) if address or browser else None


def stored_origin(row: EventOrigin) -> Origin:
    """The origin that a row holds."""
    return Origin(row.address, row.browser, row.salt)


def store_origin(event: AccountEvent, origin: Origin) -> None:
    """Keeps the row of an event that holds its digest."""
    EventOrigin.objects.create(
        event=event, at=event.at, address=origin.address, browser=origin.browser, salt=origin.salt
    )
