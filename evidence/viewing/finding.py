"""Finding words in one document: every place in its order, with the passage around it. PURE."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from dgready.thai_repair import find_key, repair_text
from evidence.attaching.areas import Area
from evidence.reading.pages import DocumentText, PageText
from evidence.reading.passages import passages_of
from evidence.reading.searching import search
from evidence.viewing.passages import MarkedPassage, areas_of, passage_between, whole_letters

MOST_FOUND: Final = 60  # places
LONGEST_QUERY: Final = 200  # characters
_AROUND: Final = 60  # characters shown before and behind


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place on a page: its words, what stands before and behind, its rectangles, and the passage it is part of."""

    page: int
    before: str
    words: str
    after: str
    areas: tuple[Area, ...]
    passage: MarkedPassage


def find_in_document(document: DocumentText, query: str, most: int = MOST_FOUND) -> list[FoundPlace]:
    """Every place with these words one after another; if there is none, the passages that fit the words best.

    Blanks, Thai or Arabic digits and upper case make no difference.
    """
    key = find_key(repair_text(query[:LONGEST_QUERY]))
    if not key:
        return []
    places = list(islice(_places(document, key), most))
    return places or list(_nearest(document, query[:LONGEST_QUERY], most))


def _places(document: DocumentText, key: str) -> Iterator[FoundPlace]:
    for page in document.pages:
        start = page.key.find(key)
        while start >= 0:
            origins = page.key_origins
            yield _place(document, page, origins[start], origins[start + len(key) - 1] + 1)
            start = page.key.find(key, start + len(key))


def _nearest(document: DocumentText, query: str, most: int) -> Iterator[FoundPlace]:
    for hit in search(query, {0: document}, min(most, 20)):
        page = document.page(hit.page)
        if page is not None and hit.marks:
            yield _place(document, page, hit.start + hit.marks[0][0], hit.start + hit.marks[0][1])


def _place(document: DocumentText, page: PageText, start: int, end: int) -> FoundPlace:
    around = next(((p.start, p.end) for p in passages_of(page) if p.start <= start < p.end), (start, end))
    first, last = (page.number, around[0]), (page.number, max(end, around[1]))
    passage = passage_between(document, first, last) or MarkedPassage(str(page.number), page.text[start:end])
    return FoundPlace(
        page.number,
        page.text[whole_letters(page.text, max(0, start - _AROUND), start)[0] : start],
        page.text[start:end],
        page.text[end : end + _AROUND],
        tuple(areas_of(page, start, end)),
        passage,
    )
