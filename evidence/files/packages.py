"""Office documents (OOXML, OpenDocument): ZIP packages, inspected within limits and without an XML parser."""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import BinaryIO, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from evidence.files.refusal import PLAIN_ZIP, EvidenceRefused, unaccepted_kind
from evidence.models import FileKind

MAX_PART_NAME_LENGTH: Final = 240
MAX_PART_DEPTH: Final = 12
MAX_TYPES_BYTES: Final = 2 << 20  # bytes of the list of content types
MARKUP_HEAD_BYTES: Final = 1 << 16  # bytes of a part in which a document type could be declared
CHUNK_BYTES: Final = 1 << 16
_END, _LOCATOR, _LARGE_END = 22, 20, 56  # bytes of the records at the end of an archive

_OOXML: Final = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES: Final[dict[FileKind, str]] = {
    FileKind.DOCX: _OOXML + "wordprocessingml.document",
    FileKind.XLSX: _OOXML + "spreadsheetml.sheet",
    FileKind.PPTX: _OOXML + "presentationml.presentation",
    FileKind.ODT: "application/vnd.oasis.opendocument.text",
    FileKind.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    FileKind.ODP: "application/vnd.oasis.opendocument.presentation",
}
_MAIN_PARTS: Final = {MEDIA_TYPES[k] + ".main+xml": k for k in (FileKind.DOCX, FileKind.XLSX, FileKind.PPTX)}
_OPEN_DOCUMENTS: Final = {MEDIA_TYPES[k]: k for k in (FileKind.ODT, FileKind.ODS, FileKind.ODP)}
_OVERRIDE: Final = re.compile(rb"<(?:\w+:)?Override\b([^<>]*)>")
_ATTRIBUTE: Final = re.compile(rb"""\b(PartName|ContentType)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_SLIDE: Final = re.compile(r"ppt/slides/slide\d+\.xml\Z")
_SHEET: Final = re.compile(r"xl/(?:work|chart)sheets/sheet\d+\.xml\Z")
_MACROS: Final = re.compile(r"(^|/)(vbaproject\.bin|vbadata\.xml)\Z|^(basic|scripts)/|^xl/macrosheets/", re.IGNORECASE)
_DECLARATIONS: Final = tuple(
    word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
)


def _broken_package() -> EvidenceRefused:
    return EvidenceRefused("broken", _("เปิดเอกสารนี้ไม่ได้ ไฟล์อาจเสียหาย โปรดบันทึกใหม่แล้วแนบอีกครั้ง"))


def _archive_bomb() -> EvidenceRefused:
    return EvidenceRefused("bomb", _("เอกสารนี้ขยายออกแล้วใหญ่ผิดปกติ จึงรับไว้ไม่ได้"))


def _unsafe_package() -> EvidenceRefused:
    return EvidenceRefused("unsafe", _("โครงสร้างภายในเอกสารนี้ผิดปกติ โปรดบันทึกใหม่ด้วยโปรแกรมสำนักงานแล้วแนบอีกครั้ง"))


def inspect_package(file: BinaryIO, size: int) -> tuple[FileKind, int | None]:
    """The kind of the package and its slides or sheets if it has such. Raises Refused."""
    _check_end_record(file, size)
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as package:
            entries = package.infolist()
            _check_entries(entries, size)
            names = {e.filename for e in entries}
            kind = _package_kind(package, names)
            _check_no_macros(names)
            _check_unpacked_sizes(file, entries)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        KeyError,
    ) as error:
        raise _broken_package() from error
    return kind, _page_count(kind, names)


# -- the archive -----------------------------------------------------------------------------------


def _check_end_record(file: BinaryIO, size: int) -> None:
    """Looks at the end record before zipfile does: it would read a table of any length into memory."""
    here = size - _END
    file.seek(max(0, here))
    record = file.read(_END)
    if len(record) < _END or record[:4] != b"PK\x05\x06" or record[20:22] != b"\x00\x00":
        raise _unsafe_package()  # something lies behind the archive, or in the room for a comment
    count, length, start = (int.from_bytes(record[a:b], "little") for a, b in ((10, 12), (12, 16), (16, 20)))
    file.seek(max(0, here - _LOCATOR))
    if file.read(4) == b"PK\x06\x07":
        count, length, start, here = _read_zip64_end_record(file, here)
    if count > settings.ZIP_LIMITS.members or length > settings.ZIP_LIMITS.directory:
        raise _archive_bomb()
    if start + length != here:
        raise _unsafe_package()  # something lies before the archive or in it


def _read_zip64_end_record(file: BinaryIO, end: int) -> tuple[int, int, int, int]:
    """Count, length and start of the table, and where it ends, from the 64-bit end record."""
    here = end - _LOCATOR - _LARGE_END
    file.seek(max(0, here))
    record = file.read(_LARGE_END)
    if record[:4] != b"PK\x06\x06":
        raise _unsafe_package()
    count, length, start = (int.from_bytes(record[a:b], "little") for a, b in ((32, 40), (40, 48), (48, 56)))
    return count, length, start, here


def _check_entries(entries: list[zipfile.ZipInfo], size: int) -> None:
    limits = settings.ZIP_LIMITS
    if len(entries) > limits.members or sum(e.file_size for e in entries) > limits.unpacked:
        raise _archive_bomb()
    seen: set[str] = set()
    end = 0
    if min((e.header_offset for e in entries), default=0) != 0:
        raise _unsafe_package()
    for entry in sorted(entries, key=lambda e: e.header_offset):
        _check_name(entry, seen)
        if entry.flag_bits & 0x1:
            raise EvidenceRefused("encrypted", _("เอกสารนี้ตั้งรหัสผ่านไว้ โปรดบันทึกใหม่โดยไม่ตั้งรหัสผ่าน"))
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _unsafe_package()
        if entry.header_offset < end:
            raise _archive_bomb()  # parts that share their bytes
        end = entry.header_offset + 30 + entry.compress_size
    if end > size:
        raise _broken_package()


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
        raise _unsafe_package()
    seen.add(folded)


def _check_unpacked_sizes(file: BinaryIO, entries: list[zipfile.ZipInfo]) -> None:
    """Unpacks every part into nothing: sizes must be as declared, and no part may declare entities."""
    limits = settings.ZIP_LIMITS
    packed = total = 0
    for entry in entries:
        total += _unpacked_size(file, entry)
        packed += entry.compress_size
        if total > limits.unpacked or (total > limits.ratio_from and total > limits.ratio * max(packed, 1)):
            raise _archive_bomb()


def _unpacked_size(file: BinaryIO, entry: zipfile.ZipInfo) -> int:
    """Bytes of the part as they really unpack."""
    _seek_to_data(file, entry)
    inflate = zlib.decompressobj(-15) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    markup = entry.filename.lower().endswith((".xml", ".rels"))
    left, size, head = entry.compress_size, 0, b""
    while left > 0:
        chunk = file.read(min(CHUNK_BYTES, left))
        if not chunk or (inflate and inflate.eof):
            raise _broken_package()
        left -= len(chunk)
        while chunk:
            data = inflate.decompress(chunk, CHUNK_BYTES) if inflate else chunk
            chunk = inflate.unconsumed_tail if inflate else b""
            size += len(data)
            if size > entry.file_size:
                raise _archive_bomb()
            if markup and len(head) < MARKUP_HEAD_BYTES:
                head += data
    if inflate:
        size += len(inflate.flush())
    if size != entry.file_size:
        raise _broken_package()
    if any(word in head for word in _DECLARATIONS):
        raise _unsafe_package()
    return size


def _seek_to_data(file: BinaryIO, entry: zipfile.ZipInfo) -> None:
    """Moves to the part's bytes; what stands before them must agree with the table of contents."""
    file.seek(entry.header_offset)
    header = file.read(30)
    name = file.read(int.from_bytes(header[26:28], "little"))
    told = entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437")
    method = int.from_bytes(header[8:10], "little")
    if header[:4] != b"PK\x03\x04" or method != entry.compress_type or name != told:
        raise _unsafe_package()
    file.seek(int.from_bytes(header[28:30], "little"), 1)


# -- the document ----------------------------------------------------------------------------------


def _read_part(package: zipfile.ZipFile, name: str, limit: int) -> bytes:
    if package.getinfo(name).file_size > limit:
        raise _archive_bomb()
    with package.open(name) as part:
        return part.read(limit)


def _package_kind(package: zipfile.ZipFile, names: set[str]) -> FileKind:
    if "[Content_Types].xml" in names:
        return _ooxml_kind(_read_part(package, "[Content_Types].xml", MAX_TYPES_BYTES), names)
    if "mimetype" in names and "content.xml" in names:
        return _open_document_kind(package, names)
    raise unaccepted_kind(PLAIN_ZIP)


def _ooxml_kind(types: bytes, names: set[str]) -> FileKind:
    lowered = types.lower()
    if any(word in types for word in (b"<!", b"&", b"\x00")):
        raise _unsafe_package()  # the list needs none of these; they could hide a type from us
    if b"macroenabled" in lowered or b"vbaproject" in lowered or b"macrosheet" in lowered:
        raise _macro_refusal()
    for match in _OVERRIDE.finditer(types):
        values = {m[1]: (m[2] or m[3] or b"").decode("utf-8", "replace") for m in _ATTRIBUTE.finditer(match[1])}
        kind = _MAIN_PARTS.get(values.get(b"ContentType", ""))
        if kind is not None and values.get(b"PartName", "").lstrip("/") in names:
            return kind
    raise unaccepted_kind(_("เอกสาร Office ชนิดที่ไม่ใช่ docx, xlsx หรือ pptx"))


def _open_document_kind(package: zipfile.ZipFile, names: set[str]) -> FileKind:
    mimetype = _read_part(package, "mimetype", 200).decode("ascii", "replace").strip()
    kind = _OPEN_DOCUMENTS.get(mimetype)
    if kind is None:
        raise unaccepted_kind(_("เอกสาร OpenDocument ชนิดที่ไม่ใช่ odt, ods หรือ odp"))
    manifest = "META-INF/manifest.xml"
    if manifest in names and b"encryption-data" in _read_part(package, manifest, MAX_TYPES_BYTES):
        raise EvidenceRefused("encrypted", _("เอกสารนี้ตั้งรหัสผ่านไว้ โปรดบันทึกใหม่โดยไม่ตั้งรหัสผ่าน"))
    return kind


def _check_no_macros(names: set[str]) -> None:
    if any(_MACROS.search(name) for name in names):
        raise _macro_refusal()


def _macro_refusal() -> EvidenceRefused:
    return EvidenceRefused("macros", _("เอกสารนี้มีแมโคร (คำสั่งที่ทำงานเอง) โปรดบันทึกใหม่เป็นแบบไม่มีแมโคร"))


def _page_count(kind: FileKind, names: set[str]) -> int | None:
    counted = {FileKind.PPTX: _SLIDE, FileKind.XLSX: _SHEET}.get(kind)
    return (sum(1 for n in names if counted.match(n)) or None) if counted else None
