"""What can be undone on the evidence panel: an attachment taken off, a mark removed, last year's evidence confirmed."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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


def undo_confirming(attachment: Attachment, event: Event) -> Undo:
    """Undoing that evidence of last year was confirmed; `event`: of confirming it."""
    public_id = attachment.public_id
    return Undo(
        text=_("ยืนยันหลักฐานแล้ว: %(name)s") % {"name": attachment.name},
        url=reverse("evidence:unconfirm", args=[attachment.response_id, public_id, event.seq]),
        query=urlencode({"confirmed": event.seq}),
        about=attachment.name,
        subject=str(public_id),
    )


def undo_copy_removal(attachment: Attachment, removal: Event) -> Undo:
    """Undoing that the copy of a web page was taken off; `removal`: the event."""
    public_id = attachment.public_id
    return Undo(
        text=_("นำสำเนาของหน้าเว็บออกแล้ว: %(name)s") % {"name": attachment.name},
        url=reverse("evidence:copy-restore", args=[attachment.response_id, public_id, removal.seq]),
        query=urlencode({"uncopied": removal.seq}),
        about=attachment.name,
        subject=str(public_id),
    )


def copy_removal(response: Response, number: int, public_id: str = "") -> Event | None:
    """The event, of this number, by which a copy was taken off (of one attachment); None if there is none."""
    event = Event.objects.filter(response=response, seq=number, verb="evidence.copy").first()
    if event is None or event.data["after"] or (public_id and event.data["attachment"] != public_id):
        return None
    return event


def confirmations(response: Response) -> QuerySet[Event]:
    """The events by which evidence of last year was confirmed, oldest first."""
    return Event.objects.filter(response=response, verb="evidence.confirm").order_by("seq")


def read_confirmed(response: Response, numbers: str) -> Undo | None:
    """Undoing confirmations of several at once; `numbers`: of the first and the last of their events."""
    first, _dash, last = numbers.partition("-")
    if not (_is_number(first) and _is_number(last)):
        return None
    keys = confirmations(response).filter(seq__range=(int(first), int(last))).values_list("data__attachment", flat=True)
    count = Attachment.objects.filter(
        response=response, public_id__in=list(keys), removed_at=None, to_confirm=False
    ).count()
    if not count:
        return None
    text = ngettext("ยืนยันหลักฐานแล้ว %(n)d รายการ", "ยืนยันหลักฐานแล้ว %(n)d รายการ", count) % {"n": count}
    return Undo(
        text=text, url=reverse("evidence:unconfirm-many", args=[response.pk, int(first), int(last)]), about=text
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < _MAX_NUMBER


def mark_removal(response: Response, number: str, attachment: Attachment | None = None) -> Event | None:
    """The event, of this number, by which a mark was removed (from `attachment`); None if there is none."""
    if not _is_number(number):
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
    if _is_number(number := query.get("confirmed", "")):
        event = confirmations(response).filter(seq=int(number)).first()
        confirmed = rows.filter(public_id=event.data["attachment"], to_confirm=False).first() if event else None
        return undo_confirming(confirmed, event) if confirmed and event else None
    if _is_number(number := query.get("uncopied", "")):
        event = copy_removal(response, int(number))
        bare = rows.filter(public_id=event.data["attachment"], removed_at=None, copy=None).first() if event else None
        return undo_copy_removal(bare, event) if bare and event else None
    removal = mark_removal(response, query.get("unmarked", ""))
    attachment = rows.filter(public_id=removal.data["attachment"], removed_at=None).first() if removal else None
    return undo_unmarking(attachment, removal) if attachment and removal else None
