"""Who is told of rejected evidence: those who can mend it."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from django.urls import reverse

from accounts.models import User
from evidence.attaching.proving import REJECTING
from evidence.models import Attachment
from survey.instrument.queries import compiled_instrument
from survey.models import Event, Notice
from survey.notices import recipients
from survey.notices.actions import notify, withdraw_notices

MAX_ADDRESS: Final = Notice._meta.get_field("url").max_length or 0


def tell_of_rejection(by: User, attachment: Attachment, event: Event) -> None:
    """Tells who attached it and, of an agency's evidence, the agency's coordinators."""
    response, question = attachment.response, attachment.question
    item = compiled_instrument(response.round.instrument).items[question.item_id]
    coordinators = recipients.agency_coordinators(response.agency_id) if response.agency_id else []
    place = f"{reverse('evidence:slot', args=[response.pk, item.id])}?at={quote(attachment.address, safe='')}"
    if len(place) > MAX_ADDRESS:
        place = f"{reverse('evidence:listing', args=[response.pk])}?show=rejected"
    notify(
        users=[attachment.added_by, *coordinators],
        kind=f"evidence.{attachment.verdict}",
        key=f"{_key(attachment)}:{event.seq}",
        round_=response.round,
        data={"name": attachment.name, "what": item.code or item.id, "reason": attachment.verdict_reason},
        url=place,
        but=by,
    )


def withdraw_telling(attachment: Attachment) -> None:
    """Takes back what was told of an earlier verdict, as far as nobody read it yet."""
    if attachment.verdict in REJECTING:
        withdraw_notices(key=f"{_key(attachment)}:")


def _key(attachment: Attachment) -> str:
    return f"judge:{attachment.public_id}"
