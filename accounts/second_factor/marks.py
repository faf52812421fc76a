"""What a session remembers of confirmations: when the second factor was given, and when the password."""

from __future__ import annotations

import time
from typing import Any, Final

SECOND_FACTOR_AT: Final = "second_factor_at"  # seconds since 1970
PASSWORD_AT: Final = "password_at"

FRESH_SECONDS: Final = 10 * 60  # a page that asks again is opened within so long
POSTED_SECONDS: Final = 30 * 60  # and its form is sent within so long, or what was typed would be lost too often


def mark(session: Any, key: str) -> None:
    """Note that it was given just now."""
    session[key] = int(time.time())


def is_marked(session: Any, key: str) -> bool:
    """Whether it was given in this session at all."""
    return key in session


def is_fresh(session: Any, key: str, seconds: int = FRESH_SECONDS) -> bool:
    """Whether it was given within the last `seconds`."""
    return bool(time.time() - session.get(key, 0) <= seconds)
