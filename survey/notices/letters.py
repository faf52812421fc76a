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

from accounts.mail import absolute
from accounts.models import User
from dgready.celery import app
from survey.models import Letter

log = logging.getLogger(__name__)

TASK = "survey.tasks.send_letters"
SALT = "survey.letters.digest"
STALE = timedelta(minutes=10)  # a claim so old belongs to a worker that died
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=15)
GIVEN_UP = timedelta(days=5)
BATCH = 200
# Names that belong to nobody (RFC 2606): of demonstrations and played years, never of a person.
NOBODYS = (".example", "example.org", "example.com", "example.net", ".invalid", ".test")
UNKNOWN = "unknown: the line broke after the text was handed over"
DOT = b".\r\n"
END = b"\r\n" + DOT


def write(*, user: User, key: str, template: str, context: dict[str, Any]) -> Letter | None:
    """Writes templates/mail/<template>.txt (first line: subject) to a person; None when that key is written.

    It is sent once the caller's transaction is over.
    """
    with translation.override(user.language):
        context = {**context, "user": user, "stop": absolute(stop_url(user)), "site": settings.PUBLIC_URL}
        text = render_to_string(f"mail/{template}.txt", context)
    subject, _, body = text.strip().partition("\n")
    now = timezone.now()
    key = f"{key}:{user.pk}"[-200:]
    values = {"user": user, "subject": subject.strip()[:300], "body": body.strip() + "\n", "message_id": _id(key)}
    letter, made = Letter.objects.get_or_create(key=key, defaults={**values, "made_at": now, "next_try_at": now})
    if not made:
        return None
    transaction.on_commit(lambda: signature(TASK, app=app).delay())
    return letter


def _id(key: str) -> str:
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{host}>"


def stop_url(user: User) -> str:
    """The address at which a person stops the daily letter without signing in."""
    return reverse("survey:mail-stop", args=[signing.dumps(user.pk, salt=SALT)])


def owner_of(token: str) -> User | None:
    """The person whose daily letter a token stops."""
    try:
        return User.objects.filter(pk=signing.loads(token, salt=SALT)).first()
    except signing.BadSignature:
        return None


# -- sending --------------------------------------------------------------------------------------


def send_due(now: datetime | None = None) -> int:
    """Sends what is due, as long as the server answers. How many letters went out."""
    post = _Post()
    sent = 0
    try:
        for letter in _claimed(now or timezone.now()):
            outcome = post.hand_over(letter)
            sent += outcome is True
            if outcome is None:
                break
    finally:
        post.close()
    return sent


def _claimed(now: datetime) -> Iterator[Letter]:
    """Letters that are due, each claimed when it is its turn."""
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - STALE)
    due = Letter.objects.filter(free, sent_at=None, posted_at=None, next_try_at__lte=now)
    for pk in list(due.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        if due.filter(pk=pk).update(claimed_at=now, tries=F("tries") + 1):
            yield Letter.objects.select_related("user").get(pk=pk)


def release_claims() -> int:
    """At the start of the one embedded process: whoever held a claim is gone. How many were held."""
    return Letter.objects.filter(sent_at=None, posted_at=None, claimed_at__isnull=False).update(claimed_at=None)


def doubtful() -> QuerySet[Letter]:
    """Letters handed over without an answer, longer ago than any answer takes."""
    return Letter.objects.filter(sent_at=None, posted_at__lt=timezone.now() - STALE)


class _Post:
    """The line to the mail server, opened when first needed and kept for the letters of one round."""

    def __init__(self) -> None:
        self.connection: Any = None

    def hand_over(self, letter: Letter) -> bool | None:
        """True: the server has it. False: not this one. None: the server is not to be reached now."""
        if not letter.user.is_active:
            _end(letter, "not sent: the account is closed")
            return False
        if settings.PRODUCTION and letter.user.email.endswith(NOBODYS):
            _end(letter, "not sent: the address is a made-up one")
            return False
        try:
            line = self._line(lambda: _posting(letter))
            line.send_messages([_message(letter)])
        except smtplib.SMTPResponseException as no:
            _refused(letter, no.smtp_code, str(no))
            return False
        except smtplib.SMTPRecipientsRefused as no:
            code = max((code for code, _text in no.recipients.values()), default=450)
            _refused(letter, code, str(no))
            return False
        except (smtplib.SMTPException, OSError) as fault:
            self.close()
            return _broken(letter, fault)
        _sent(letter)
        return True

    def _line(self, posting: Callable[[], None]) -> Any:
        """The open line; `posting` is called just before the end of a text goes out on it."""
        if self.connection is None:
            self.connection = get_connection(fail_silently=False)
            self.connection.open()
        smtp = getattr(self.connection, "connection", None)
        if isinstance(smtp, smtplib.SMTP):
            smtp.send = _announced(smtp, posting)  # type: ignore[method-assign]
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


def _announced(smtp: smtplib.SMTP, posting: Callable[[], None]) -> Callable[..., None]:
    """How that line sends: a text without its last line, then `posting`, then the dot that makes it a letter."""

    def send(what: Any) -> None:
        if isinstance(what, bytes) and what.endswith(END):
            smtplib.SMTP.send(smtp, what[: -len(DOT)])
            try:
                posting()
            except BaseException:
                smtp.close()  # in mid-text: not even a farewell would be understood
                raise
            what = DOT
        smtplib.SMTP.send(smtp, what)

    return send


def _message(letter: Letter) -> EmailMessage:
    stop = absolute(stop_url(letter.user))
    headers = {
        "Message-ID": letter.message_id,
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return EmailMessage(letter.subject, letter.body, None, [letter.user.email], headers=headers)


def _mine(letter: Letter) -> QuerySet[Letter]:
    return Letter.objects.filter(pk=letter.pk, claimed_at=letter.claimed_at)


def _posting(letter: Letter) -> None:
    """From here on the letter is not handed over again. Raises OSError when the claim has gone to another."""
    now = timezone.now()
    if _mine(letter).filter(posted_at=None).update(posted_at=now) != 1:
        raise OSError("another worker holds this letter")
    letter.posted_at = now


def _sent(letter: Letter) -> None:
    _mine(letter).update(sent_at=timezone.now(), fault="")


def _refused(letter: Letter, code: int, said: str) -> None:
    """The server said no: for good (5xx), or for now."""
    log.warning("letter %s was refused: %s", letter.pk, said)
    if code >= 500:
        _end(letter, f"refused: {said}")
    else:
        _again(letter, said)


def _broken(letter: Letter, fault: Exception) -> bool | None:
    """The line broke: before the text went out all is as it was; afterwards nobody knows."""
    log.warning("letter %s: %r", letter.pk, fault)
    if letter.posted_at is None:
        _again(letter, repr(fault))
        return None
    _mine(letter).update(fault=UNKNOWN)
    return False


def _again(letter: Letter, said: str) -> None:
    now = timezone.now()
    if now - letter.made_at > GIVEN_UP:
        _end(letter, f"given up: {said}")
        return
    pause = min(FIRST_PAUSE * 2 ** min(letter.tries - 1, 12), LONGEST_PAUSE)
    _mine(letter).update(claimed_at=None, posted_at=None, next_try_at=now + pause, fault=said[:500])


def _end(letter: Letter, fault: str) -> None:
    """No further try; the row tells why."""
    _mine(letter).update(next_try_at=None, claimed_at=None, posted_at=None, fault=fault[:500])
