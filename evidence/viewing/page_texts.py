"""One page of a document as text, with what is marked on it: what is read without a script, or aloud. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from evidence.attaching.areas import Area
from evidence.reading.pages import DocumentText, PageText, TextSource
from evidence.reading.searching import merge_spans
from evidence.viewing.passages import spans_of_mark

LONGEST_SHOWN: Final = 20_000  # characters of one page


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A page in pieces, each marked or not. `cut`: there is more of it than is shown."""

    number: int
    pieces: tuple[tuple[str, bool], ...]
    previous: int | None
    following: int | None
    last: int
    cut: bool
    is_picture: bool
    """Whether nothing on it could be read."""


def shown_page(document: DocumentText, number: int, marks: Sequence[tuple[str, Sequence[Area]]]) -> ShownPage:
    """The page with a number, or the nearest one before it; `marks`: quote and rectangles of each."""
    before = [page for page in document.pages if page.number <= number]
    page = before[-1] if before else document.pages[0]
    spans = merge_spans(span for quote, areas in marks for span in spans_of_mark(document, page, quote, areas))
    position = document.pages.index(page)
    return ShownPage(
        page.number,
        tuple(_pieces(page.text[:LONGEST_SHOWN], spans)),
        document.pages[position - 1].number if position else None,
        document.pages[position + 1].number if position + 1 < len(document.pages) else None,
        document.pages[-1].number,
        len(page.text) > LONGEST_SHOWN,
        _is_picture(page),
    )


def _is_picture(page: PageText) -> bool:
    return page.source is TextSource.NONE


def _pieces(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    position = 0
    for start, end in spans:
        if start > position:
            yield text[position:start], False
        if start < len(text):
            yield text[start:end], True
        position = max(position, end)
    if position < len(text):
        yield text[position:], False
