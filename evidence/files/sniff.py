"""Content sniffing: the kind of a file by its content alone; anything but the accepted kinds is refused."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import puremagic
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evidence.files import images, packages, pdfs
from evidence.files.refusal import (
    LEGACY_OFFICE,
    PLAIN_TEXT,
    UNACCEPTED_SIGNATURES,
    UNKNOWN_KIND,
    WEB_PAGE,
    EvidenceRefused,
    unaccepted_kind,
)
from evidence.models import FileKind

HEAD_BYTES: Final = 4096  # bytes read to recognise a kind
TAIL_BYTES: Final = 65_557  # an archive's end record lies within these last bytes
_OLE_SIGNATURE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_OFFICE: Final = "EncryptedPackage".encode("utf-16-le")
_LEADING_BYTES: Final = b"\xef\xbb\xbf\r\n\t \x00"  # stray bytes some programs leave before a PDF


@dataclass(frozen=True, slots=True)
class SniffedContent:
    """Content of an accepted kind. `pages`: pages, slides or sheets where they can be counted."""

    kind: FileKind
    media_type: str
    pages: int | None = None


def sniff_content(path: Path) -> SniffedContent:
    """Recognises and inspects the file at `path`. Raises EvidenceRefused."""
    size = os.path.getsize(path)
    if size == 0:
        raise EvidenceRefused("empty", _("ไฟล์นี้ว่างเปล่า (0 ไบต์)"))
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        if head.lstrip(_LEADING_BYTES).startswith(b"%PDF-"):
            _check_no_appended_archive(file, size)
            return SniffedContent(FileKind.PDF, "application/pdf", pdfs.count_pages(path))
        if head.startswith(b"PK\x03\x04"):
            kind, pages = packages.inspect_package(file, size)
            return SniffedContent(kind, packages.MEDIA_TYPES[kind], pages)
        if head.startswith((b"\xff\xd8\xff", images.PNG_SIGNATURE)):
            _check_no_embedded_pdf(head)
            _check_no_appended_archive(file, size)
            if head.startswith(images.PNG_SIGNATURE):
                images.check_png(file, size)
                return SniffedContent(FileKind.PNG, "image/png", 1)
            images.check_jpeg(file, size)
            return SniffedContent(FileKind.JPEG, "image/jpeg", 1)
        raise _unaccepted_refusal(file, head)


def _check_no_embedded_pdf(head: bytes) -> None:
    # Readers look for a PDF header in the first kilobyte, so an image can pose as one.
    if b"%PDF-" in head[:1100]:
        raise _polyglot_refusal()


def _check_no_appended_archive(file: BinaryIO, size: int) -> None:
    """Refuses a file whose end reads as that of a ZIP archive."""
    file.seek(max(0, size - TAIL_BYTES))
    tail = file.read(TAIL_BYTES)
    position = tail.find(b"PK\x05\x06")
    while position >= 0:
        comment = int.from_bytes(tail[position + 20 : position + 22], "little")
        if len(tail) >= position + 22 and position + 22 + comment == len(tail):
            raise _polyglot_refusal()
        position = tail.find(b"PK\x05\x06", position + 1)


def _polyglot_refusal() -> EvidenceRefused:
    return EvidenceRefused("polyglot", _("ไฟล์นี้มีไฟล์อีกชนิดหนึ่งซ่อนอยู่ โปรดบันทึกเอกสารใหม่แล้วแนบอีกครั้ง"))


def _unaccepted_refusal(file: BinaryIO, head: bytes) -> EvidenceRefused:
    if head.startswith(_OLE_SIGNATURE):
        return _legacy_office_refusal(file)
    for offset, signature, content_name in UNACCEPTED_SIGNATURES:
        if head[offset:].startswith(signature):
            return unaccepted_kind(content_name)
    return unaccepted_kind(_describe_unaccepted(head))


def _legacy_office_refusal(file: BinaryIO) -> EvidenceRefused:
    file.seek(0)
    overlap = b""
    while chunk := file.read(1 << 20):
        if _ENCRYPTED_OFFICE in overlap + chunk:
            return EvidenceRefused("encrypted", _("เอกสาร Office นี้ตั้งรหัสผ่านไว้ โปรดบันทึกใหม่โดยไม่ตั้งรหัสผ่าน"))
        overlap = chunk[-len(_ENCRYPTED_OFFICE) :]
    return unaccepted_kind(LEGACY_OFFICE)


def _describe_unaccepted(head: bytes) -> str | Promise:
    start = head.lstrip(_LEADING_BYTES).lower()
    if start.startswith((b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script")):
        return WEB_PAGE
    if _is_text(head):
        return PLAIN_TEXT
    try:
        name = puremagic.magic_string(head)[0].name
    except (puremagic.PureError, ValueError):
        return UNKNOWN_KIND
    return f" {name}" if name else UNKNOWN_KIND


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 4  # cut in the middle of a character
    return True
