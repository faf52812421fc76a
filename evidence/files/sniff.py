"""What a file is, by its content alone; whatever is not plainly one of the accepted kinds is refused."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import puremagic
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evidence.files import images, packages, pdfs
from evidence.files.refusal import FOUND, OLD_OFFICE, PLAIN_TEXT, UNKNOWN, WEB_PAGE, Refused, kind_refused
from evidence.models import Kind

HEAD: Final = 4096  # bytes read to recognise a kind
TAIL: Final = 65_557  # an archive's end record lies within these last bytes
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_OFFICE: Final = "EncryptedPackage".encode("utf-16-le")
_LEAD_IN: Final = b"\xef\xbb\xbf\r\n\t \x00"  # stray bytes some programs leave before a PDF


@dataclass(frozen=True, slots=True)
class Sniffed:
    """A content that may be kept. `pages`: pages, slides or sheets where they can be counted."""

    kind: Kind
    media_type: str
    pages: int | None = None


def sniff(path: Path) -> Sniffed:
    """Recognises and inspects the file at `path`. Raises Refused."""
    size = os.path.getsize(path)
    if size == 0:
        raise Refused("empty", _("ไฟล์นี้ว่างเปล่า (0 ไบต์)"))
    with path.open("rb") as file:
        head = file.read(HEAD)
        if head.lstrip(_LEAD_IN).startswith(b"%PDF-"):
            _no_archive_behind(file, size)
            return Sniffed(Kind.PDF, "application/pdf", pdfs.pages(path))
        if head.startswith(b"PK\x03\x04"):
            kind, pages = packages.inspect(file, size)
            return Sniffed(kind, packages.MEDIA_TYPES[kind], pages)
        if head.startswith((b"\xff\xd8\xff", images.PNG)):
            _no_document_inside(head)
            _no_archive_behind(file, size)
            if head.startswith(images.PNG):
                images.check_png(file, size)
                return Sniffed(Kind.PNG, "image/png", 1)
            images.check_jpeg(file, size)
            return Sniffed(Kind.JPEG, "image/jpeg", 1)
        raise _unaccepted(file, head)


def _no_document_inside(head: bytes) -> None:
    # Readers look for a PDF header in the first kilobyte, so an image can pose as one.
    if b"%PDF-" in head[:1100]:
        raise _two_kinds()


def _no_archive_behind(file: BinaryIO, size: int) -> None:
    """Refuses a file whose end reads as that of a ZIP archive."""
    file.seek(max(0, size - TAIL))
    tail = file.read(TAIL)
    at = tail.find(b"PK\x05\x06")
    while at >= 0:
        comment = int.from_bytes(tail[at + 20 : at + 22], "little")
        if len(tail) >= at + 22 and at + 22 + comment == len(tail):
            raise _two_kinds()
        at = tail.find(b"PK\x05\x06", at + 1)


def _two_kinds() -> Refused:
    return Refused("polyglot", _("ไฟล์นี้มีไฟล์อีกชนิดหนึ่งซ่อนอยู่ โปรดบันทึกเอกสารใหม่แล้วแนบอีกครั้ง"))


def _unaccepted(file: BinaryIO, head: bytes) -> Refused:
    if head.startswith(_OLE):
        return _old_office(file)
    for offset, signature, found in FOUND:
        if head[offset:].startswith(signature):
            return kind_refused(found)
    return kind_refused(_other(head))


def _old_office(file: BinaryIO) -> Refused:
    file.seek(0)
    overlap = b""
    while chunk := file.read(1 << 20):
        if _ENCRYPTED_OFFICE in overlap + chunk:
            return Refused("encrypted", _("เอกสาร Office นี้ตั้งรหัสผ่านไว้ โปรดบันทึกใหม่โดยไม่ตั้งรหัสผ่าน"))
        overlap = chunk[-len(_ENCRYPTED_OFFICE) :]
    return kind_refused(OLD_OFFICE)


def _other(head: bytes) -> str | Promise:
    start = head.lstrip(_LEAD_IN).lower()
    if start.startswith((b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script")):
        return WEB_PAGE
    if _is_text(head):
        return PLAIN_TEXT
    try:
        name = puremagic.magic_string(head)[0].name
    except (puremagic.PureError, ValueError):
        return UNKNOWN
    return f" {name}" if name else UNKNOWN


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 4  # cut in the middle of a character
    return True
