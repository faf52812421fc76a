"""Attaching a file or a web address to an evidence place of a response."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Province, User
from dgready.typed.characters import clean_line
from evidence import store
from evidence.attaching.actions.place_checks import clean_evidence_url, require_place
from evidence.attaching.actions.quota import check_quota
from evidence.attaching.actions.receive import receive_content
from evidence.events import event_state, record_evidence_event
from evidence.files import names
from evidence.files.sniff import SniffedContent
from evidence.models import Attachment, File
from evidence.reading.actions import queue_reading
from evidence.scanning.actions import queue_scan
from survey.answering import actions as answers
from survey.journal import actions as journal
from survey.models import Question, Response


@dataclass(frozen=True, slots=True)
class AttachResult:
    """The attachment, and whether it is new: `created` is False where the same one was attached already.

    `converted`: what was sent was a phone's photo, kept as JPEG.
    """

    attachment: Attachment
    created: bool
    converted: bool = False


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

    Raises EvidenceRefused (with the reason in words), StoreAwayError and survey.answering.actions.NotEditable.
    """
    if (upload is None) == (url is None):
        raise ValueError("attach either a file or a web address")
    place = require_place(response, question, address)
    answers.require_editable(response, question)  # before megabytes are copied; asked again under the lock
    target: dict[str, Any] = {"by": by, "response": response, "question": question, "address": address}
    if url is not None:
        return _create_attachment(
            **target, url=clean_evidence_url(place, url), name=_url_name(name or url), document_date=document_date
        )
    assert upload is not None
    store.require_answering_store()
    with store.spool_upload(upload) as content:
        sent_name = name or getattr(upload, "name", None) or ""
        received = receive_content(content, clean_line(sent_name))
        content, sniffed = received.content, received.sniffed
        check_quota(response, content)
        stored_name = store.store_content(content)
        file_name = names.clean_file_name(sent_name, sniffed.kind)
        with transaction.atomic():
            Province.objects.select_for_update().get(pk=response.round.province_id)
            check_quota(response, content)
            file = _get_or_create_file(content, sniffed, stored_name, by)
            return _create_attachment(
                **target, file=file, name=file_name, document_date=document_date, told=received.told
            )


def _url_name(text: str) -> str:
    return clean_line(text)[: names.MAX_NAME_LENGTH]


def _get_or_create_file(content: store.SpooledUpload, sniffed: SniffedContent, stored_name: str, by: User) -> File:
    defaults = {
        "size": content.size,
        "kind": sniffed.kind,
        "media_type": sniffed.media_type,
        "pages": sniffed.pages,
        "stored": stored_name,
        "uploaded_by": by,
        "active_content": list(sniffed.active),
        "restricted": sniffed.restricted,
    }
    file, _created = File.objects.get_or_create(sha256=content.sha256, defaults=defaults)
    if (file.active_content, file.restricted) != (list(sniffed.active), sniffed.restricted):
        # It was stored before the guard looked for these.
        file.active_content, file.restricted = list(sniffed.active), sniffed.restricted
        file.save(update_fields=["active_content", "restricted"])
    queue_scan(file)
    queue_reading(file)
    return file


def _create_attachment(
    *, by: User, response: Response, question: Question, address: str, told: dict[str, Any] | None = None, **fields: Any
) -> AttachResult:
    with transaction.atomic():
        locked = answers.require_editable(journal.lock_response(response.pk), question)
        content = {key: fields[key] for key in ("file", "url") if key in fields}
        existing = Attachment.objects.filter(response=locked, address=address, removed_at=None, **content).first()
        if existing is not None:
            return AttachResult(existing, created=False)
        now = timezone.now()
        attachment = Attachment.objects.create(
            response=locked, question=question, address=address, added_by=by, added_at=now, **fields
        )
        after = event_state(attachment)
        record_evidence_event(by, response, locked, "evidence.attach", attachment, after=after, more=told)
        return AttachResult(attachment, created=True, converted=bool(told))
