"""Attaching, marking and removing evidence; each change is one event in the journal of its response."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Province, User
from dgready.language import localize_text
from dgready.typed.characters import clean_line, clean_lines
from dgready.typed.pages import MESSAGES as PAGES
from dgready.typed.pages import read_pages
from dgready.typed.result import Refusal, Understood
from dgready.typed.web import MESSAGES as URL
from dgready.typed.web import read_url
from evidence import places, store
from evidence.files import names
from evidence.files.refusal import EvidenceRefused
from evidence.files.sizes import format_size
from evidence.files.sniff import SniffedContent, sniff_content
from evidence.models import MAX_QUOTE_LENGTH, Attachment, File, FileKind, Mark
from survey.answering import actions as answers
from survey.instrument.queries import compiled_instrument
from survey.journal import actions as journal
from survey.models import Event, Question, Response


@dataclass(frozen=True, slots=True)
class AttachResult:
    """What attaching did: `created` is False when the same thing stood at the place already."""

    attachment: Attachment
    created: bool


def attach_evidence(
    *,
    by: User,
    response: Response,
    question: Question,
    address: str,
    upload: store.Upload | None = None,
    url: str | None = None,
    name: str = "",
    document_date: date | None = None,
) -> AttachResult:
    """Attaches a file, or where the place allows it a web address. Attaching the same again changes nothing.

    Raises Refused (with the reason in words) and survey.answering.actions.NotEditable.
    """
    if (upload is None) == (url is None):
        raise ValueError("attach either a file or a web address")
    place = _require_place(response, question, address)
    answers.require_editable(response, question)  # before megabytes are copied; asked again under the lock
    at: dict[str, Any] = {"by": by, "response": response, "question": question, "address": address}
    if url is not None:
        return _create_attachment(
            **at, url=_clean_evidence_url(place, url), name=_url_name(name or url), document_date=document_date
        )
    assert upload is not None
    with store.spool_upload(upload) as content:
        found = sniff_content(content.path)
        _check_quota(response, content)
        stored = store.store_content(content)
        cleaned = names.clean_file_name(name or getattr(upload, "name", None) or "", found.kind)
        with transaction.atomic():
            Province.objects.select_for_update().get(pk=response.round.province_id)
            _check_quota(response, content)
            file = _get_or_create_file(content, found, stored)
            return _create_attachment(**at, file=file, name=cleaned, document_date=document_date)


def _require_place(response: Response, question: Question, address: str) -> places.PlaceDefinition:
    place = places.find_place(compiled_instrument(response.round.instrument), address)
    if place is None or place.question != question.item_id:
        raise EvidenceRefused("place", _("ตำแหน่งนี้ไม่ใช่ที่แนบหลักฐานของข้อคำถามนี้"))
    return place


def _clean_evidence_url(place: places.PlaceDefinition, url: str) -> str:
    if place.need != "or_url":
        raise EvidenceRefused("url_place", _("ข้อนี้ต้องแนบไฟล์ ใช้ที่อยู่เว็บแทนไม่ได้"))
    return _require_understood("url", read_url(url) or Refusal("url", URL["url"]))


def _require_understood(place: str, result: Understood[str] | Refusal) -> str:
    if isinstance(result, Refusal):
        raise EvidenceRefused(place, localize_text(result.reason))
    return result.value


def _url_name(text: str) -> str:
    return clean_line(text)[: names.MAX_NAME_LENGTH]


def _check_quota(response: Response, content: store.SpooledUpload) -> None:
    here = Attachment.objects.filter(file=OuterRef("pk"), response__round__province=response.round.province_id)
    of_province = File.objects.filter(Exists(here)).exclude(sha256=content.sha256)
    used = of_province.aggregate(total=Sum("size"))["total"] or 0
    if used + content.size > settings.EVIDENCE_QUOTA_BYTES:
        values = {"quota": format_size(settings.EVIDENCE_QUOTA_BYTES), "used": format_size(used)}
        raise EvidenceRefused(
            "quota",
            _("พื้นที่เก็บหลักฐานของจังหวัดไม่พอ ใช้ไปแล้ว %(used)s จาก %(quota)s โปรดติดต่อผู้ดูแลระบบ") % values,
        )


def _get_or_create_file(content: store.SpooledUpload, found: SniffedContent, stored: str) -> File:
    defaults = {
        "size": content.size,
        "kind": found.kind,
        "media_type": found.media_type,
        "pages": found.pages,
        "stored": stored,
    }
    return File.objects.get_or_create(sha256=content.sha256, defaults=defaults)[0]


def _create_attachment(*, by: User, response: Response, question: Question, address: str, **new: Any) -> AttachResult:
    with transaction.atomic():
        locked = answers.require_editable(journal.lock_response(response.pk), question)
        same = {key: new[key] for key in ("file", "url") if key in new}
        standing = Attachment.objects.filter(response=locked, address=address, removed_at=None, **same).first()
        if standing is not None:
            return AttachResult(standing, created=False)
        now = timezone.now()
        attachment = Attachment.objects.create(
            response=locked, question=question, address=address, added_by=by, added_at=now, **new
        )
        _record_evidence_event(by, response, locked, "evidence.attach", attachment, after=_event_state(attachment))
        return AttachResult(attachment, created=True)


def adopt_evidence(
    *, by: User, attachment: Attachment, response: Response, address: str, question: Question | None = None
) -> AttachResult:
    """Puts evidence at a place of another response of its round, or of the next: the same file, date and marks.

    `question`: where that is another one now. The file is not copied. Where it stands already only marks it lacks
    are added. Raises Refused, NotEditable.
    """
    question = question or attachment.question
    place = _require_place(response, question, address)
    with transaction.atomic():
        locked = answers.require_editable(journal.lock_response(response.pk), question)
        source = _current_attachment(attachment)
        if source.response.round_id not in (locked.round_id, locked.round.previous_id):
            raise EvidenceRefused("round", _("หลักฐานนี้ไม่ได้อยู่ในรอบสำรวจเดียวกันหรือรอบก่อนหน้า"))
        if source.url is not None:
            _clean_evidence_url(place, source.url)
        here = Attachment.objects.filter(response=locked, address=address, removed_at=None)
        found = here.filter(file=source.file_id, url=source.url).first()
        adopted = found or Attachment.objects.create(
            response=locked,
            question=question,
            address=address,
            file=source.file,
            url=source.url,
            name=source.name,
            document_date=source.document_date,
            added_by=by,
            added_at=timezone.now(),
        )
        new = _copy_marks(source, adopted)
        if found is None or new:
            after = {**_event_state(source), "marks": new, "from": str(source.public_id)}
            _record_evidence_event(by, response, locked, "evidence.adopt", adopted, after=after)
        return AttachResult(adopted, created=found is None)


def _current_attachment(attachment: Attachment, *, removed: bool | None = False) -> Attachment:
    """The attachment as it stands in the database; `removed` None: either way."""
    rows = Attachment.objects.select_related("file", "question", "response").prefetch_related("marks")
    if removed is False:
        rows = rows.filter(removed_at=None)
    found = rows.filter(pk=attachment.pk).first()
    if found is None:
        raise EvidenceRefused("removed", _("หลักฐานนี้ถูกนำออกไปแล้ว โปรดเปิดหน้านี้ใหม่"))
    return found


def _copy_marks(source: Attachment, adopted: Attachment) -> list[dict[str, str]]:
    """Copies the marks that are not there yet, with who made them and when."""
    have = set(adopted.marks.values_list("pages", "quote"))
    new = [m for m in source.marks.all() if (m.pages, m.quote) not in have]
    Mark.objects.bulk_create(
        Mark(attachment=adopted, pages=m.pages, quote=m.quote, by_id=m.by_id, at=m.at) for m in new
    )
    return [{"pages": m.pages, "quote": m.quote} for m in new]


def save_mark(*, by: User, attachment: Attachment, pages: str, quote: str, mark: Mark | None = None) -> Mark:
    """Adds a mark, or changes `mark`: pages and the passage there. Raises Refused and NotEditable."""
    new = _clean_mark(attachment, pages, quote)
    with transaction.atomic():
        locked, attachment = _lock_attachment(attachment)
        if mark is None:
            made = Mark.objects.create(attachment=attachment, by=by, at=timezone.now(), **new)
            _record_evidence_event(by, attachment.response, locked, "evidence.mark", attachment, after=new)
            return made
        mark = Mark.objects.get(pk=mark.pk, attachment=attachment)
        old = {"pages": mark.pages, "quote": mark.quote}
        if old == new:
            return mark
        mark.pages, mark.quote, mark.by, mark.at = new["pages"], new["quote"], by, timezone.now()
        mark.save()
        _record_evidence_event(by, attachment.response, locked, "evidence.mark", attachment, before=old, after=new)
        return mark


def delete_mark(*, by: User, mark: Mark) -> None:
    """Removes a mark; what it said stays in the journal. Raises NotEditable."""
    with transaction.atomic():
        locked, attachment = _lock_attachment(mark.attachment)
        standing = Mark.objects.filter(pk=mark.pk).first()
        if standing is None:
            return
        old = {"pages": standing.pages, "quote": standing.quote}
        standing.delete()
        _record_evidence_event(by, attachment.response, locked, "evidence.unmark", attachment, before=old)


def _clean_mark(attachment: Attachment, given: str, quote: str) -> dict[str, str]:
    file = attachment.file
    if file is None:
        raise EvidenceRefused("url_mark", _("ที่อยู่เว็บไม่ต้องทำเครื่องหมาย"))
    quote = clean_lines(quote)
    if not quote:
        raise EvidenceRefused("quote", _("คัดข้อความในเอกสารที่สนับสนุนคำตอบมาด้วย"))
    if len(quote) > MAX_QUOTE_LENGTH:
        raise EvidenceRefused("quote", _("ข้อความยาวเกิน %(limit)d ตัวอักษร") % {"limit": MAX_QUOTE_LENGTH})
    if FileKind(file.kind).is_image:
        return {"pages": "1", "quote": quote}
    pages = read_pages(given, last=file.pages) or Refusal("form", PAGES["form"])
    return {"pages": _require_understood("pages", pages), "quote": quote}


def set_document_date(*, by: User, attachment: Attachment, document_date: date | None) -> None:
    """Notes the date the document bears. Raises NotEditable."""
    with transaction.atomic():
        locked, attachment = _lock_attachment(attachment)
        old = attachment.document_date
        if old == document_date:
            return
        attachment.document_date = document_date
        attachment.save(update_fields=["document_date"])
        _record_evidence_event(
            by,
            attachment.response,
            locked,
            "evidence.date",
            attachment,
            before={"document_date": old.isoformat() if old else ""},
            after={"document_date": document_date.isoformat() if document_date else ""},
        )


def remove_attachment(*, by: User, attachment: Attachment) -> None:
    """Takes an attachment off its place; the file, its marks and its history stay. Raises NotEditable."""
    with transaction.atomic():
        locked, attachment = _lock_attachment(attachment, removed=None)
        if attachment.removed_at is not None:
            return
        attachment.removed_at, attachment.removed_by = timezone.now(), by
        attachment.save(update_fields=["removed_at", "removed_by"])
        _record_evidence_event(
            by, attachment.response, locked, "evidence.remove", attachment, before=_event_state(attachment)
        )


def restore_attachment(*, by: User, attachment: Attachment) -> None:
    """Puts a removed attachment back, marks and all. Raises Refused if the same stands there, NotEditable."""
    with transaction.atomic():
        locked, attachment = _lock_attachment(attachment, removed=None)
        if attachment.removed_at is None:
            return
        same = Attachment.objects.filter(response=locked, address=attachment.address, removed_at=None)
        if same.filter(file=attachment.file_id, url=attachment.url).exists():
            raise EvidenceRefused("standing", _("ไฟล์เดียวกันแนบอยู่ที่ข้อนี้แล้ว"))
        attachment.removed_at = attachment.removed_by = None
        attachment.save(update_fields=["removed_at", "removed_by"])
        _record_evidence_event(
            by, attachment.response, locked, "evidence.restore", attachment, after=_event_state(attachment)
        )


def _lock_attachment(attachment: Attachment, *, removed: bool | None = False) -> tuple[Response, Attachment]:
    """The response, locked and editable, and the attachment as it stands; `removed` None: either way."""
    locked = answers.require_editable(journal.lock_response(attachment.response_id), attachment.question)
    return locked, _current_attachment(attachment, removed=removed)


def _event_state(attachment: Attachment) -> dict[str, Any]:
    state: dict[str, Any] = {"name": attachment.name}
    if attachment.file is not None:
        state |= {"sha256": attachment.file.sha256, "size": attachment.file.size}
    else:
        state["url"] = attachment.url
    if attachment.document_date:
        state["document_date"] = attachment.document_date.isoformat()
    marks = [{"pages": m.pages, "quote": m.quote} for m in attachment.marks.all()]
    return {**state, "marks": marks} if marks else state


def _record_evidence_event(
    by: User,
    response: Response,
    locked: Response,
    verb: str,
    attachment: Attachment,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Event:
    """The event of one change at an evidence place; `response` learns its new version too."""
    data = {
        "address": attachment.address,
        "attachment": str(attachment.public_id),
        "name": attachment.name,
        "before": dict(before or {}),
        "after": dict(after or {}),
    }
    event = journal.record_event(by=by, response=locked, verb=verb, question=attachment.question, data=data)
    response.version, response.head = event.seq, event.hash
    return event
