"""What can be undone on the evidence panel: an attachment taken off, a mark removed."""

from __future__ import annotations

from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from dgready.undo import Undo
from evidence.models import Attachment
from survey.models import Event, Response

_MAX_NUMBER = 10  # digits of an event's number


def undo_removal(attachment: Attachment) -> Undo:
    """Undoing that an attachment was taken off."""
    public_id = attachment.public_id
    return Undo(
        text=_("นำหลักฐานออกแล้ว: %(name)s") % {"name": attachment.name},
        url=reverse("evidence:restore", args=[attachment.response_id, public_id]),
        query=urlencode({"removed": str(public_id)}),
        about=attachment.name,
    )


def undo_unmarking(attachment: Attachment, removal: Event) -> Undo:
    """Undoing that a mark was removed; `removal`: the event."""
    return Undo(
        text=_("ลบเครื่องหมายแล้ว: %(name)s") % {"name": attachment.name},
        url=reverse("evidence:mark-restore", args=[attachment.response_id, attachment.public_id, removal.seq]),
        query=urlencode({"unmarked": removal.seq}),
        about=attachment.name,
    )


def mark_removal(response: Response, number: str, attachment: Attachment | None = None) -> Event | None:
    """The event, of this number, by which a mark was removed (from `attachment`); None if there is none."""
    if not (number.isascii() and number.isdigit() and len(number) < _MAX_NUMBER):
        return None
    event = Event.objects.filter(response=response, seq=int(number), verb="evidence.unmark").first()
    if event is None or (attachment is not None and event.data["attachment"] != str(attachment.public_id)):
        return None
    return event


def read_undo(response: Response, address: str, query: QueryDict) -> Undo | None:
    """What the query of a panel's page offers to undo, if it is still so."""
    rows = Attachment.objects.filter(response=response, address=address)
    if public_id := query.get("removed", ""):
        try:
            attachment = rows.filter(public_id=UUID(public_id), removed_at__isnull=False).first()
        except ValueError:
            return None
        return undo_removal(attachment) if attachment else None
    removal = mark_removal(response, query.get("unmarked", ""))
    attachment = rows.filter(public_id=removal.data["attachment"], removed_at=None).first() if removal else None
    return undo_unmarking(attachment, removal) if attachment and removal else None
