"""Sends the letters of an outbox by SMTP: each is handed over at most once, and no letter stops the others.

A letter is claimed by a conditional update, so that two workers never send the same one. A server accepts a message
only with the line of one dot that ends it; until that line is sent every fault leaves the letter to be tried again.
`posted_at` is committed just before it: if the process or the connection then dies without an answer, nobody can
know whether the server accepted it, and it is not sent a second time (rather one letter too few than the same twice;
the notice in the app says the same, and the log records it). The Message-ID is made from the key, so it names the
letter in the logs of every server on the way.

Faults are per letter: whatever goes wrong with one is written on its row, it is tried again after growing pauses, and
given up after MAX_FAULTS with a reason that administrators see. While the server is away nothing is any letter's fault.
"""

from __future__ import annotations

import hashlib
import logging
import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Generic, TypeVar
from urllib.parse import urlsplit

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models.post import GivenUp, QueuedMail
from accounts.post.connection import MailConnection, ServerAway
from dgready.typed.characters import clean_line

log = logging.getLogger(__name__)

CLAIM_TIMEOUT: Final = timedelta(minutes=10)  # a claim so old belongs to a worker that died
FIRST_RETRY_DELAY: Final = timedelta(minutes=1)
MAX_RETRY_DELAY: Final = timedelta(minutes=15)  # while the server is away
MAX_FAULT_DELAY: Final = timedelta(hours=6)  # of a letter that failed again and again
GIVE_UP_AFTER: Final = timedelta(days=5)  # without a server
MAX_FAULTS: Final = 16
BATCH_SIZE: Final = 200
MAX_BROKEN: Final = 3  # connections broken one after the other: it is the server
# Names that belong to nobody (RFC 2606): of demonstrations and played years, never of a person.
RESERVED_DOMAINS: Final = (".example", "example.org", "example.com", "example.net", ".invalid", ".test")
UNCONFIRMED_FAULT: Final = "unknown: the line broke after the text was handed over"
NOT_SENT: Final = {
    GivenUp.CLOSED: "not sent: the account is closed",
    GivenUp.MADE_UP: "not sent: the address is a made-up one",
    GivenUp.VOID: "not sent: no longer needed",
}

Mail = TypeVar("Mail", bound=QueuedMail)


class ClaimLost(OSError):
    """Another worker holds a letter, or has handed it over: this one breaks off before the message ends."""


@dataclass(frozen=True, slots=True)
class Outbox(Generic[Mail]):
    """A table of letters and the task that sends them.

    `build` writes a letter's message; `why_not` says why one must not be sent (None: send it); `tried` is told after
    each try whether it was sent.
    """

    task: str
    rows: Callable[[], QuerySet[Mail]]
    build: Callable[[Mail], EmailMessage]
    why_not: Callable[[Mail], GivenUp | None]
    tried: Callable[[Mail, bool], object] = lambda letter, sent: None


def send_due(outbox: Outbox[Mail], now: datetime | None = None) -> int:
    """Send the letters that are due, as long as the mail server answers; returns the number sent."""
    connection = MailConnection()
    sent = broken = 0
    try:
        for letter in _claim_due(outbox, now or timezone.now()):
            try:
                was_sent = _send_one(connection, outbox, letter)
            except ServerAway as away:
                log.warning("letter %s: %s", letter.key, away)
                _wait_for_server(letter, str(away))
                outbox.tried(letter, False)
                break
            except (smtplib.SMTPServerDisconnected, OSError) as fault:
                _handle_broken_connection(letter, fault)
                was_sent, broken = False, broken + 1
            else:
                broken = 0
            outbox.tried(letter, was_sent)
            sent += was_sent
            if broken == MAX_BROKEN:
                break
    finally:
        connection.close()
    return sent


def _claim_due(outbox: Outbox[Mail], now: datetime) -> Iterator[Mail]:
    """The letters that are due, each claimed just before it is yielded."""
    unclaimed = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM_TIMEOUT)
    due = outbox.rows().filter(unclaimed, sent_at=None, posted_at=None, next_try_at__lte=now)
    plain = due.model._default_manager
    for pk in list(due.order_by("next_try_at", "pk").values_list("pk", flat=True)[:BATCH_SIZE]):
        still_due = plain.filter(unclaimed, pk=pk, sent_at=None, posted_at=None, next_try_at__lte=now)
        if still_due.update(claimed_at=now, tries=F("tries") + 1):
            # Not there if this process stood still since, and another has claimed it.
            yield from outbox.rows().filter(pk=pk, claimed_at=now)


def _send_one(connection: MailConnection, outbox: Outbox[Mail], letter: Mail) -> bool:
    """Whether the server accepted a letter. What is wrong with the letter is written down and hinders no other.

    Raises ServerAway, SMTPServerDisconnected and OSError.
    """
    try:
        reason = outbox.why_not(letter) or _made_up_address(letter)
        if reason:
            give_up(letter, reason, NOT_SENT[reason])
            return False
        connection.send(outbox.build(letter), lambda: _mark_posted(letter))
    except (ServerAway, smtplib.SMTPServerDisconnected, OSError) as fault:
        if isinstance(fault, smtplib.SMTPException) and not isinstance(fault, smtplib.SMTPServerDisconnected):
            _handle_refusal(letter, fault)
            return False
        raise
    except SoftTimeLimitExceeded:
        raise
    except Exception as fault:  # a text that cannot be written, an address that cannot be encoded
        log.exception("letter %s could not be written or sent", letter.key)
        if letter.posted_at is not None:
            _mark_unconfirmed(letter)
        else:
            _retry_or_give_up(letter, GivenUp.FAULT, repr(fault))
        return False
    _mark_sent(letter)
    return True


def _made_up_address(letter: QueuedMail) -> GivenUp | None:
    return GivenUp.MADE_UP if settings.PRODUCTION and letter.address.endswith(RESERVED_DOMAINS) else None


# -- what becomes of a letter ---------------------------------------------------------------------


def _own_claim(letter: QueuedMail) -> QuerySet[QueuedMail]:
    """The letter's row, as long as this process holds its claim."""
    return type(letter)._default_manager.filter(pk=letter.pk, claimed_at=letter.claimed_at)


def _mark_posted(letter: QueuedMail) -> None:
    """Record that the letter is handed over: it is never sent again. Raises ClaimLost."""
    now = timezone.now()
    if _own_claim(letter).filter(posted_at=None).update(posted_at=now) != 1:
        raise ClaimLost("another worker holds this letter")
    letter.posted_at = now


def _mark_sent(letter: QueuedMail) -> None:
    _own_claim(letter).update(sent_at=timezone.now(), fault="", given_up="")


def _mark_unconfirmed(letter: QueuedMail) -> None:
    _own_claim(letter).update(fault=UNCONFIRMED_FAULT, given_up=GivenUp.UNCONFIRMED)


def _handle_refusal(letter: QueuedMail, refusal: smtplib.SMTPException) -> None:
    """The server refused the letter: for good (5xx), or for now."""
    code, words = _code_and_words(refusal)
    log.warning("letter %s was refused: %s %s", letter.key, code, words)
    if code >= 500:
        give_up(letter, GivenUp.REFUSED, f"refused: {code} {words}")
    else:
        _retry_or_give_up(letter, GivenUp.REFUSED, f"{code} {words}")


def _code_and_words(refusal: smtplib.SMTPException) -> tuple[int, str]:
    """What the server said; of several recipients the worst. Without a code it counts as "later"."""
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        code, said = max(refusal.recipients.values(), default=(450, b""))
        return code, said.decode(errors="replace")
    if isinstance(refusal, smtplib.SMTPResponseException):
        words = refusal.smtp_error
        return refusal.smtp_code, words.decode(errors="replace") if isinstance(words, bytes) else words
    return 450, str(refusal)


def _handle_broken_connection(letter: QueuedMail, fault: Exception) -> None:
    """The connection broke: before the message ended, try again; afterwards the outcome is unknown."""
    log.warning("letter %s: %r", letter.key, fault)
    if isinstance(fault, ClaimLost):
        return  # what becomes of it the other writes down
    if letter.posted_at is not None:
        _mark_unconfirmed(letter)
    else:
        _retry_or_give_up(letter, GivenUp.FAULT, repr(fault))


def _retry_or_give_up(letter: QueuedMail, reason: GivenUp, fault: str) -> None:
    """Something was wrong with this letter: later again, with growing pauses, until MAX_FAULTS."""
    faults = letter.faults + 1
    if faults >= MAX_FAULTS:
        give_up(letter, reason, f"given up: {fault}")
        return
    pause = min(FIRST_RETRY_DELAY * 2 ** min(faults - 1, 12), MAX_FAULT_DELAY)
    _try_again(letter, pause, fault, faults)


def _wait_for_server(letter: QueuedMail, fault: str) -> None:
    if timezone.now() - letter.asked_at > GIVE_UP_AFTER:
        give_up(letter, GivenUp.SERVER, f"given up: {fault}")
        return
    pause = min(FIRST_RETRY_DELAY * 2 ** min(letter.tries - 1, 12), MAX_RETRY_DELAY)
    _try_again(letter, pause, fault, letter.faults)


def _try_again(letter: QueuedMail, pause: timedelta, fault: str, faults: int) -> None:
    values = {"next_try_at": timezone.now() + pause, "fault": clean_line(fault)[:500], "faults": faults}
    _own_claim(letter).update(claimed_at=None, posted_at=None, **values)


def give_up(letter: QueuedMail, reason: GivenUp, fault: str) -> None:
    """Stop trying; the row records why."""
    values = {"given_up": reason, "fault": clean_line(fault)[:500]}
    _own_claim(letter).update(next_try_at=None, claimed_at=None, posted_at=None, **values)


# -- from outside ---------------------------------------------------------------------------------


def release_claims(outbox: Outbox[Mail]) -> int:
    """Release all claims, at the start of the one embedded process; returns the number released."""
    claimed = outbox.rows().filter(sent_at=None, posted_at=None, claimed_at__isnull=False)
    return claimed.model._default_manager.filter(pk__in=list(claimed.values_list("pk", flat=True))).update(
        claimed_at=None
    )


def note_unconfirmed(outbox: Outbox[Mail]) -> int:
    """Record which letters were handed over without an answer longer ago than CLAIM_TIMEOUT; returns how many."""
    model = outbox.rows().model
    rows = model._default_manager.filter(sent_at=None, posted_at__lt=timezone.now() - CLAIM_TIMEOUT)
    new = rows.exclude(given_up=GivenUp.UNCONFIRMED)
    return new.update(fault=UNCONFIRMED_FAULT, given_up=GivenUp.UNCONFIRMED)


def message_id(key: str) -> str:
    """The Message-ID of a letter: its key, so that a server's log names it."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{host}>"
