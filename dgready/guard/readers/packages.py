"""Office documents (OOXML, OpenDocument): which kind a ZIP package is, and what is active in it. PURE."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import BinaryIO, Final
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException

from dgready.guard.readers import odf, ooxml
from dgready.guard.readers.archives import Part, check_entries, find_end, walk_parts
from dgready.guard.readers.foreign import OLE_SIGNATURE
from dgready.guard.readers.ole import inspect_ole
from dgready.guard.readers.programs import is_program
from dgready.guard.readers.verdict import Active, Inspected, NotAccepted
from dgready.limits import ZipLimits

_FAULTS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    KeyError,
    ParseError,
    UnicodeError,
)
_EMBEDDED: Final = re.compile(r"(^|/)embeddings?/|^Object ", re.IGNORECASE)


def inspect_package(file: BinaryIO, size: int, limits: ZipLimits, depth: int = 0) -> Inspected:
    """The document; what lies behind the package is left out of its length. Raises NotAccepted.

    `depth`: of a document inside a document, of which one is looked into.
    """
    end = find_end(file, size, limits)
    file.seek(0)
    content = io.BytesIO(file.read(end))
    try:
        with zipfile.ZipFile(content) as package:
            entries = package.infolist()
            check_entries(entries, end, limits)
            names = {e.filename for e in entries}
            is_ooxml = "[Content_Types].xml" in names
            parts = list(walk_parts(content, entries, limits))
            if is_ooxml and any(part.has_type for part in parts):
                raise NotAccepted("unsafe")  # office programs write none there; OpenDocument of old did
            found = ooxml.inspect(package, names) if is_ooxml else odf.inspect(package, names)
            for part in parts:
                found.active |= _active_part(package, part, limits, depth)
    except DefusedXmlException as error:
        raise NotAccepted("unsafe") from error
    except _FAULTS as error:
        raise NotAccepted("broken_package") from error
    found.length = end if end < size else None
    return found


def _active_part(package: zipfile.ZipFile, part: Part, limits: ZipLimits, depth: int) -> set[Active]:
    """What a part is, if it is neither markup nor picture."""
    if part.head.startswith(OLE_SIGNATURE):
        return inspect_ole(io.BytesIO(package.read(part.name)), part.name)
    if is_program([part.name], part.head):
        return {Active.PROGRAM}
    if part.head.startswith(b"PK\x03\x04") and _EMBEDDED.search(part.name) and not depth:
        inner = package.read(part.name)
        try:
            return inspect_package(io.BytesIO(inner), len(inner), limits, depth + 1).active
        except NotAccepted as reason:
            if reason.code == "bomb":
                raise
            # A document with a password, or an archive: nobody sees what it holds.
            return {Active.PROGRAM} if reason.code == "kind" else {Active.OLE}
    return set()
