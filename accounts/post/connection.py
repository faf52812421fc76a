"""The connection to the mail server: opened when first needed, reused for one batch, and watched at the last line."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable
from typing import Any

from django.core.mail import EmailMessage, get_connection

log = logging.getLogger(__name__)
DATA_END_LINE = b".\r\n"
DATA_END = b"\r\n" + DATA_END_LINE


class ServerAway(Exception):
    """The mail server cannot be reached, or takes nothing from us at all: no letter's own fault."""


class MailConnection:
    """The connection to the mail server for one batch of letters."""

    def __init__(self) -> None:
        self._backend: Any = None

    def send(self, message: EmailMessage, before_end: Callable[[], None]) -> None:
        """Send a message; `before_end` is called just before its last line. Raises ServerAway, or what smtplib does."""
        try:
            backend = self._open()
        except (smtplib.SMTPException, OSError) as fault:
            self.close()
            raise ServerAway(repr(fault)) from fault
        smtp = getattr(backend, "connection", None)
        if isinstance(smtp, smtplib.SMTP):
            smtp.send = _send_with_callback(smtp, before_end)  # type: ignore[method-assign]
        else:
            before_end()  # a backend without SMTP has no later moment
        try:
            if not backend.send_messages([message]):
                raise ValueError("the message has no recipient")
        except smtplib.SMTPSenderRefused as fault:  # our own address: every letter would meet the same
            self.close()
            raise ServerAway(repr(fault)) from fault
        except smtplib.SMTPRecipientsRefused:
            raise
        except smtplib.SMTPResponseException as refusal:
            if refusal.smtp_code == 421:  # "closing": nothing more goes on this connection
                self.close()
            raise
        except Exception:
            self.close()  # it may be in mid-sentence
            raise

    def _open(self) -> Any:
        if self._backend is None:
            self._backend = get_connection(fail_silently=False)
            self._backend.open()
        return self._backend

    def close(self) -> None:
        """Close the connection."""
        if self._backend is not None:
            try:
                self._backend.close()
            except (smtplib.SMTPException, OSError):
                log.info("the mail server closed the connection first")
            self._backend = None


def _send_with_callback(smtp: smtplib.SMTP, before_end: Callable[[], None]) -> Callable[..., None]:
    """A replacement of SMTP.send: a message without its last line, then `before_end`, then the line with one dot."""

    def send(data: Any) -> None:
        if isinstance(data, bytes) and data.endswith(DATA_END):
            smtplib.SMTP.send(smtp, data[: -len(DATA_END_LINE)])
            try:
                before_end()
            except BaseException:
                smtp.close()  # in the middle of a message: QUIT would be read as text
                raise
            data = DATA_END_LINE
        smtplib.SMTP.send(smtp, data)

    return send
