"""The post: letters are written once per key, handed over once, and tried again while the server is down.

A letter is claimed by a conditional update, so that two workers never hold the same one. A server takes a letter
only with the line of one dot that ends its text; until that line goes out every fault leaves the letter to be tried
again. `posted_at` is committed just before it: if the process or the line then dies without an answer, nobody can
know whether the server took the letter, and it is not handed over a second time (rather one letter too few than the
same twice; the notice in the app says the same thing, and the log tells of it). The Message-ID is made from the key,
so it names the letter in the logs of every server on the way.
"""

from __future__ import annotations

import hashlib
import logging
import smtplib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from celery import signature
from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts.mail import absolute_url
from accounts.models import User
from dgready.celery import app
from survey.models import Letter

log = logging.getLogger(__name__)

SEND_LETTERS_TASK = "survey.tasks.send_letters"
UNSUBSCRIBE_SALT = "survey.letters.digest"
CLAIM_TIMEOUT = timedelta(minutes=10)  # a claim so old belongs to a worker that died
FIRST_RETRY_DELAY, MAX_RETRY_DELAY = timedelta(minutes=1), timedelta(minutes=15)
GIVE_UP_AFTER = timedelta(days=5)
BATCH_SIZE = 200
# Names that belong to nobody (RFC 2606): of demonstrations and played years, never of a person.
RESERVED_DOMAINS = (".example", "example.org", "example.com", "example.net", ".invalid", ".test")
UNCONFIRMED_FAULT = "unknown: the line broke after the text was handed over"
DATA_END_LINE = b".\r\n"
DATA_END = b"\r\n" + DATA_END_LINE


def queue_letter(*, user: User, key: str, template: str, context: dict[str, Any]) -> Letter | None:
    """Writes templates/mail/<template>.txt (first line: subject) to a person; None when that key is written.

    It is sent once the caller's transaction is over.
    """
    with translation.override(user.language):
        context = {**context, "user": user, "stop": absolute_url(unsubscribe_url(user)), "site": settings.PUBLIC_URL}
        text = render_to_string(f"mail/{template}.txt", context)
    subject, _, body = text.strip().partition("\n")
    now = timezone.now()
    key = f"{key}:{user.pk}"[-200:]
    values = {
        "user": user,
        "subject": subject.strip()[:300],
        "body": body.strip() + "\n",
        "message_id": _message_id(key),
    }
    letter, made = Letter.objects.get_or_create(key=key, defaults={**values, "made_at": now, "next_try_at": now})
    if not made:
        return None
    transaction.on_commit(lambda: signature(SEND_LETTERS_TASK, app=app).delay())
    return letter


def _message_id(key: str) -> str:
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{host}>"


def unsubscribe_url(user: User) -> str:
    """The address at which a person stops the daily letter without signing in."""
    return reverse("survey:mail-stop", args=[signing.dumps(user.pk, salt=UNSUBSCRIBE_SALT)])


def user_of_unsubscribe_token(token: str) -> User | None:
    """The person whose daily letter a token stops."""
    try:
        return User.objects.filter(pk=signing.loads(token, salt=UNSUBSCRIBE_SALT)).first()
    except signing.BadSignature:
        return None


# -- sending --------------------------------------------------------------------------------------


def send_due_letters(now: datetime | None = None) -> int:
    """Sends what is due, as long as the server answers. How many letters went out."""
    post = _MailConnection()
    sent = 0
    try:
        for letter in _claim_due_letters(now or timezone.now()):
            outcome = post.hand_over(letter)
            sent += outcome is True
            if outcome is None:
                break
    finally:
        post.close()
    return sent


def _claim_due_letters(now: datetime) -> Iterator[Letter]:
    """Letters that are due, each claimed when it is its turn."""
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM_TIMEOUT)
    due = Letter.objects.filter(free, sent_at=None, posted_at=None, next_try_at__lte=now)
    for pk in list(due.order_by("pk").values_list("pk", flat=True)[:BATCH_SIZE]):
        if due.filter(pk=pk).update(claimed_at=now, tries=F("tries") + 1):
            yield Letter.objects.select_related("user").get(pk=pk)


def release_claims() -> int:
    """At the start of the one embedded process: whoever held a claim is gone. How many were held."""
    return Letter.objects.filter(sent_at=None, posted_at=None, claimed_at__isnull=False).update(claimed_at=None)


def unconfirmed_letters() -> QuerySet[Letter]:
    """Letters handed over without an answer, longer ago than any answer takes."""
    return Letter.objects.filter(sent_at=None, posted_at__lt=timezone.now() - CLAIM_TIMEOUT)


class _MailConnection:
    """The line to the mail server, opened when first needed and kept for the letters of one round."""

    def __init__(self) -> None:
        self.connection: Any = None

    def hand_over(self, letter: Letter) -> bool | None:
        """True: the server has it. False: not this one. None: the server is not to be reached now."""
        if not letter.user.is_active:
            _give_up(letter, "not sent: the account is closed")
            return False
        if settings.PRODUCTION and letter.user.email.endswith(RESERVED_DOMAINS):
            _give_up(letter, "not sent: the address is a made-up one")
            return False
        try:
            line = self._line(lambda: _mark_posted(letter))
            line.send_messages([_build_message(letter)])
        except smtplib.SMTPResponseException as no:
            _handle_refusal(letter, no.smtp_code, str(no))
            return False
        except smtplib.SMTPRecipientsRefused as no:
            code = max((code for code, _text in no.recipients.values()), default=450)
            _handle_refusal(letter, code, str(no))
            return False
        except (smtplib.SMTPException, OSError) as fault:
            self.close()
            return _handle_broken_connection(letter, fault)
        _mark_sent(letter)
        return True

    def _line(self, posting: Callable[[], None]) -> Any:
        """The open line; `posting` is called just before the end of a text goes out on it."""
        if self.connection is None:
            self.connection = get_connection(fail_silently=False)
            self.connection.open()
        smtp = getattr(self.connection, "connection", None)
        if isinstance(smtp, smtplib.SMTP):
            smtp.send = _send_with_callback(smtp, posting)  # type: ignore[method-assign]
        else:
            posting()  # a backend without a line: the moment before is all there is
        return self.connection

    def close(self) -> None:
        """Hangs up."""
        if self.connection is not None:
            try:
                self.connection.close()
            except (smtplib.SMTPException, OSError):
                log.info("the mail server hung up first")
            self.connection = None


def _send_with_callback(smtp: smtplib.SMTP, posting: Callable[[], None]) -> Callable[..., None]:
    """How that line sends: a text without its last line, then `posting`, then the dot that makes it a letter."""

    def send(what: Any) -> None:
        if isinstance(what, bytes) and what.endswith(DATA_END):
            smtplib.SMTP.send(smtp, what[: -len(DATA_END_LINE)])
            try:
                posting()
            except BaseException:
                smtp.close()  # in mid-text: not even a farewell would be understood
                raise
            what = DATA_END_LINE
        smtplib.SMTP.send(smtp, what)

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
    return Letter.objects.filter(pk=letter.pk, claimed_at=letter.claimed_at)


def _mark_posted(letter: Letter) -> None:
    """From here on the letter is not handed over again. Raises OSError when the claim has gone to another."""
    now = timezone.now()
    if _own_claim(letter).filter(posted_at=None).update(posted_at=now) != 1:
        raise OSError("another worker holds this letter")
    letter.posted_at = now


def _mark_sent(letter: Letter) -> None:
    _own_claim(letter).update(sent_at=timezone.now(), fault="")


def _handle_refusal(letter: Letter, code: int, said: str) -> None:
    """The server said no: for good (5xx), or for now."""
    log.warning("letter %s was refused: %s", letter.pk, said)
    if code >= 500:
        _give_up(letter, f"refused: {said}")
    else:
        _schedule_retry(letter, said)


def _handle_broken_connection(letter: Letter, fault: Exception) -> bool | None:
    """The line broke: before the text went out all is as it was; afterwards nobody knows."""
    log.warning("letter %s: %r", letter.pk, fault)
    if letter.posted_at is None:
        _schedule_retry(letter, repr(fault))
        return None
    _own_claim(letter).update(fault=UNCONFIRMED_FAULT)
    return False


def _schedule_retry(letter: Letter, said: str) -> None:
    now = timezone.now()
    if now - letter.made_at > GIVE_UP_AFTER:
        _give_up(letter, f"given up: {said}")
        return
    pause = min(FIRST_RETRY_DELAY * 2 ** min(letter.tries - 1, 12), MAX_RETRY_DELAY)
    _own_claim(letter).update(claimed_at=None, posted_at=None, next_try_at=now + pause, fault=said[:500])


def _give_up(letter: Letter, fault: str) -> None:
    """No further try; the row tells why."""
    _own_claim(letter).update(next_try_at=None, claimed_at=None, posted_at=None, fault=fault[:500])
