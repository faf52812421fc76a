"""The verdict of an attachment: written and taken off, each by its own event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.models import User
from evidence.events import record_evidence_event
from evidence.models import Attachment, Verdict
from survey.models import Event, Response

VERB = "evidence.judge"


def verdict_state(attachment: Attachment) -> dict[str, Any]:
    """What an event tells of a verdict, with who said it and when; empty where there is none."""
    if not attachment.verdict or attachment.verdict_at is None:
        return {}
    return {
        "verdict": str(attachment.verdict),
        "verdict_reason": attachment.verdict_reason,
        "verdict_by": attachment.verdict_by_id,
        "verdict_at": attachment.verdict_at.isoformat(),
    }


def write_verdict(
    *,
    by: User,
    locked: Response,
    attachment: Attachment,
    verdict: str,
    reason: str = "",
    said: tuple[int, datetime] | None = None,
    more: Mapping[str, Any] | None = None,
) -> Event:
    """Writes a verdict, or takes it off (Verdict.NONE), with its event; `locked` is the attachment's locked response.

    `said`: who said it and when, of one that comes back; otherwise this person, now.
    Whether this person may do so is asked by the caller (evidence.reviewing).
    """
    after: dict[str, Any] = {"verdict": str(verdict), "verdict_reason": reason} if verdict else {}
    if verdict and said is not None:
        after |= {"verdict_by": said[0], "verdict_at": said[1].isoformat()}
    before = verdict_state(attachment)
    event = record_evidence_event(
        by, attachment.response, locked, VERB, attachment, before=before, after=after, more=more
    )
    attachment.verdict, attachment.verdict_reason = verdict, reason
    who, when = said or (by.pk, event.at)
    attachment.verdict_by_id, attachment.verdict_at = (who, when) if verdict else (None, None)
    attachment.save(update_fields=["verdict", "verdict_reason", "verdict_by", "verdict_at"])
    return event


def withdraw_verdict(by: User, locked: Response, attachment: Attachment) -> Event | None:
    """Takes the verdict off an attachment that somebody changes: it was about what is no more. None without a verdict.

    Whatever changes marks, date, content of an attachment, or removes it, calls this in its transaction.
    """
    if not attachment.verdict:
        return None
    return write_verdict(by=by, locked=locked, attachment=attachment, verdict=Verdict.NONE, more={"changed": True})
