"""The outbox of letters about accounts: how each is written when it is sent, and when it need not be sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.actions.tokens import token_to_send
from accounts.mail import absolute_url, invitation_link, render_mail
from accounts.models import AccountLetter, Invitation, User
from accounts.models.post import GivenUp
from accounts.post import delivery
from accounts.post.delivery import Outbox
from accounts.post.letters import SEND_TASK

Kind = AccountLetter.Kind


def _rows() -> QuerySet[AccountLetter]:
    return AccountLetter.objects.select_related("user", "invitation__province", "invitation__agency")


def _build(letter: AccountLetter) -> EmailMessage:
    subject, body = render_mail(letter.kind, language=_language(letter), context=_context(letter))
    headers = {"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, body, None, [letter.email], headers=headers)


def _language(letter: AccountLetter) -> str:
    """The language of the account, if there is one."""
    if letter.user is not None:
        return letter.user.language
    return User.objects.filter(email=letter.email).values_list("language", flat=True).first() or "th"


def _context(letter: AccountLetter) -> dict[str, Any]:
    if letter.invitation is not None:
        return {"invitation": letter.invitation, "link": invitation_link(token_to_send(letter.invitation))}
    context: dict[str, Any] = {"user": letter.user}
    if letter.kind == Kind.PASSWORD_RESET and letter.user is not None:
        uid = urlsafe_base64_encode(force_bytes(letter.user.pk))
        token = default_token_generator.make_token(letter.user)
        context["link"] = absolute_url(reverse("accounts:password-reset-confirm", args=[uid, token]))
    return context


def _why_not(letter: AccountLetter) -> GivenUp | None:
    if letter.invitation is not None:
        return None if letter.invitation.is_open else GivenUp.VOID
    if letter.user is None:
        return GivenUp.VOID
    if letter.kind == Kind.ACCOUNT_CLOSED:
        return GivenUp.VOID if letter.user.is_active else None
    return None if letter.user.is_active else GivenUp.CLOSED


def _tried(letter: AccountLetter, sent: bool) -> None:
    """The list of invitations says which letters went out."""
    if letter.invitation_id is not None:
        values = {"to_be_sent": False, **({"sent_at": timezone.now()} if sent else {})}
        Invitation.objects.filter(pk=letter.invitation_id).update(**values)


OUTBOX = Outbox(task=SEND_TASK, rows=_rows, build=_build, why_not=_why_not, tried=_tried)


def send_due_letters(now: datetime | None = None) -> int:
    """Send the letters about accounts that are due; returns the number sent."""
    return delivery.send_due(OUTBOX, now)


def mail_fails() -> bool:
    """Whether the newest letter about an account that was tried could not be sent. One query."""
    newest = AccountLetter.objects.filter(tries__gt=0).order_by("-pk").values_list("tries", "sent_at").first()
    return newest is not None and newest[1] is None
