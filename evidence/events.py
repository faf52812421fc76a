"""The event of a change to evidence, in the journal of its response."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from evidence.models import Attachment
from survey.journal import actions as journal
from survey.models import Event, Response


def event_state(attachment: Attachment) -> dict[str, Any]:
    """What an event tells of an attachment: name, hash and size or web address, date, marks."""
    state: dict[str, Any] = {"name": attachment.name}
    if attachment.file is not None:
        state |= {"sha256": attachment.file.sha256, "size": attachment.file.size}
    else:
        state["url"] = attachment.url
    if attachment.document_date:
        state["document_date"] = attachment.document_date.isoformat()
    marks = [{"pages": m.pages, "quote": m.quote} for m in attachment.marks.all()]
    return {**state, "marks": marks} if marks else state


def record_evidence_event(
    by: User | None,
    response: Response,
    locked: Response,
    verb: str,
    attachment: Attachment,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    more: Mapping[str, Any] | None = None,
) -> Event:
    """Records the event of one change; sets the new version on `response` too, the caller's copy of the locked row."""
    data = {
        "address": attachment.address,
        "attachment": str(attachment.public_id),
        "name": attachment.name,
        "before": dict(before or {}),
        "after": dict(after or {}),
        **(more or {}),
    }
    event = journal.record_event(by=by, response=locked, verb=verb, question=attachment.question, data=data)
    response.version, response.head = event.seq, event.hash
    return event
