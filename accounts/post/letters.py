"""Queues the letters about accounts: invitations, new passwords, second factors, closed accounts.

What is stored says which letter is to be sent, never its text: a link to an account is made when the letter is sent.
"""

from __future__ import annotations

from django.utils import timezone

from accounts.models import AccountLetter, Invitation, User
from accounts.models.post import GivenUp
from accounts.post.delivery import message_id
from dgready.publishing import publish_on_commit

SEND_TASK = "accounts.tasks.send_letters"
Kind = AccountLetter.Kind


def queue_invitation_letter(invitation: Invitation) -> AccountLetter:
    """Queue the letter with the link of an invitation, once per link; call inside the invitation's transaction."""
    Invitation.objects.filter(pk=invitation.pk).update(to_be_sent=True)
    invitation.to_be_sent = True
    key = f"invitation:{invitation.pk}:{invitation.token_hash[:16]}"
    earlier = AccountLetter.objects.filter(invitation=invitation, sent_at=None, posted_at=None).exclude(key=key)
    earlier.update(given_up=GivenUp.VOID, next_try_at=None)
    return _queue(Kind.INVITATION, key, email=invitation.email, invitation=invitation)


def queue_reset_letter(user: User | None, email: str) -> AccountLetter:
    """Queue the letter with the link at which a user sets a new password; without one it must be taken back."""
    key = f"reset:{user.pk if user else 0}:{timezone.now():%Y%m%dT%H%M%S%f}"
    return _queue(Kind.PASSWORD_RESET, key, email=user.email if user else email, user=user)


def queue_closed_letter(user: User, event: int) -> AccountLetter:
    """Queue the letter to somebody whose account was closed; `event`: the log's entry of that."""
    return _queue(Kind.ACCOUNT_CLOSED, f"closed:{user.pk}:{event}", email=user.email, user=user)


def queue_second_factor_letter(user: User, *, reset: bool = False) -> AccountLetter:
    """Queue the letter to somebody whose second factors changed: by themselves, or reset by an administrator."""
    kind = Kind.SECOND_FACTOR_RESET if reset else Kind.SECOND_FACTOR_CHANGED
    return _queue(kind, f"{kind}:{user.pk}:{timezone.now():%Y%m%dT%H%M%S%f}", email=user.email, user=user)


def _queue(
    kind: AccountLetter.Kind, key: str, *, email: str, user: User | None = None, invitation: Invitation | None = None
) -> AccountLetter:
    now = timezone.now()
    values = {"kind": kind, "email": email, "user": user, "invitation": invitation}
    letter, _created = AccountLetter.objects.get_or_create(
        key=key, defaults={**values, "message_id": message_id(key), "made_at": now, "next_try_at": now}
    )
    publish_on_commit(SEND_TASK)
    return letter
