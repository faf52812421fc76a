"""Whether an evidence place has evidence that counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from evidence.attaching.attachment_view import AttachmentView
from evidence.places import PlaceDefinition
from survey.instrument.path import EvidencePlace
from survey.instrument.schema import AnswerValue

EvidenceStatus = Literal["marked", "rejected", "unmarked", "unconfirmed", "url", "infected", "missing"]


def evidence_status(
    place: EvidencePlace | PlaceDefinition, attachments: Iterable[AttachmentView], values: Mapping[str, AnswerValue]
) -> EvidenceStatus:
    """The status of a place: what counts, a web address instead, what does not count yet and why, or nothing."""
    present = list(attachments)
    if any(a.marked for a in present):
        return "marked"
    if place.url is not None and values.get(place.url):
        return "url"
    if any(a.is_rejected and not a.infected for a in present):
        return "rejected"
    if any(a.to_confirm and not a.infected for a in present):
        return "unconfirmed"
    if any(not a.infected for a in present):
        return "unmarked"
    return "infected" if present else "missing"
