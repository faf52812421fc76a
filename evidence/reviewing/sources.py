"""Which attachment of the provincial answer came from which of an agency, as the journal says."""

from __future__ import annotations

from typing import Final

from django.db.models.fields.json import KT

from evidence.models import Attachment
from survey.models import Event, Response

ADOPT: Final = "evidence.adopt"


def adopted_copies(attachment: Attachment, provincial: Response) -> list[Attachment]:
    """The attachments of the provincial answer that were adopted from this one and are still there. Two queries."""
    told = Event.objects.filter(response=provincial, verb=ADOPT, data__after__from=str(attachment.public_id))
    ids = list(told.values_list(KT("data__attachment"), flat=True))
    rows = Attachment.objects.filter(response=provincial, public_id__in=ids, removed_at=None)
    return list(rows.select_related("file", "question").prefetch_related("marks").order_by("pk"))


def source_of(attachment: Attachment) -> Attachment | None:
    """The attachment of an agency in the same round that this one was made from; None for any other. Two queries."""
    verbs = ("evidence.attach", ADOPT)
    told = Event.objects.filter(
        response=attachment.response_id, verb__in=verbs, data__attachment=str(attachment.public_id)
    )
    source = told.order_by("seq").values_list(KT("data__after__from"), flat=True).first()
    if not source:
        return None
    rows = Attachment.objects.filter(public_id=source, response__round=attachment.response.round_id)
    return rows.exclude(response=attachment.response_id).select_related("file", "question", "response").first()
