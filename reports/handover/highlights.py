"""Where the marks of a document lie on its pages: their rectangles, or where their passages are found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from dgready.children import ChildFault
from dgready.typed.pages import page_numbers
from evidence.attaching.areas import PARTS, read_areas
from evidence.reading.extracting import read_document
from evidence.reading.pages import DocumentText
from evidence.reading.queries import document_text
from evidence.reading.quotes import Passage, find_quote
from reports.content.structure import EvidenceMark
from reports.handover.contents import Content
from reports.handover.package import Document

Highlight = dict[str, Any]
"""`page`, `areas` (left, top, right, bottom in parts of the page) and `text`, as the guard's reader takes them."""


def highlights_of(document: Document, content: Content, path: Path) -> list[Highlight]:
    """The highlights of a document, each with the code of what it proves. The text is read once, if it is needed."""
    read = _reader(content, path)
    found: list[Highlight] = []
    for proof in document.proofs:
        for mark in proof.item.marks:
            said = f"{proof.place.name}: {mark.quote or mark.note}"
            found += [{"page": page, "areas": areas, "text": said} for page, areas in _places(mark, content, read)]
    return found


def _reader(content: Content, path: Path) -> Callable[[], DocumentText | None]:
    kept: list[DocumentText | None] = []

    def read() -> DocumentText | None:
        if not kept:
            kept.append(_text(content, path))
        return kept[0]

    return read


def _text(content: Content, path: Path) -> DocumentText | None:
    """What the document says: as it was read after the upload; of an office document what its PDF says."""
    if not content.rendered:
        return document_text(content.file) if content.file else None
    try:
        return read_document(path, "pdf", settings.TEXT_LIMITS, by_picture=False)
    except ChildFault:
        return None


def _places(
    mark: EvidenceMark, content: Content, read: Callable[[], DocumentText | None]
) -> Iterator[tuple[int, list[list[float]]]]:
    """Pages with rectangles. Those of an office document's marks are of its text, not of its PDF."""
    if mark.areas and not content.rendered:
        by_page: dict[int, list[list[float]]] = {}
        for area in read_areas(mark.areas):
            edges = [edge / PARTS for edge in (area.left, area.top, area.right, area.bottom)]
            by_page.setdefault(area.page, []).append(edges)
        yield from by_page.items()
    elif mark.quote and (text := read()) is not None:
        passage = _passage(text, mark, content)
        if passage is not None and passage.rectangles:
            yield passage.page, [[r.left, r.top, r.right, r.bottom] for r in passage.rectangles]


def _passage(text: DocumentText, mark: EvidenceMark, content: Content) -> Passage | None:
    check = find_quote(text, mark.quote, () if content.rendered else page_numbers(mark.pages))
    return check.found or next(iter(check.elsewhere), None)
