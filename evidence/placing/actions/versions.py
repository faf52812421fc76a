"""A new version of a document, and going back to an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Province, User
from evidence import store
from evidence.attaching.actions.storing import stored_upload
from evidence.files.names import clean_file_name
from evidence.files.refusal import EvidenceRefused
from evidence.library.actions import lock_document
from evidence.library.keeping import find_document
from evidence.library.log import record_library_event
from evidence.models import Document, DocumentVersion, File, FileText, LibraryEvent, LibraryVerb, ScanState, TextState
from evidence.placing.actions.moving import Moved, NewText, move_attachments
from evidence.reading.queries import document_text


@dataclass(frozen=True, slots=True)
class VersionChange:
    """The document with its present version, and what became of the attachments."""

    document: Document
    version: DocumentVersion
    moved: Moved


def add_version(
    *, by: User, document: Document, upload: store.Upload, name: str = "", document_date: date | None = None
) -> VersionChange:
    """Exchanges the content of a document; the office's attachments follow where their answers can change.

    An earlier content is gone back to. Raises EvidenceRefused and StoreAwayError.
    """
    with stored_upload(by=by, province=document.province_id, upload=upload, name=name) as stored:
        document = lock_document(document)
        known = find_document(stored.file, document.province_id, document.agency_id)
        if stored.file.pk == document.file_id:
            raise EvidenceRefused("same", _("ไฟล์นี้เป็นฉบับที่ใช้อยู่แล้ว"))
        if known is not None and known.pk != document.pk:
            raise EvidenceRefused("known", _("ไฟล์นี้อยู่ในคลังแล้วในชื่อ “%(name)s”") % {"name": known.name})
        versions = _all_versions(document)
        version = next((v for v in versions if v.file_id == stored.file.pk), None) or DocumentVersion.objects.create(
            document=document,
            number=versions[-1].number + 1,
            file=stored.file,
            name=stored.name,
            by=by,
            at=timezone.now(),
        )
        return _use(by, document, version, LibraryVerb.VERSION, document_date)


def return_to_version(*, by: User, document: Document, number: int) -> VersionChange:
    """Goes back to a version that the document had, with its date; the office's attachments follow.

    Raises EvidenceRefused.
    """
    with transaction.atomic():
        # Whoever stores or attaches takes the province first.
        Province.objects.select_for_update().get(pk=document.province_id)
        document = lock_document(document)
        version = document.versions.select_related("file").filter(number=number).first()
        if version is None:
            raise EvidenceRefused("version", _("ไม่มีฉบับนี้"))
        if version.file.scan_state == ScanState.INFECTED:
            raise EvidenceRefused("infected", _("พบไวรัสในไฟล์นี้ จึงใช้เป็นหลักฐานไม่ได้"))
        if version.file_id == document.file_id:
            return VersionChange(document, version, Moved())
        return _use(by, document, version, LibraryVerb.RETURN, _date_it_had(document, version.file))


def _all_versions(document: Document) -> list[DocumentVersion]:
    """The versions so far; the first is written down when a second comes."""
    versions = list(document.versions.order_by("number"))
    if not versions:
        made = {"name": document.name, "by_id": document.added_by_id, "at": document.added_at}
        versions = [DocumentVersion.objects.create(document=document, number=1, file=document.file, **made)]
    return versions


def _use(
    by: User, document: Document, version: DocumentVersion, verb: LibraryVerb, document_date: date | None
) -> VersionChange:
    old, before = document.file, _told(document)
    moved = move_attachments(by=by, document=document, old=old, new=version.file, text=_text_of(version.file))
    document.file, document.document_date, document.marks_due = version.file, document_date, moved.waiting
    document.name = clean_file_name(document.name, version.file.kind)
    document.save(update_fields=["file", "document_date", "name", "marks_due"])
    record_library_event(by, document, verb, before, _told(document))
    return VersionChange(document, version, moved)


def _told(document: Document) -> dict[str, Any]:
    return {"name": document.name, "sha256": document.file.sha256, "document_date": document.document_date}


def _text_of(file: File) -> NewText:
    known = FileText.objects.filter(file=file).exclude(state=TextState.WAITING).exists()
    return NewText(known, document_text(file) if known else None)


def _date_it_had(document: Document, file: File) -> date | None:
    """The date that was typed for a content when it was last in use."""
    verbs = (LibraryVerb.VERSION, LibraryVerb.RETURN)
    events = LibraryEvent.objects.filter(document=document, verb__in=verbs, before__sha256=file.sha256)
    told = next((event.before.get("document_date") for event in events.order_by("-pk")[:1]), None)
    return date.fromisoformat(told) if told else None
