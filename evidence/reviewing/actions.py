"""Judging evidence: a reviewer's verdict, and taking it back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dgready.canonical import canonical_json, sha256_hex
from dgready.typed.characters import clean_line
from evidence.attaching.actions.current import current_attachment
from evidence.attaching.actions.verdicts import VERB, write_verdict
from evidence.attaching.proving import REJECTING
from evidence.events import event_state
from evidence.files.refusal import EvidenceRefused
from evidence.models import MAX_REASON_LENGTH, Attachment, Verdict
from evidence.reviewing.parts import read_parts
from evidence.reviewing.rules import is_with_reviewer, judging_refusal
from evidence.reviewing.sources import adopted_copies, source_of
from evidence.reviewing.telling import tell_of_rejection, withdraw_telling
from survey.journal import actions as journal
from survey.models import Event, Response


def fingerprint(attachment: Attachment) -> str:
    """Names what a reviewer saw of an attachment: content, date, marks, verdict."""
    return sha256_hex(canonical_json(event_state(attachment) | {"removed": attachment.removed_at is not None}))[:16]


def judge_attachment(
    *, by: User, attachment: Attachment, verdict: str, reason: str = "", seen: str = "", with_source: bool = False
) -> Event | None:
    """Judges an attachment, or takes the verdict back (Verdict.NONE); None where it is so already.

    What the provincial answer adopted from it is judged with it; `with_source`: also what it was adopted from itself.
    `seen`: the fingerprint of what the reviewer saw. Raises EvidenceRefused.
    """
    verdict, reason = Verdict(verdict), clean_line(reason) if verdict else ""
    _check_reason(verdict, reason)
    with transaction.atomic():
        provincial, own = _lock_responses(attachment)
        current, source = _require_judgeable(by, attachment, provincial, own)
        if seen and seen != fingerprint(current):
            raise EvidenceRefused("changed", _("หลักฐานนี้เปลี่ยนไปหลังจากท่านเปิดหน้านี้ โปรดดูอีกครั้งก่อนตัดสิน"))
        if (current.verdict, current.verdict_reason) == (verdict, reason):
            return None
        told = [
            {"response": event.response_id, "seq": event.seq}
            for one, locked in _along(current, provincial, source if with_source else None)
            if (event := _judge_along(by, one, locked, verdict, reason)) is not None
        ]
        withdraw_telling(current)
        more = {"along": told} if told else {}
        event = write_verdict(by=by, locked=own, attachment=current, verdict=verdict, reason=reason, more=more)
        if verdict in REJECTING:
            tell_of_rejection(by, current, event)
        attachment.refresh_from_db()
        return event


def undo_judgement(*, by: User, attachment: Attachment, event: Event) -> None:
    """Puts back what stood before a judgement of this person, also where it went along. Raises EvidenceRefused.

    Refused where the attachment was changed or judged since.
    """
    with transaction.atomic():
        provincial, own = _lock_responses(attachment)
        current, _source = _require_judgeable(by, attachment, provincial, own)
        if event.by_id != by.pk or not _left_by(event, current):
            raise EvidenceRefused("changed", _("มีการเปลี่ยนแปลงหลังจากนั้น จึงเลิกทำไม่ได้ โปรดตัดสินใหม่"))
        for told in event.data.get("along", ()):
            _undo_along(by, told, {provincial.pk: provincial, own.pk: own})
        withdraw_telling(current)
        _put_back(by, current, own, event)
        attachment.refresh_from_db()


def _check_reason(verdict: Verdict, reason: str) -> None:
    if verdict in REJECTING and not reason:
        raise EvidenceRefused("reason", _("โปรดบอกเหตุผล เพื่อให้ผู้ประสานงานรู้ว่าต้องแก้อะไร"))
    if len(reason) > MAX_REASON_LENGTH:
        raise EvidenceRefused("reason", _("ข้อความยาวเกิน %(limit)d ตัวอักษร") % {"limit": MAX_REASON_LENGTH})


def _lock_responses(attachment: Attachment) -> tuple[Response, Response]:
    """The provincial answer and the attachment's own response, locked in the order in which all acts lock them."""
    own = attachment.response
    key = Response.objects.only("pk").get(round=own.round_id, agency=None).pk
    provincial = journal.lock_response(key)
    return provincial, provincial if own.pk == key else journal.lock_response(own.pk)


def _require_judgeable(
    by: User, attachment: Attachment, provincial: Response, own: Response
) -> tuple[Attachment, Attachment | None]:
    """The attachment as it is now, and what it was adopted from, if that can be judged too. Raises EvidenceRefused."""
    current = current_attachment(attachment)
    current.response = own
    source = source_of(current) if own.is_provincial else None
    attached_by = (source or current).added_by_id
    parts = read_parts(own.round, own.agency_id)
    if refusal := judging_refusal(by, current, provincial, parts, attached_by):
        raise EvidenceRefused("judge", refusal)
    return current, source if source is not None and is_with_reviewer(source, parts) else None


def _along(current: Attachment, provincial: Response, source: Attachment | None) -> list[tuple[Attachment, Response]]:
    """What is judged with an attachment, each with its locked response: its copies, and where asked for its source."""
    if not current.response.is_provincial:
        return [(copy, provincial) for copy in adopted_copies(current, provincial)]
    if source is None or source.removed_at is not None:
        return []
    return [(source, journal.lock_response(source.response_id))]


def _judge_along(by: User, one: Attachment, locked: Response, verdict: Verdict, reason: str) -> Event | None:
    one.response = locked
    if (one.verdict, one.verdict_reason) == (verdict, reason):
        return None
    withdraw_telling(one)
    event = write_verdict(by=by, locked=locked, attachment=one, verdict=verdict, reason=reason, more={"with": True})
    if verdict in REJECTING and not locked.is_provincial:
        tell_of_rejection(by, one, event)
    return event


def _left_by(event: Event, attachment: Attachment) -> bool:
    """Whether the verdict stands as the event left it."""
    after = event.data["after"]
    stands = (attachment.verdict, attachment.verdict_reason) == (
        after.get("verdict", ""),
        after.get("verdict_reason", ""),
    )
    newest = Event.objects.filter(
        response=event.response_id, verb=VERB, data__attachment=str(attachment.public_id)
    ).order_by("-seq")
    return stands and newest.values_list("seq", flat=True).first() == event.seq


def _undo_along(by: User, told: dict[str, int], locked: dict[int, Response]) -> None:
    """Puts back what stood before where the judgement went along, unless it was changed since."""
    event = Event.objects.get(response=told["response"], seq=told["seq"])
    row = Attachment.objects.select_related("file", "question").filter(
        response=told["response"], public_id=event.data["attachment"], removed_at=None
    )
    one = row.prefetch_related("marks").first()
    if one is None or not _left_by(event, one):
        return
    one.response = locked.get(one.response_id) or journal.lock_response(one.response_id)
    _put_back(by, one, one.response, event)


def _put_back(by: User, attachment: Attachment, locked: Response, event: Event) -> None:
    before = event.data["before"]
    said = (before["verdict_by"], datetime.fromisoformat(before["verdict_at"])) if before else None
    write_verdict(
        by=by,
        locked=locked,
        attachment=attachment,
        verdict=before.get("verdict", Verdict.NONE),
        reason=before.get("verdict_reason", ""),
        said=said,
        more={"undone": event.seq},
    )
