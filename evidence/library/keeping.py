"""Keeping files in the library of an office: whatever is attached at its places is there by itself."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from accounts.models import User
from evidence.library.log import record_library_event
from evidence.models import Document, File, LibraryVerb


def find_document(file: File, province: int, agency: int | None) -> Document | None:
    """The document of an office's library, removed or not, that has or had this content. One query."""
    of_office = Document.objects.filter(province=province, agency=agency)
    return of_office.filter(Q(file=file) | Q(versions__file=file)).order_by("pk").first()


def keep_document(*, by: User, file: File, province: int, agency: int | None, name: str, at: datetime) -> Document:
    """The document of this content in the library of an office, made where it is not there. Two queries at most.

    One that was removed from the library comes back, since it is used. The caller has locked the province.
    """
    document = find_document(file, province, agency)
    if document is None:
        fields = {"province_id": province, "agency_id": agency, "file": file, "name": name}
        return Document.objects.create(**fields, added_by=by, added_at=at)
    if document.removed_at is not None:
        document.removed_at = document.removed_by = None
        document.save(update_fields=["removed_at", "removed_by"])
        record_library_event(by, document, LibraryVerb.RESTORE)
    return document
