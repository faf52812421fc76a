"""Text of office documents (OOXML, OpenDocument) by page, sheet or slide; run in the child of the guard. PURE."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final
from xml.etree.ElementTree import Element

from dgready.guard.readers.markup import attribute, closed, elements, local

_SHEET_RELATION: Final = re.compile(r"/(worksheet|chartsheet|slide)\Z")
_EMPTIED: Final = frozenset({"p", "h", "table-row", "table", "page"})
_BLANKS: Final = {"s": " ", "tab": "\t", "line-break": "\n"}


def office_pages(file: BinaryIO, kind: str) -> Iterator[str]:
    """The text of each page: of a sheet or slide, else as the program that wrote the document broke it."""
    with zipfile.ZipFile(file) as package:
        yield from _READERS[kind](package)


# -- Word ------------------------------------------------------------------------------------------


def _word(package: zipfile.ZipFile) -> Iterator[str]:
    """Pages end where Word last ended them; a row of a table is a line."""
    lines: list[str] = [""]
    cell = False
    for event, element in elements(package, "word/document.xml"):
        tag = local(element.tag)
        if event == "start":
            cell = True if tag == "tc" else cell
        elif tag == "t":
            lines[-1] += element.text or ""
        elif tag in ("tab", "ptab"):
            lines[-1] += "\t"
        elif tag == "lastRenderedPageBreak" or (tag == "br" and attribute(element, "type") == "page"):
            if any(line.strip() for line in lines):
                yield "\n".join(lines)
                lines = [""]
        elif tag in ("br", "cr"):
            lines.append("")
        elif tag == "tc":
            lines[-1] = lines[-1].rstrip("\n ") + "\t"
            cell = False
        elif tag == "tr" or (tag == "p" and not cell):
            lines.append("")
        elif tag == "p":
            lines[-1] += " "
    yield "\n".join(lines)


# -- Excel -----------------------------------------------------------------------------------------


def _excel(package: zipfile.ZipFile) -> Iterator[str]:
    shared = _shared_strings(package)
    for name in _parts_in_order(package, "xl/workbook.xml", "sheet"):
        yield "\n".join(_rows(package, name, shared))


def _shared_strings(package: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in package.namelist():
        return []
    found, text = [], ""
    for event, element in elements(package, "xl/sharedStrings.xml"):
        tag = local(element.tag)
        if event == "start":
            text = "" if tag == "si" else text
        elif tag == "t":
            text += element.text or ""
        elif tag == "si":
            found.append(text)
    return found


def _rows(package: zipfile.ZipFile, name: str, shared: list[str]) -> Iterator[str]:
    cells: list[str] = []
    value = ""
    for element in closed(package, name):
        tag = local(element.tag)
        if tag in ("v", "t"):
            value += element.text or ""
        elif tag == "c":
            if element.get("t") == "s" and value.isdigit() and int(value) < len(shared):
                value = shared[int(value)]
            if value.strip():
                cells.append(" ".join(value.split()))
            value = ""
        elif tag == "row":
            if cells:
                yield "\t".join(cells)
            cells = []


# -- PowerPoint ------------------------------------------------------------------------------------


def _powerpoint(package: zipfile.ZipFile) -> Iterator[str]:
    for name in _parts_in_order(package, "ppt/presentation.xml", "sldId"):
        lines = [""]
        for element in closed(package, name):
            tag = local(element.tag)
            if tag == "t":
                lines[-1] += element.text or ""
            elif tag in ("p", "br"):
                lines.append("")
        yield "\n".join(lines)


def _parts_in_order(package: zipfile.ZipFile, main: str, listed: str) -> list[str]:
    """The parts of sheets or slides in the order of the document."""
    folder, _slash, base = main.rpartition("/")
    relations = {
        element.get("Id", ""): posixpath.normpath(posixpath.join("/" + folder, element.get("Target", ""))).lstrip("/")
        for element in closed(package, f"{folder}/_rels/{base}.rels")
        if _SHEET_RELATION.search(element.get("Type", ""))
    }
    # The number of a slide is also called id; that of its part has a namespace.
    keys = [
        next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
        for element in closed(package, main)
        if local(element.tag) == listed
    ]
    names = set(package.namelist())
    return [relations[key] for key in keys if relations.get(key) in names]


# -- OpenDocument ----------------------------------------------------------------------------------


def _open_document(package: zipfile.ZipFile) -> Iterator[str]:
    """Sheets and slides are pages; a text ends its pages where the program last did."""
    lines: list[str] = [""]
    cells, breaks = 0, False
    ends = {"page"} if _is_text(package) else {"page", "table"}
    for event, element in elements(package, "content.xml", _EMPTIED):
        tag = local(element.tag)
        if event == "start":
            cells += tag == "table-cell"
        elif tag in ("p", "h"):
            lines[-1] += _inner_text(element) + (" " if cells else "")
            lines += [] if cells else [""]
        elif tag == "table-cell":
            cells -= 1
            lines[-1] = lines[-1].rstrip(" ") + "\t"
        elif tag == "table-row":
            lines.append("")
        breaks = breaks or tag == "soft-page-break"
        if event == "end" and (tag in ends or (breaks and not cells and tag in ("p", "h", "table-row"))):
            yield "\n".join(lines)
            lines, breaks = [""], False
    if any(line.strip() for line in lines):
        yield "\n".join(lines)


def _inner_text(element: Element) -> str:
    """The text of a paragraph; blanks and line ends are elements of their own."""
    pieces = [element.text or ""]
    for child in element:
        pieces.append(_BLANKS.get(local(child.tag)) or _inner_text(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def _is_text(package: zipfile.ZipFile) -> bool:
    with package.open("mimetype") as part:
        return part.read(100).endswith(b".text")


_READERS: Final[dict[str, Callable[[zipfile.ZipFile], Iterator[str]]]] = {
    "docx": _word,
    "xlsx": _excel,
    "pptx": _powerpoint,
    "odt": _open_document,
    "ods": _open_document,
    "odp": _open_document,
}
