"""Changes of a document as a whole: its name, its date, taking it from the library, bringing it back."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dgready.typed.characters import clean_line
from evidence.files.names import clean_file_name
from evidence.files.refusal import EvidenceRefused
from evidence.library.log import record_library_event
from evidence.library.usage import is_used
from evidence.models import Document, LibraryVerb


def lock_document(document: Document) -> Document:
    """The document as it is now, locked until the transaction ends. Raises EvidenceRefused where it was removed."""
    current = Document.objects.select_for_update(of=("self",)).select_related("file").get(pk=document.pk)
    if current.removed_at is not None:
        raise EvidenceRefused("removed", _("เอกสารนี้ถูกนำออกจากคลังแล้ว นำกลับเข้าคลังก่อน"))
    return current


def rename_document(*, by: User, document: Document, name: str) -> Document:
    """Gives a document another name; attachments keep theirs. Raises EvidenceRefused."""
    if not clean_line(name):
        raise EvidenceRefused("name", _("ใส่ชื่อเอกสาร"))
    with transaction.atomic():
        document = lock_document(document)
        old, document.name = document.name, clean_file_name(name, document.file.kind)
        if document.name != old:
            document.save(update_fields=["name"])
            record_library_event(by, document, LibraryVerb.RENAME, {"name": old}, {"name": document.name})
        return document


def set_date(*, by: User, document: Document, document_date: date | None) -> Document:
    """Records the date that a document bears; none: the date that its text bears holds. Raises EvidenceRefused."""
    with transaction.atomic():
        document = lock_document(document)
        old, document.document_date = document.document_date, document_date
        if document_date != old:
            document.save(update_fields=["document_date"])
            told = {"document_date": document_date}
            record_library_event(by, document, LibraryVerb.DATE, {"document_date": old}, told)
        return document


def remove_document(*, by: User, document: Document) -> None:
    """Takes an unused document from the library; it can be brought back. Raises EvidenceRefused where it is used."""
    with transaction.atomic():
        document = lock_document(document)
        if is_used(document):
            raise EvidenceRefused("used", _("เอกสารนี้ใช้เป็นหลักฐานอยู่ จึงนำออกจากคลังไม่ได้"))
        document.removed_at, document.removed_by = timezone.now(), by
        document.save(update_fields=["removed_at", "removed_by"])
        record_library_event(by, document, LibraryVerb.REMOVE)


def restore_document(*, by: User, document: Document) -> None:
    """Brings a removed document back; nothing where it is there."""
    with transaction.atomic():
        document = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
        if document.removed_at is None:
            return
        document.removed_at = document.removed_by = None
        document.save(update_fields=["removed_at", "removed_by"])
        record_library_event(by, document, LibraryVerb.RESTORE)
