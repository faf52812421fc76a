"""Sends queued letters by SMTP: each is handed over at most once, and tried again while the server is down.

A letter is claimed by a conditional update, so that two workers never send the same one. A server accepts a message
only with the line of one dot that ends it; until that line is sent every fault leaves the letter to be tried again.
`posted_at` is committed just before it: if the process or the connection then dies without an answer, nobody can
know whether the server accepted it, and it is not sent a second time (rather one letter too few than the same twice;
the notice in the app says the same, and the log records it). The Message-ID is made from the key, so it names the
letter in the logs of every server on the way.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.mail import absolute_url
from survey.models import Letter
from survey.notices.letters import unsubscribe_url

log = logging.getLogger(__name__)

CLAIM_TIMEOUT = timedelta(minutes=10)  # a claim so old belongs to a worker that died
FIRST_RETRY_DELAY, MAX_RETRY_DELAY = timedelta(minutes=1), timedelta(minutes=15)
GIVE_UP_AFTER = timedelta(days=5)
BATCH_SIZE = 200
# Names that belong to nobody (RFC 2606): of demonstrations and played years, never of a person.
RESERVED_DOMAINS = (".example", "example.org", "example.com", "example.net", ".invalid", ".test")
UNCONFIRMED_FAULT = "unknown: the line broke after the text was handed over"
DATA_END_LINE = b".\r\n"
DATA_END = b"\r\n" + DATA_END_LINE


def send_due_letters(now: datetime | None = None) -> int:
    """Send the letters that are due, as long as the mail server answers; returns the number sent."""
    connection = _MailConnection()
    sent = 0
    try:
        for letter in _claim_due_letters(now or timezone.now()):
            was_sent = connection.send(letter)
            sent += was_sent is True
            if was_sent is None:
                break
    finally:
        connection.close()
    return sent


def _claim_due_letters(now: datetime) -> Iterator[Letter]:
    """The letters that are due, each claimed just before it is yielded."""
    unclaimed = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM_TIMEOUT)
    due = Letter.objects.filter(unclaimed, sent_at=None, posted_at=None, next_try_at__lte=now)
    for pk in list(due.order_by("pk").values_list("pk", flat=True)[:BATCH_SIZE]):
        if due.filter(pk=pk).update(claimed_at=now, tries=F("tries") + 1):
            yield Letter.objects.select_related("user").get(pk=pk)


def release_claims() -> int:
    """Release all claims, at the start of the one embedded process; returns the number released."""
    return Letter.objects.filter(sent_at=None, posted_at=None, claimed_at__isnull=False).update(claimed_at=None)


def unconfirmed_letters() -> QuerySet[Letter]:
    """Letters handed to the server without an answer, longer ago than CLAIM_TIMEOUT."""
    return Letter.objects.filter(sent_at=None, posted_at__lt=timezone.now() - CLAIM_TIMEOUT)


class _MailConnection:
    """The connection to the mail server, opened when first needed and reused for one batch of letters."""

    def __init__(self) -> None:
        self.connection: Any = None

    def send(self, letter: Letter) -> bool | None:
        """Send one letter. True: the server accepted it. False: it was not sent. None: the server cannot be reached."""
        if not letter.user.is_active:
            _give_up(letter, "not sent: the account is closed")
            return False
        if settings.PRODUCTION and letter.user.email.endswith(RESERVED_DOMAINS):
            _give_up(letter, "not sent: the address is a made-up one")
            return False
        try:
            connection = self._open(lambda: _mark_posted(letter))
            connection.send_messages([_build_message(letter)])
        except smtplib.SMTPResponseException as error:
            _handle_refusal(letter, error.smtp_code, str(error))
            return False
        except smtplib.SMTPRecipientsRefused as error:
            code = max((code for code, _text in error.recipients.values()), default=450)
            _handle_refusal(letter, code, str(error))
            return False
        except (smtplib.SMTPException, OSError) as fault:
            self.close()
            return _handle_broken_connection(letter, fault)
        _mark_sent(letter)
        return True

    def _open(self, before_end: Callable[[], None]) -> Any:
        """The open connection; `before_end` is called just before the end of a message is sent on it."""
        if self.connection is None:
            self.connection = get_connection(fail_silently=False)
            self.connection.open()
        smtp = getattr(self.connection, "connection", None)
        if isinstance(smtp, smtplib.SMTP):
            smtp.send = _send_with_callback(smtp, before_end)  # type: ignore[method-assign]
        else:
            before_end()  # a backend without SMTP has no later moment
        return self.connection

    def close(self) -> None:
        """Close the connection."""
        if self.connection is not None:
            try:
                self.connection.close()
            except (smtplib.SMTPException, OSError):
                log.info("the mail server closed the connection first")
            self.connection = None


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


def _build_message(letter: Letter) -> EmailMessage:
    stop = absolute_url(unsubscribe_url(letter.user))
    headers = {
        "Message-ID": letter.message_id,
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return EmailMessage(letter.subject, letter.body, None, [letter.user.email], headers=headers)


def _own_claim(letter: Letter) -> QuerySet[Letter]:
    """The letter's row, as long as this process holds its claim."""
    return Letter.objects.filter(pk=letter.pk, claimed_at=letter.claimed_at)


def _mark_posted(letter: Letter) -> None:
    """Record that the letter is handed over: it is never sent again. Raises OSError when the claim is lost."""
    now = timezone.now()
    if _own_claim(letter).filter(posted_at=None).update(posted_at=now) != 1:
        raise OSError("another worker holds this letter")
    letter.posted_at = now


def _mark_sent(letter: Letter) -> None:
    _own_claim(letter).update(sent_at=timezone.now(), fault="")


def _handle_refusal(letter: Letter, code: int, reply: str) -> None:
    """The server refused the letter: for good (5xx), or for now."""
    log.warning("letter %s was refused: %s", letter.pk, reply)
    if code >= 500:
        _give_up(letter, f"refused: {reply}")
    else:
        _schedule_retry(letter, reply)


def _handle_broken_connection(letter: Letter, fault: Exception) -> bool | None:
    """The connection broke: before the message ended, try again; afterwards the outcome is unknown."""
    log.warning("letter %s: %r", letter.pk, fault)
    if letter.posted_at is None:
        _schedule_retry(letter, repr(fault))
        return None
    _own_claim(letter).update(fault=UNCONFIRMED_FAULT)
    return False


def _schedule_retry(letter: Letter, reply: str) -> None:
    now = timezone.now()
    if now - letter.made_at > GIVE_UP_AFTER:
        _give_up(letter, f"given up: {reply}")
        return
    pause = min(FIRST_RETRY_DELAY * 2 ** min(letter.tries - 1, 12), MAX_RETRY_DELAY)
    _own_claim(letter).update(claimed_at=None, posted_at=None, next_try_at=now + pause, fault=reply[:500])


def _give_up(letter: Letter, fault: str) -> None:
    """Stop trying; the row records why."""
    _own_claim(letter).update(next_try_at=None, claimed_at=None, posted_at=None, fault=fault[:500])
