"""What a file from outside is, by its content alone; run in the child process of the guard. PURE."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Any, BinaryIO, Final

from dgready.guard.readers.signatures import JPEG_SIGNATURE, PNG_SIGNATURE, is_heif
from dgready.guard.readers.verdict import Inspected, NotAccepted
from dgready.limits import ImageLimits, ZipLimits

HEAD_BYTES: Final = 4096  # bytes read to recognise a kind
TAIL_BYTES: Final = 65_557  # an archive's end record lies within these last bytes
_PDF: Final = b"%PDF-"
_PDF_WITHIN: Final = 1100  # bytes in which readers look for it
_NOTHING_ELSE: Final = ("plain_text", "unknown")  # of the names of what was found
_LEADING_BYTES: Final = b"\xef\xbb\xbf\r\n\t \x00"  # stray bytes some programs leave before a PDF


def inspect(file: BinaryIO, image: Mapping[str, int], package: Mapping[str, int]) -> dict[str, Any]:
    """The file as JSON carries it: the fields of Inspected; or `refused`, `found` and `values` of NotAccepted."""
    try:
        found = inspect_content(file, ImageLimits(**image), ZipLimits(**package))
    except NotAccepted as reason:
        return {"refused": reason.code, "found": reason.found, "values": reason.values}
    return {
        "kind": found.kind,
        "media_type": found.media_type,
        "pages": found.pages,
        "active": sorted(found.active),
        "restricted": found.restricted,
        "length": found.length,
    }


def inspect_content(file: BinaryIO, image: ImageLimits, package: ZipLimits) -> Inspected:
    """Recognises and inspects an open file. Raises NotAccepted."""
    size = file.seek(0, os.SEEK_END)
    if size == 0:
        raise NotAccepted("empty")
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if head.lstrip(_LEADING_BYTES).startswith(_PDF):
        return _inspect_pdf(file, size)
    if head.startswith(b"PK\x03\x04"):
        return _reader("packages").inspect_package(file, size, package)  # type: ignore[no-any-return]
    if head.startswith((JPEG_SIGNATURE, PNG_SIGNATURE)):
        # Readers look for a PDF header in the first kilobyte, so an image can pose as one.
        if _PDF in head[:_PDF_WITHIN]:
            raise NotAccepted("polyglot")
        return _reader("images").inspect_image(file, size, image)  # type: ignore[no-any-return]
    if is_heif(head):
        return Inspected("heic", "image/heic", 1)
    refusal = _reader("foreign").describe(file, head)
    # Lines of a mail or of a web server before it: readers look for a PDF there, and nothing else begins here.
    if _PDF in head[:_PDF_WITHIN] and (refusal.found in _NOTHING_ELSE or refusal.found.startswith(":")):
        return _inspect_pdf(file, size)
    raise refusal


def _inspect_pdf(file: BinaryIO, size: int) -> Inspected:
    _check_no_appended_archive(file, size)
    file.seek(0)
    return _reader("pdfs").inspect_pdf(file)  # type: ignore[no-any-return]


def _reader(name: str) -> ModuleType:
    """The reader of one kind; loaded when it is needed, for a child lives for one file."""
    return import_module(f"dgready.guard.readers.{name}")


def _check_no_appended_archive(file: BinaryIO, size: int) -> None:
    """Refuses a PDF whose end reads as that of a ZIP archive."""
    file.seek(max(0, size - TAIL_BYTES))
    tail = file.read(TAIL_BYTES)
    position = tail.find(b"PK\x05\x06")
    while position >= 0:
        comment = int.from_bytes(tail[position + 20 : position + 22], "little")
        if len(tail) >= position + 22 and position + 22 + comment == len(tail):
            raise NotAccepted("polyglot")
        position = tail.find(b"PK\x05\x06", position + 1)
