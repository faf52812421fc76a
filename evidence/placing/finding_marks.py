"""Where the passage of a mark stands in another version of its document. PURE."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from dgready.typed.pages import page_numbers
from evidence.attaching.areas import MOST_AREAS, PARTS, Area, write_areas
from evidence.reading.pages import DocumentText, Rectangle
from evidence.reading.quotes import Passage, QuoteState, find_quote

LOST: Final = "lost"  # evidence.models.MarkState


class FoundMark(NamedTuple):
    """Pages, rectangles and state of a mark in the new version; where it is lost, pages and rectangles as they were."""

    pages: str
    areas: str
    state: str


def find_mark(document: DocumentText | None, pages: str, quote: str, areas: str) -> FoundMark:
    """Looks for a mark's passage, first on the pages where it stood; without a quote or a text it is lost."""
    if document is None or not quote:
        return FoundMark(pages, areas, LOST)
    check = find_quote(document, quote, page_numbers(pages, last=document.pages[-1].number if document.pages else 0))
    if check.found is not None:
        return FoundMark(pages, _areas(check.found), check.state.value)
    if check.elsewhere:
        passage = check.elsewhere[0]
        state = QuoteState.EXACT if passage.quote == quote else QuoteState.NORMALISED
        return FoundMark(str(passage.page), _areas(passage), state.value)
    return FoundMark(pages, areas, LOST)


def _areas(passage: Passage) -> str:
    return write_areas(_scaled(passage.page, passage.rectangles))


def _scaled(page: int, rectangles: Iterable[Rectangle]) -> list[Area]:
    made = []
    for box in rectangles:
        edges = (min(max(round(edge * PARTS), 0), PARTS) for edge in (box.left, box.top, box.right, box.bottom))
        area = Area(page, *edges)
        if area.left < area.right and area.top < area.bottom:
            made.append(area)
    return made[:MOST_AREAS]
