"""Office documents (OOXML, OpenDocument): which kind a ZIP package is, found without an XML parser."""

from __future__ import annotations

import re
import zipfile
import zlib
from typing import BinaryIO, Final

from django.utils.translation import gettext_lazy as _

from evidence.files.archives import check_end_record, check_entries, check_unpacked_sizes
from evidence.files.package_refusals import archive_bomb, broken_package, macro_refusal, unsafe_package
from evidence.files.refusal import PLAIN_ZIP, EvidenceRefused, unaccepted_kind
from evidence.models import FileKind

MAX_TYPES_BYTES: Final = 2 << 20  # bytes of the list of content types

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


def inspect_package(file: BinaryIO, size: int) -> tuple[FileKind, int | None]:
    """The kind of the document, and its number of slides or sheets where it has such. Raises EvidenceRefused."""
    check_end_record(file, size)
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as package:
            entries = package.infolist()
            check_entries(entries, size)
            names = {e.filename for e in entries}
            kind = _package_kind(package, names)
            _check_no_macros(names)
            check_unpacked_sizes(file, entries)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        KeyError,
    ) as error:
        raise broken_package() from error
    return kind, _page_count(kind, names)


def _read_part(package: zipfile.ZipFile, name: str, limit: int) -> bytes:
    if package.getinfo(name).file_size > limit:
        raise archive_bomb()
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
        raise unsafe_package()  # the list needs none of these; they could hide a type from us
    if b"macroenabled" in lowered or b"vbaproject" in lowered or b"macrosheet" in lowered:
        raise macro_refusal()
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
        raise macro_refusal()


def _page_count(kind: FileKind, names: set[str]) -> int | None:
    counted = {FileKind.PPTX: _SLIDE, FileKind.XLSX: _SHEET}.get(kind)
    return (sum(1 for n in names if counted.match(n)) or None) if counted else None
