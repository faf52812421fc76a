"""Adding a file to the library of an office before it is known what it proves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from evidence import store
from evidence.attaching.actions.storing import StoredUpload, stored_upload
from evidence.library.actions import restore_document
from evidence.library.keeping import find_document
from evidence.library.log import record_library_event
from evidence.models import Document, LibraryVerb


@dataclass(frozen=True, slots=True)
class AddedDocument:
    """The document, and whether it is new: the same content is in a library once.

    `converted`: what was sent was a phone's photo.
    """

    document: Document
    created: bool
    converted: bool = False


def add_document(
    *,
    by: User,
    province: int,
    agency: int | None,
    upload: store.Upload,
    name: str = "",
    then: Callable[[AddedDocument], None] | None = None,
) -> AddedDocument:
    """Puts a file into the library of an office.

    `then`: called with the result in the same transaction; what it raises undoes it.
    Raises EvidenceRefused (with the reason in words), StoreAwayError.
    """
    with stored_upload(by=by, province=province, upload=upload, name=name) as stored:
        added = _keep(by, stored, province, agency)
        if then:
            then(added)
        return added


def _keep(by: User, stored: StoredUpload, province: int, agency: int | None) -> AddedDocument:
    found = find_document(stored.file, province, agency)
    if found is not None:
        restore_document(by=by, document=found)
        return AddedDocument(found, created=False)
    fields = {"province_id": province, "agency_id": agency, "file": stored.file, "name": stored.name}
    document = Document.objects.create(**fields, added_by=by, added_at=timezone.now())
    told = {"name": stored.name, "sha256": stored.file.sha256, "size": stored.file.size}
    record_library_event(by, document, LibraryVerb.ADD, after=told | stored.told)
    return AddedDocument(document, created=True, converted=bool(stored.told))
