"""The files behind the documents of a package: where each is on this machine, or why it cannot be used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.utils.translation import gettext_lazy as _

from dgready.stored_files import open_verified
from evidence import store
from evidence.models import File, FileRendition, RenditionState, ScanState
from evidence.renditions import office
from evidence.renditions.actions import make_stored_rendition, queue_rendition
from evidence.renditions.queries import rendition_digest, rendition_of
from reports.handover.package import Document

REASONS: Final = {
    "url": _("เป็นที่อยู่เว็บ และยังไม่มีสำเนาของหน้าเว็บ"),
    "missing": _("ไม่พบไฟล์นี้ในระบบ"),
    "altered": _("ไฟล์ในที่เก็บหายไปหรือไม่ตรงกับไฟล์ที่ส่งเข้ามา ระบบแจ้งผู้ดูแลระบบแล้ว"),
    "infected": _("พบไวรัสในไฟล์"),
    "unscanned": _("ยังตรวจหาไวรัสไม่เสร็จ"),
    "encrypted": _("ไฟล์ตั้งรหัสผ่านไว้"),
    "restricted": _("เจ้าของไฟล์ไม่อนุญาตให้คัดลอกหรือแก้ไข"),
    "long": _("ไฟล์มีหน้ามากเกินไป"),
    "broken": _("เปิดไฟล์ไม่ได้ ไฟล์อาจเสียหาย"),
    "rendition_waiting": _("ยังแปลงเอกสารเป็น PDF ไม่เสร็จ โปรดสร้างแฟ้มใหม่ภายหลัง"),
    "rendition_unmade": _("ระบบนี้ไม่มีตัวแปลงเอกสารเป็น PDF"),
    "rendition_failed": _("แปลงเอกสารเป็น PDF ไม่ได้"),
}
"""Why a document is not in the binder, by code."""


@dataclass(frozen=True, slots=True)
class Content:
    """What the store has of a document. `kind`: pdf, jpeg or png; `reason`: why it has none that can be bound."""

    stored: str = ""
    sha256: str = ""
    kind: str = ""
    reason: str = ""
    file: File | None = None
    rendered: bool = False


class Contents:
    """The stored files of a package, read with one query for many."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.documents = list(documents)
        wanted = sorted({document.content for document in self.documents if document.content})
        self.files: dict[str, File] = {}
        for at in range(0, len(wanted), 500):
            for file in File.objects.filter(sha256__in=wanted[at : at + 500]):
                self.files[file.sha256] = file

    def original(self, document: Document) -> Content:
        """The file as it was sent in; a reason where it is not handed over."""
        if not document.content:
            return Content(reason="url")
        file = self.files.get(document.content)
        if file is None:
            return Content(reason="missing")
        if file.scan_state in (ScanState.INFECTED, ScanState.WAITING):
            return Content(reason="infected" if file.scan_state == ScanState.INFECTED else "unscanned", file=file)
        return Content(file.stored, file.sha256, file.kind, file=file)

    def to_bind(self, document: Document) -> Content:
        """The file as pages: itself, or the PDF that was made of an office document, or a reason."""
        content = self.original(document)
        if content.reason or content.file is None:
            return content
        if content.file.restricted:
            return Content(reason="restricted", file=content.file)
        return _rendered(content.file) if content.kind in office.KINDS else content


def _rendered(file: File) -> Content:
    row = rendition_of(file)
    if row is None or row.state == RenditionState.WAITING:
        # The queue may be long: who asks for a binder need not wait for the rest of it.
        queue_rendition(file)
        make_stored_rendition(file.pk)
        row = rendition_of(file)
    return _of_rendition(file, row)


def _of_rendition(file: File, row: FileRendition | None) -> Content:
    if row is None or row.state != RenditionState.MADE:
        return Content(reason=f"rendition_{row.state if row else RenditionState.WAITING}", file=file)
    return Content(row.stored, rendition_digest(row), "pdf", file=file, rendered=True)


@contextmanager
def local_copy(content: Content, what: str) -> Iterator[Path]:
    """The stored file on this machine, every byte of it compared with its hash. Raises StoredFileFault."""
    storage = storages[store.STORE]
    with open_verified(store.STORE, content.stored, content.sha256) as opened:
        if isinstance(storage, FileSystemStorage):
            yield Path(storage.path(content.stored))
            return
        with NamedTemporaryFile(dir=settings.UPLOAD_DIR) as copy:
            for piece in opened.chunks(store.CHUNK_BYTES):
                copy.write(piece)
            copy.flush()
            yield Path(copy.name)
