"""Office Open XML: its kind by the list of content types; macros, controls, links, templates and DDE in it. PURE."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import Final

from dgready.guard.readers.fields import field_dangers
from dgready.guard.readers.markup import closed, local
from dgready.guard.readers.remote import is_remote, is_share
from dgready.guard.readers.verdict import Active, Inspected, NotAccepted

_OOXML: Final = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES: Final = {
    "docx": _OOXML + "wordprocessingml.document",
    "xlsx": _OOXML + "spreadsheetml.sheet",
    "pptx": _OOXML + "presentationml.presentation",
}
_MAIN_PARTS: Final = {media_type + ".main+xml": kind for kind, media_type in MEDIA_TYPES.items()}
# Main parts of documents with macros: what they would be without.
_MACRO_PARTS: Final = {
    "application/vnd.ms-word.document.macroEnabled.main+xml": "docx",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml": "xlsx",
    "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml": "pptx",
}
_COUNTED: Final = {
    "pptx": re.compile(r"ppt/slides/slide\d+\.xml\Z"),
    "xlsx": re.compile(r"xl/(?:work|chart)sheets/sheet\d+\.xml\Z"),
}
_MACRO_TYPES: Final = ("macroenabled", "vbaproject", "macrosheet", "intlmacrosheet")
_MACRO_NAMES: Final = re.compile(r"(^|/)(vbaproject\.bin|vbadata\.xml)\Z|^xl/macrosheets/", re.IGNORECASE)
_CONTROLS: Final = re.compile(r"(^|/)activex/", re.IGNORECASE)
_WORD_PARTS: Final = re.compile(r"word/[^/]+\.xml\Z", re.IGNORECASE)
_EXTERNAL_BOOKS: Final = re.compile(r"xl/externalLinks/[^/]+\.xml\Z", re.IGNORECASE)
_FIELD_WORDS: Final = tuple(
    w.encode(c) for w in ("instrText", "fldSimple") for c in ("utf-8", "utf-16-le", "utf-16-be")
)
# Of relationships: what is fetched when the document is opened, from the web too. A picture is shown, no more.
_FETCHED: Final = {"attachedTemplate", "oleObject", "frame", "subDocument", "externalLinkPath", "aFChunk", "package"}
_HYPERLINK: Final = "hyperlink"


def inspect(package: zipfile.ZipFile, names: set[str]) -> Inspected:
    """The document. Raises NotAccepted."""
    types = list(_content_types(package))
    kind = _kind(types, names)
    active = {
        *([Active.MACRO] if _has_macros(types, names) else []),
        *([Active.CONTROL] if any(_CONTROLS.search(name) for name in names) else []),
        *_links(package, names),
        *_calls(package, names),
    }
    counted = _COUNTED.get(kind)
    pages = sum(1 for name in names if counted.match(name)) if counted else 0
    return Inspected(kind, MEDIA_TYPES[kind], pages or None, active)


def _content_types(package: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """(part, type) of the list; the part is empty for the type of an extension."""
    for element in closed(package, "[Content_Types].xml"):
        if local(element.tag) in ("Override", "Default"):
            yield element.get("PartName", "").lstrip("/"), element.get("ContentType", "")


def _kind(types: list[tuple[str, str]], names: set[str]) -> str:
    for part, content_type in types:
        kind = _MAIN_PARTS.get(content_type) or _MACRO_PARTS.get(content_type)
        if kind is not None and part in names:
            return kind
    raise NotAccepted("kind", "other_office")


def _has_macros(types: list[tuple[str, str]], names: set[str]) -> bool:
    listed = any(word in content_type.lower() for _part, content_type in types for word in _MACRO_TYPES)
    return listed or any(_MACRO_NAMES.search(name) for name in names)


def _links(package: zipfile.ZipFile, names: set[str]) -> Iterator[Active]:
    """What the relationships fetch from other machines. A link that a person clicks is none."""
    for name in names:
        if not name.lower().endswith(".rels"):
            continue
        for element in closed(package, name):
            kind, target = element.get("Type", "").rpartition("/")[2], element.get("Target", "")
            if element.get("TargetMode", "").lower() != "external" or kind == _HYPERLINK:
                continue
            if is_remote(target) if kind in _FETCHED else is_share(target):
                yield Active.TEMPLATE if kind == "attachedTemplate" else Active.LINK


def _calls(package: zipfile.ZipFile, names: set[str]) -> Iterator[Active]:
    """Fields of Word and links of Excel that ask other programs (DDE) or machines."""
    for name in names:
        if _EXTERNAL_BOOKS.match(name):
            if any(local(element.tag) == "ddeLink" for element in closed(package, name)):
                yield Active.DDE
        elif _WORD_PARTS.match(name) and _has_fields(package, name):
            yield from field_dangers(package, name)


def _has_fields(package: zipfile.ZipFile, name: str) -> bool:
    """Whether it is worth parsing: a long document takes seconds."""
    with package.open(name) as part:
        last = b""
        while chunk := part.read(1 << 20):
            if any(word in last + chunk for word in _FIELD_WORDS):
                return True
            last = chunk[-40:]
    return False
