"""Attaching a file or a web address to an evidence place of a response."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Province, User
from dgready.typed.characters import clean_line
from evidence import store
from evidence.attaching.actions.place_checks import clean_evidence_url, require_place
from evidence.attaching.actions.storing import stored_upload
from evidence.events import event_state, record_evidence_event
from evidence.files import names
from evidence.files.refusal import EvidenceRefused
from evidence.library.keeping import keep_document
from evidence.models import Attachment, File, ScanState
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
    then: Callable[[AttachResult], None] | None = None,
) -> AttachResult:
    """Attaches a file, or where the place allows it a web address. Attaching the same again changes nothing.

    `then`: called with the result of attaching a file in the same transaction; what it raises undoes it.
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
    with stored_upload(by=by, province=response.round.province_id, upload=upload, name=name) as stored:
        result = _create_attachment(
            **target, file=stored.file, name=stored.name, document_date=document_date, told=stored.told
        )
        if then:
            then(result)
        return result


def attach_stored_file(
    *,
    by: User,
    response: Response,
    question: Question,
    address: str,
    file: File,
    name: str,
    document_date: date | None = None,
) -> AttachResult:
    """Attaches a file that is stored already, as `attach_evidence`. Raises EvidenceRefused and NotEditable."""
    require_place(response, question, address)
    if file.scan_state == ScanState.INFECTED:
        raise EvidenceRefused("infected", _("พบไวรัสในไฟล์นี้ จึงใช้เป็นหลักฐานไม่ได้"))
    target: dict[str, Any] = {"by": by, "response": response, "question": question, "address": address}
    with transaction.atomic():
        # Whoever stores or attaches takes the province first, then the response.
        Province.objects.select_for_update().get(pk=response.round.province_id)
        return _create_attachment(**target, file=file, name=name, document_date=document_date)


def _url_name(text: str) -> str:
    return clean_line(text)[: names.MAX_NAME_LENGTH]


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
        if attachment.file is not None:
            office: dict[str, Any] = {"province": locked.round.province_id, "agency": locked.agency_id}
            keep_document(by=by, file=attachment.file, name=attachment.name, at=now, **office)
        after = event_state(attachment)
        record_evidence_event(by, response, locked, "evidence.attach", attachment, after=after, more=told)
        return AttachResult(attachment, created=True, converted=bool(told))
