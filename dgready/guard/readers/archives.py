"""ZIP archives, checked within limits before anything is unpacked: names, sizes, overlaps, declared entities. PURE."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from dgready.guard.readers.verdict import NotAccepted
from dgready.limits import ZipLimits

MAX_PART_NAME_LENGTH: Final = 240
MAX_PART_DEPTH: Final = 12
HEAD_BYTES: Final = 1 << 16  # bytes of a part in which a document type could be declared
CHUNK_BYTES: Final = 1 << 16
# Bytes of the records at the end of an archive.
_END_SIZE, _ZIP64_LOCATOR_SIZE, _ZIP64_END_SIZE = 22, 20, 56
_SEARCHED: Final = _END_SIZE + (1 << 16) + (1 << 16)  # a comment, and something behind it
_TYPE, _ENTITY = (
    tuple(word.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")) for word in ("<!DOCTYPE", "<!ENTITY")
)


def find_end(file: BinaryIO, size: int, limits: ZipLimits) -> int:
    """Where the archive ends; what lies behind is none of it. Raises NotAccepted.

    The end record is looked for from behind before zipfile reads it, which would load a table of any length.
    """
    filled = _filled_size(file, size)
    start = max(0, filled - _SEARCHED)
    file.seek(start)
    tail = file.read(filled - start)
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0:
        record = tail[at : at + _END_SIZE].ljust(_END_SIZE, b"\x00")
        end = start + at + _END_SIZE + int.from_bytes(record[20:22], "little")
        if start + at + _END_SIZE <= size and end <= size and _is_end_record(file, start + at, record, limits):
            return end
        at = tail.rfind(b"PK\x05\x06", 0, at)
    raise NotAccepted("unsafe")


def _filled_size(file: BinaryIO, size: int) -> int:
    """The size without the zeros at the end, with which some programs fill up; at most those of one end record less."""
    end = size
    while end > 0:
        start = max(0, end - CHUNK_BYTES)
        file.seek(start)
        chunk = file.read(end - start).rstrip(b"\x00")
        if chunk:
            return min(size, start + len(chunk) + _END_SIZE)
        end = start
    return 0


def _is_end_record(file: BinaryIO, at: int, record: bytes, limits: ZipLimits) -> bool:
    """Whether the table of contents that it names ends where the record begins. Raises NotAccepted for a huge one."""
    count, length, start = (int.from_bytes(record[a:b], "little") for a, b in ((10, 12), (12, 16), (16, 20)))
    end = at
    file.seek(max(0, at - _ZIP64_LOCATOR_SIZE))
    if file.read(4) == b"PK\x06\x07":
        end = at - _ZIP64_LOCATOR_SIZE - _ZIP64_END_SIZE
        file.seek(max(0, end))
        wide = file.read(_ZIP64_END_SIZE)
        if wide[:4] != b"PK\x06\x06":
            return False
        count, length, start = (int.from_bytes(wide[a:b], "little") for a, b in ((32, 40), (40, 48), (48, 56)))
    if count > limits.members or length > limits.directory:
        raise NotAccepted("bomb")
    return start + length == end


def check_entries(entries: list[zipfile.ZipInfo], size: int, limits: ZipLimits) -> None:
    """Checks names, sizes and positions of all parts as the table of contents tells them. Raises NotAccepted."""
    if len(entries) > limits.members or sum(e.file_size for e in entries) > limits.unpacked:
        raise NotAccepted("bomb")
    seen: set[str] = set()
    end = 0
    if min((e.header_offset for e in entries), default=0) != 0:
        raise NotAccepted("unsafe")
    for entry in sorted(entries, key=lambda e: e.header_offset):
        _check_name(entry, seen)
        if entry.flag_bits & 0x1:
            raise NotAccepted("encrypted_office")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise NotAccepted("unsafe")
        if entry.header_offset < end:
            raise NotAccepted("bomb")  # parts that share their bytes
        end = entry.header_offset + 30 + entry.compress_size
    if end > size:
        raise NotAccepted("broken_package")


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
        raise NotAccepted("unsafe")
    seen.add(folded)


@dataclass(frozen=True, slots=True)
class Part:
    """A part that was unpacked without being kept: its first bytes, and what its markup declares."""

    name: str
    head: bytes
    has_type: bool = False


def walk_parts(file: BinaryIO, entries: list[zipfile.ZipInfo], limits: ZipLimits) -> Iterator[Part]:
    """Unpacks every part: sizes must be as declared, and none may declare entities. Raises NotAccepted."""
    packed = total = 0
    for entry in entries:
        size, head = _unpack(file, entry)
        total += size
        packed += entry.compress_size
        if total > limits.unpacked or (total > limits.ratio_from and total > limits.ratio * max(packed, 1)):
            raise NotAccepted("bomb")
        markup = entry.filename.lower().endswith((".xml", ".rels"))
        if markup and any(word in head for word in _ENTITY):
            raise NotAccepted("unsafe")
        yield Part(entry.filename, head, markup and any(word in head for word in _TYPE))


def _unpack(file: BinaryIO, entry: zipfile.ZipInfo) -> tuple[int, bytes]:
    """Size of a part as it really unpacks, in bytes, and its first bytes."""
    _seek_to_data(file, entry)
    inflate = zlib.decompressobj(-15) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    left, size, head = entry.compress_size, 0, b""
    while left > 0:
        chunk = file.read(min(CHUNK_BYTES, left))
        if not chunk or (inflate and inflate.eof):
            raise NotAccepted("broken_package")
        left -= len(chunk)
        while chunk:
            data = inflate.decompress(chunk, CHUNK_BYTES) if inflate else chunk
            chunk = inflate.unconsumed_tail if inflate else b""
            size += len(data)
            if size > entry.file_size:
                raise NotAccepted("bomb")
            if len(head) < HEAD_BYTES:
                head += data
    if inflate:
        size += len(inflate.flush())
    if size != entry.file_size:
        raise NotAccepted("broken_package")
    return size, head


def _seek_to_data(file: BinaryIO, entry: zipfile.ZipInfo) -> None:
    """Moves to the part's data; its own header must agree with the table of contents."""
    file.seek(entry.header_offset)
    header = file.read(30)
    name = file.read(int.from_bytes(header[26:28], "little"))
    listed_name = entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437")
    method = int.from_bytes(header[8:10], "little")
    if header[:4] != b"PK\x03\x04" or method != entry.compress_type or name != listed_name:
        raise NotAccepted("unsafe")
    file.seek(int.from_bytes(header[28:30], "little"), 1)
