"""What is logged, and where: one line each on the console, without the secrets that addresses hold. PURE."""

from __future__ import annotations

import logging
import re
from typing import Any, Final

# Of calendars, invitations and new passwords: whoever reads the log must not be able to use them.
_SECRETS: Final = re.compile(r"(/calendar/|/accounts/invitation/|/accounts/password/reset/[^/\s]+/)[\w-]{8,}")
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


class SecretlessFormatter(logging.Formatter):
    """Formats a record, its traceback included, with the secrets of addresses left out."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name it has in logging
        """One line, whatever an address held: a line end in it would begin a record that nobody wrote."""
        return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        """The line as it is written."""
        return _SECRETS.sub(r"\1…", super().format(record))


LOGGING: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "dgready.log_output.SecretlessFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "dgready": {"level": "INFO"},
        "django.request": {"level": "ERROR"},
        "axes": {"level": "ERROR"},
    },
}
