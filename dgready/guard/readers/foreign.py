"""Names for content that is not accepted: what it is, so that the refusal can say what to do. PURE."""

from __future__ import annotations

from typing import BinaryIO, Final

import olefile
import puremagic

from dgready.guard.readers.verdict import NotAccepted

OLE_SIGNATURE: Final = olefile.MAGIC
# (offset, first bytes) → name; evidence.files.refusal has the words.
_SIGNATURES: Final = (
    (0, b"MZ", "windows_program"),
    (0, b"\x7fELF", "linux_program"),
    (0, b"\xcf\xfa\xed\xfe", "mac_program"),
    (0, b"\xca\xfe\xba\xbe", "java_program"),
    (0, b"#!", "script"),
    (0, b"<?php", "php"),
    (0, b"Rar!", "rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"\x1f\x8b", "gzip"),
    (0, b"{\\rtf", "rtf"),
    (0, b"GIF8", "gif"),
    (8, b"WEBP", "webp"),
    (0, b"BM", "bmp"),
    (0, b"II*\x00", "tiff"),
    (0, b"MM\x00*", "tiff"),
    (4, b"ftypavif", "avif"),
    (4, b"ftypmif1", "avif"),  # what is HEIC was recognised before
    (4, b"ftyp", "video"),
    (0, b"%!PS", "postscript"),
)
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_LEADING_BYTES: Final = b"\xef\xbb\xbf\r\n\t \x00"


def describe(file: BinaryIO, head: bytes) -> NotAccepted:
    """The refusal of a file of no accepted kind."""
    if head.startswith(OLE_SIGNATURE):
        return _describe_ole(file)
    for offset, signature, name in _SIGNATURES:
        if head[offset:].startswith(signature):
            return NotAccepted("kind", name)
    start = head.lstrip(_LEADING_BYTES).lower()
    if start.startswith((b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script")):
        return NotAccepted("kind", "web_page")
    if _is_text(head):
        return NotAccepted("kind", "plain_text")
    try:
        name = puremagic.magic_string(head)[0].name
    except (puremagic.PureError, ValueError):
        name = ""
    return NotAccepted("kind", f":{name}" if name else "unknown")


def _describe_ole(file: BinaryIO) -> NotAccepted:
    """An old Office document, or a new one with a password, which is wrapped in the old format."""
    file.seek(0)
    try:
        with olefile.OleFileIO(file) as container:
            if container.exists("EncryptedPackage"):
                return NotAccepted("encrypted_office")
    except Exception:  # olefile raises whatever a damaged container provokes
        file.seek(0)
        if _ENCRYPTED in file.read():
            return NotAccepted("encrypted_office")
    return NotAccepted("kind", "legacy_office")


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 4  # cut in the middle of a character
    return True
