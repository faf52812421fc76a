"""OpenDocument, of old layouts too: its kind, a password, and macros, scripts, links and DDE in it. PURE."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element

from dgready.guard.readers.markup import attribute, closed, local
from dgready.guard.readers.remote import is_remote, is_share
from dgready.guard.readers.verdict import Active, Inspected, NotAccepted

_ODF: Final = "application/vnd.oasis.opendocument."
MEDIA_TYPES: Final = {"odt": _ODF + "text", "ods": _ODF + "spreadsheet", "odp": _ODF + "presentation"}
_KINDS: Final = {media_type: kind for kind, media_type in MEDIA_TYPES.items()}
_MANIFEST: Final = "META-INF/manifest.xml"
_LISTS: Final = re.compile(r"(^|/)script-l[bc]\.xml\Z", re.IGNORECASE)  # of libraries of macros, empty in most files
_CODE: Final = re.compile(r"^(Basic|Dialogs)/", re.IGNORECASE)
_SCRIPTS: Final = re.compile(r"^Scripts/.+[^/]\Z", re.IGNORECASE)
_PARTS: Final = re.compile(r"^(Object [^/]+/)?(content|styles|meta|settings)\.xml\Z")
_DDE: Final = {"dde-connection-decl", "dde-link", "dde-source", "dde-connection"}
_FETCHED: Final = {  # fetched when the document is opened, from the web too
    "object", "object-ole", "plugin", "applet", "floating-frame", "section-source", "table-source", "template",
    "cell-range-source", "script",
}  # fmt: skip
_CLICKED: Final = {"a"}


def inspect(package: zipfile.ZipFile, names: set[str]) -> Inspected:
    """The document. Raises NotAccepted."""
    kind = _kind(package, names)
    if _MANIFEST in names and any(local(e.tag) == "encryption-data" for e in closed(package, _MANIFEST)):
        raise NotAccepted("encrypted_office")
    active = {found for name in names for found in _active_name(package, name)}
    for name in names:
        if _PARTS.match(name):
            active |= {found for element in closed(package, name) for found in _active_element(element)}
    return Inspected(kind, MEDIA_TYPES[kind], None, active)


def _kind(package: zipfile.ZipFile, names: set[str]) -> str:
    """By the part that names the type, in old files by the list of parts."""
    if "content.xml" not in names:
        raise NotAccepted("kind", "zip")
    listed = ""
    if "mimetype" in names:
        with package.open("mimetype") as part:
            listed = part.read(200).decode("ascii", "replace").strip()
    elif _MANIFEST in names:
        roots = (e for e in closed(package, _MANIFEST) if attribute(e, "full-path") == "/")
        listed = next((attribute(e, "media-type") for e in roots), "")
    if listed not in _KINDS:
        raise NotAccepted("kind", "other_opendocument" if listed else "zip")
    return _KINDS[listed]


def _active_name(package: zipfile.ZipFile, name: str) -> Iterator[Active]:
    if _SCRIPTS.match(name):
        yield Active.SCRIPT
    elif _CODE.match(name) and not name.endswith("/") and not _is_empty_list(package, name):
        yield Active.MACRO


def _is_empty_list(package: zipfile.ZipFile, name: str) -> bool:
    """Office writes the lists of an empty library into every document that was ever looked at for macros."""
    return bool(_LISTS.search(name)) and not any(local(e.tag) == "element" for e in closed(package, name))


def _active_element(element: Element) -> Iterator[Active]:
    tag, target = local(element.tag), attribute(element, "href")
    if tag in _DDE:
        yield Active.DDE
    elif tag == "event-listener" and (target or attribute(element, "macro-name")):
        yield Active.MACRO
    elif tag == "script" and (element.text or "").strip():
        yield Active.SCRIPT
    elif tag not in _CLICKED and target:
        if target.lower().startswith(("vnd.sun.star.script:", "macro:")):
            yield Active.MACRO
        elif is_remote(target) if tag in _FETCHED else is_share(target):
            yield Active.TEMPLATE if tag == "template" else Active.LINK
