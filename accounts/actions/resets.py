"""Asking for a new password: the same work whether the address has an account or not; its time tells nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction

from accounts.actions.attempts import count_attempt
from accounts.models import AccountLetter, User
from accounts.post.letters import queue_reset_letter

MOST_AN_HOUR: Final = 5  # letters to one address


@transaction.atomic
def ask_for_reset(*, email: str, user: User | None) -> None:
    """Queues the letter to the account of an address; for none, and beyond MOST_AN_HOUR, it is taken back at once.

    Either way the same statements go to the database, one message to the queue, and no letter is sent in here.
    """
    if not count_attempt(key=f"reset:{email}", limit=MOST_AN_HOUR, period=timedelta(hours=1)):
        user = None
    letter = queue_reset_letter(user, email)
    AccountLetter.objects.filter(pk=letter.pk, user=None).delete()
