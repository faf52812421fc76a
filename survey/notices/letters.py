"""Queues e-mails (letters): each is rendered and stored once per key, and sent by survey.notices.delivery."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import signing
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts.mail import absolute_url
from accounts.models import User
from accounts.post.delivery import message_id
from dgready.publishing import publish_on_commit
from dgready.typed.characters import clean_line, clean_lines
from survey.models import Letter

SEND_LETTERS_TASK = "survey.tasks.send_letters"
UNSUBSCRIBE_SALT = "survey.letters.digest"


def queue_letter(*, user: User, key: str, template: str, context: dict[str, Any]) -> Letter | None:
    """Queue an e-mail of templates/mail/<template>.txt (first line: subject); None when the key is already queued.

    Sending starts once the caller's transaction has committed.
    """
    with translation.override(user.language):
        context = {**context, "user": user, "stop": absolute_url(unsubscribe_url(user)), "site": settings.PUBLIC_URL}
        text = render_to_string(f"mail/{template}.txt", context)
    subject, _, body = text.strip().partition("\n")
    now = timezone.now()
    key = f"{key}:{user.pk}"[-200:]
    values = {
        "user": user,
        "subject": clean_line(subject)[:300],
        "body": clean_lines(body) + "\n",
        "message_id": message_id(key),
    }
    letter, created = Letter.objects.get_or_create(key=key, defaults={**values, "made_at": now, "next_try_at": now})
    if not created:
        return None
    publish_on_commit(SEND_LETTERS_TASK)
    return letter


def unsubscribe_url(user: User) -> str:
    """The path at which a user stops the daily digest without signing in."""
    return reverse("survey:mail-stop", args=[signing.dumps(user.pk, salt=UNSUBSCRIBE_SALT)])


def user_of_unsubscribe_token(token: str) -> User | None:
    """The user of an unsubscribe token; None when it is not valid."""
    try:
        return User.objects.filter(pk=signing.loads(token, salt=UNSUBSCRIBE_SALT)).first()
    except signing.BadSignature:
        return None
