"""Storing a file that was sent in: looked into, within the space of its province, once per content."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Province, User
from dgready.typed.characters import clean_line
from evidence import store
from evidence.attaching.actions.quota import check_quota
from evidence.attaching.actions.receive import receive_content
from evidence.files import names
from evidence.files.refusal import EvidenceRefused
from evidence.files.sniff import SniffedContent
from evidence.models import File, FileKind
from evidence.reading.actions import queue_reading
from evidence.renditions.actions import queue_rendition
from evidence.scanning.actions import queue_scan
from survey.answering.retelling import retell


@dataclass(frozen=True, slots=True)
class StoredUpload:
    """The file of an upload, the clean name it was sent under, and what its event says besides."""

    file: File
    name: str
    told: dict[str, Any] = field(default_factory=dict)


@contextmanager
def stored_upload(
    *, by: User, province: int, upload: store.Upload, name: str, kinds: Collection[FileKind] = ()
) -> Iterator[StoredUpload]:
    """Stores an upload of a province; what is done with it belongs to the same transaction, under the province's lock.

    `kinds`: those taken, all where there are none. Raises EvidenceRefused and StoreAwayError.
    """
    store.require_answering_store()
    with store.spool_upload(upload) as content:
        sent_name = name or getattr(upload, "name", None) or ""
        received = receive_content(content, clean_line(sent_name))
        content, sniffed = received.content, received.sniffed
        if kinds and FileKind(sniffed.kind) not in kinds:
            raise EvidenceRefused("kind", _("ใช้ได้เฉพาะ PDF หรือภาพของหน้าเว็บ"))
        check_quota(province, content)
        stored_name = store.store_content(content)
        file_name = names.clean_file_name(sent_name, sniffed.kind)
        with transaction.atomic():
            Province.objects.select_for_update().get(pk=province)
            check_quota(province, content)
            yield StoredUpload(_get_or_create_file(content, sniffed, stored_name, by), file_name, received.told)


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
        # After the commit: who attaches locks answers before files.
        transaction.on_commit(lambda: retell(Q(pk__in=file.attachments.values("response"))))
    queue_scan(file)
    queue_reading(file)
    queue_rendition(file)
    return file
