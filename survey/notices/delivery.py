"""Sends the queued letters to users: their outbox, delivered by accounts.post.delivery."""

from __future__ import annotations

from datetime import datetime

from django.core.mail import EmailMessage
from django.db.models import QuerySet

from accounts.mail import absolute_url
from accounts.models.post import GivenUp
from accounts.post import delivery
from accounts.post.delivery import Outbox
from dgready.typed.characters import clean_line
from survey.models import Letter
from survey.notices.letters import SEND_LETTERS_TASK, unsubscribe_url


def _rows() -> QuerySet[Letter]:
    return Letter.objects.select_related("user")


def _build_message(letter: Letter) -> EmailMessage:
    stop = absolute_url(unsubscribe_url(letter.user))
    headers = {
        "Message-ID": letter.message_id,
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    # Rows of earlier versions may hold what cannot stand in a header.
    return EmailMessage(clean_line(letter.subject), letter.body, None, [letter.user.email], headers=headers)


def _why_not(letter: Letter) -> GivenUp | None:
    return None if letter.user.is_active else GivenUp.CLOSED


OUTBOX = Outbox(task=SEND_LETTERS_TASK, rows=_rows, build=_build_message, why_not=_why_not)


def send_due_letters(now: datetime | None = None) -> int:
    """Send the letters that are due, as long as the mail server answers; returns the number sent."""
    return delivery.send_due(OUTBOX, now)
