"""ZIP archives, checked within limits before anything is unpacked: names, sizes, overlaps, declared entities."""

from __future__ import annotations

import zipfile
import zlib
from typing import BinaryIO, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from evidence.files.package_refusals import archive_bomb, broken_package, unsafe_package
from evidence.files.refusal import EvidenceRefused

MAX_PART_NAME_LENGTH: Final = 240
MAX_PART_DEPTH: Final = 12
MARKUP_HEAD_BYTES: Final = 1 << 16  # bytes of a part in which a document type could be declared
CHUNK_BYTES: Final = 1 << 16
# Bytes of the records at the end of an archive.
_END_SIZE, _ZIP64_LOCATOR_SIZE, _ZIP64_END_SIZE = 22, 20, 56
_DECLARATIONS: Final = tuple(
    word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
)


def check_end_record(file: BinaryIO, size: int) -> None:
    """Checks the end record before zipfile reads it, which would load a table of any length. Raises EvidenceRefused."""
    end = size - _END_SIZE
    file.seek(max(0, end))
    record = file.read(_END_SIZE)
    if len(record) < _END_SIZE or record[:4] != b"PK\x05\x06" or record[20:22] != b"\x00\x00":
        raise unsafe_package()  # something lies behind the archive, or in the room for a comment
    count, length, start = (int.from_bytes(record[a:b], "little") for a, b in ((10, 12), (12, 16), (16, 20)))
    file.seek(max(0, end - _ZIP64_LOCATOR_SIZE))
    if file.read(4) == b"PK\x06\x07":
        count, length, start, end = _read_zip64_end_record(file, end)
    if count > settings.ZIP_LIMITS.members or length > settings.ZIP_LIMITS.directory:
        raise archive_bomb()
    if start + length != end:
        raise unsafe_package()  # something lies before the archive or in it


def _read_zip64_end_record(file: BinaryIO, end_record_at: int) -> tuple[int, int, int, int]:
    """Count, length (bytes) and start of the table of contents, and where it ends, from the 64-bit end record."""
    end = end_record_at - _ZIP64_LOCATOR_SIZE - _ZIP64_END_SIZE
    file.seek(max(0, end))
    record = file.read(_ZIP64_END_SIZE)
    if record[:4] != b"PK\x06\x06":
        raise unsafe_package()
    count, length, start = (int.from_bytes(record[a:b], "little") for a, b in ((32, 40), (40, 48), (48, 56)))
    return count, length, start, end


def check_entries(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Checks names, sizes and positions of all parts as the table of contents tells them. Raises EvidenceRefused."""
    if len(entries) > settings.ZIP_LIMITS.members or sum(e.file_size for e in entries) > settings.ZIP_LIMITS.unpacked:
        raise archive_bomb()
    seen: set[str] = set()
    end = 0
    if min((e.header_offset for e in entries), default=0) != 0:
        raise unsafe_package()
    for entry in sorted(entries, key=lambda e: e.header_offset):
        _check_name(entry, seen)
        if entry.flag_bits & 0x1:
            raise EvidenceRefused("encrypted", _("เอกสารนี้ตั้งรหัสผ่านไว้ โปรดบันทึกใหม่โดยไม่ตั้งรหัสผ่าน"))
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise unsafe_package()
        if entry.header_offset < end:
            raise archive_bomb()  # parts that share their bytes
        end = entry.header_offset + 30 + entry.compress_size
    if end > size:
        raise broken_package()


def _check_name(entry: zipfile.ZipInfo, seen: set[str]) -> None:
    name = entry.orig_filename
    parts = name.rstrip("/").split("/")
    folded = name.casefold()
    if (
        "\x00" in name
        or "\\" in name
        or ":" in name
        or len(name) > MAX_PART_NAME_LENGTH
        or len(parts) > MAX_PART_DEPTH
        or any(p in ("", ".", "..") for p in parts)
        or folded in seen
        or (entry.external_attr >> 28) == 0xA  # a symbolic link
    ):
        raise unsafe_package()
    seen.add(folded)


def check_unpacked_sizes(file: BinaryIO, entries: list[zipfile.ZipInfo]) -> None:
    """Unpacks every part without keeping it: sizes must be as declared, no part may declare entities."""
    packed = total = 0
    for entry in entries:
        total += _unpacked_size(file, entry)
        packed += entry.compress_size
        if total > settings.ZIP_LIMITS.unpacked or (
            total > settings.ZIP_LIMITS.ratio_from and total > settings.ZIP_LIMITS.ratio * max(packed, 1)
        ):
            raise archive_bomb()


def _unpacked_size(file: BinaryIO, entry: zipfile.ZipInfo) -> int:
    """Size of a part as it really unpacks, in bytes."""
    _seek_to_data(file, entry)
    inflate = zlib.decompressobj(-15) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    markup = entry.filename.lower().endswith((".xml", ".rels"))
    left, size, head = entry.compress_size, 0, b""
    while left > 0:
        chunk = file.read(min(CHUNK_BYTES, left))
        if not chunk or (inflate and inflate.eof):
            raise broken_package()
        left -= len(chunk)
        while chunk:
            data = inflate.decompress(chunk, CHUNK_BYTES) if inflate else chunk
            chunk = inflate.unconsumed_tail if inflate else b""
            size += len(data)
            if size > entry.file_size:
                raise archive_bomb()
            if markup and len(head) < MARKUP_HEAD_BYTES:
                head += data
    if inflate:
        size += len(inflate.flush())
    if size != entry.file_size:
        raise broken_package()
    if any(word in head for word in _DECLARATIONS):
        raise unsafe_package()
    return size


def _seek_to_data(file: BinaryIO, entry: zipfile.ZipInfo) -> None:
    """Moves to the part's data; its own header must agree with the table of contents."""
    file.seek(entry.header_offset)
    header = file.read(30)
    name = file.read(int.from_bytes(header[26:28], "little"))
    listed_name = entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437")
    method = int.from_bytes(header[8:10], "little")
    if header[:4] != b"PK\x03\x04" or method != entry.compress_type or name != listed_name:
        raise unsafe_package()
    file.seek(int.from_bytes(header[28:30], "little"), 1)
