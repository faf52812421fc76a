"""The event of a change to evidence, in the journal of its response."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from evidence.models import Attachment, Mark
from survey.journal import actions as journal
from survey.models import Event, Response


def mark_state(mark: Mark) -> dict[str, str]:
    """What events and frozen texts tell of a mark: pages and quote, the rest where there is any."""
    state = {"pages": mark.pages, "quote": mark.quote}
    more = {"areas": mark.areas, "note": mark.note, "state": str(mark.state)}
    return state | {name: value for name, value in more.items() if value}


def event_state(attachment: Attachment) -> dict[str, Any]:
    """What an event tells of an attachment: name, hash and size or web address, date, verdict, marks."""
    state: dict[str, Any] = {"name": attachment.name}
    if attachment.file is not None:
        state |= {"sha256": attachment.file.sha256, "size": attachment.file.size}
    else:
        state["url"] = attachment.url
    if attachment.document_date:
        state["document_date"] = attachment.document_date.isoformat()
    if attachment.copy is not None:
        state["copy"] = attachment.copy.sha256
    if attachment.to_confirm:
        state["to_confirm"] = True
    if attachment.verdict:
        state |= {"verdict": str(attachment.verdict), "verdict_reason": attachment.verdict_reason}
    marks = [mark_state(mark) for mark in attachment.marks.all()]
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
