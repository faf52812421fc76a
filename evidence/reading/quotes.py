"""Checking a quote against the page it is said to stand on: as it is, normalised, by its skeleton, elsewhere. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dgready.thai_repair import find_key, repair_text, skeleton
from evidence.reading.approximate import find_approximate
from evidence.reading.pages import DocumentText, PageText, Rectangle
from evidence.reading.quality import CLEAN_FROM

_SHORTEST_SKELETON: Final = 8  # letters; shorter ones are found by chance
_LETTERS_PER_EDIT: Final = 12  # of a skeleton, for each letter that may differ on a page that is not clean
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
_ELLIPSIS: Final = re.compile(r"\s*(?:\.{3,}|…|ฯลฯ)\s*")
_MOST_QUOTE: Final = 4000  # characters that are looked at


class QuoteState(StrEnum):
    """What became of a quote."""

    EXACT = "exact"
    NORMALISED = "normalised"
    """Found when spelling, blanks and digits are made alike, or marks that the file lost are left out."""
    ELSEWHERE = "elsewhere"
    """Not on its page, but on another, which is offered."""
    MISSING = "missing"
    UNREAD = "unread"
    """The page has no text that could be looked at: it is a picture."""

    @property
    def is_found(self) -> bool:
        """Whether it stands on the page that was named."""
        return self in (QuoteState.EXACT, QuoteState.NORMALISED)


@dataclass(frozen=True, slots=True)
class Passage:
    """A place in a document: text[start:end] of a page. `distance`: letters by which it is not what was sought."""

    page: int
    start: int
    end: int
    quote: str
    rectangles: tuple[Rectangle, ...] = ()
    distance: int = 0


@dataclass(frozen=True, slots=True)
class QuoteCheck:
    """The state of a quote, and where it was found."""

    state: QuoteState
    found: Passage | None = None
    elsewhere: tuple[Passage, ...] = ()


def find_quote(document: DocumentText, quote: str, pages: Iterable[int] = ()) -> QuoteCheck:
    """Looks for a quote on the pages it is said to stand on; on all of them where none is named."""
    quote = repair_text(quote[:_MOST_QUOTE]).strip()
    named = set(pages) or {page.number for page in document.pages}
    here = [page for page in document.pages if page.number in named]
    there = [page for page in document.pages if page.number not in named]
    if not find_key(quote):
        return QuoteCheck(QuoteState.MISSING)
    for page in here:
        if (start := page.text.find(quote)) >= 0:
            return QuoteCheck(QuoteState.EXACT, _passage(page, start, start + len(quote)))
    if found := _find_on(here, quote):
        return QuoteCheck(QuoteState.NORMALISED, found[0])
    if elsewhere := _find_on(there, quote):
        return QuoteCheck(QuoteState.ELSEWHERE, None, tuple(elsewhere))
    unread = set(document.unread)
    return QuoteCheck(QuoteState.UNREAD if here and named & unread else QuoteState.MISSING)


def _find_on(pages: Sequence[PageText], quote: str) -> list[Passage]:
    """Where a quote stands on some pages: each way of finding it is tried on all before the next, looser one."""
    for way in (_by_key, _by_parts, _by_skeleton, _over_the_end):
        found = [passage for page in pages if (passage := way(page, quote, pages))]
        if found:
            return sorted(found, key=lambda passage: passage.distance)
    return []


def _by_key(page: PageText, quote: str, _pages: Sequence[PageText]) -> Passage | None:
    key = find_key(quote)
    start = page.key.find(key)
    return None if start < 0 else _at(page, page.key_origins, start, start + len(key))


def _by_parts(page: PageText, quote: str, _pages: Sequence[PageText]) -> Passage | None:
    """A quote that leaves something out between its parts (…): all of them stand there in this order, not far apart."""
    parts = [find_key(part) for part in _ELLIPSIS.split(quote)]
    parts = [part for part in parts if part]
    if len(parts) < 2 or min(map(len, parts)) < _SHORTEST_SKELETON:
        return None
    first = start = page.key.find(parts[0])
    end = start
    for part in parts:
        start = page.key.find(part, end) if start >= 0 else -1
        if start < 0:
            return None
        end = start + len(part)
    return _at(page, page.key_origins, first, end)


def _by_skeleton(page: PageText, quote: str, _pages: Sequence[PageText]) -> Passage | None:
    """Without marks; letters may differ only where the text is known to be broken. Numbers are always the same ones."""
    if page.quality >= CLEAN_FROM:
        return None
    bare = skeleton(quote)
    if len(bare) < _SHORTEST_SKELETON:
        return None
    hit = find_approximate(page.skeleton, bare, len(bare) // _LETTERS_PER_EDIT)
    if hit is None:
        return None
    passage = _at(page, page.skeleton_origins, hit.start, hit.end, hit.distance)
    return passage if _numbers(passage.quote) == _numbers(quote) else None


def _over_the_end(page: PageText, quote: str, pages: Sequence[PageText]) -> Passage | None:
    """A quote that begins at the end of a page and goes on at the beginning of the next."""
    following = next((other for other in pages if other.number == page.number + 1), None)
    key = find_key(quote)
    if following is None or len(key) < 2 * _SHORTEST_SKELETON or key[:_SHORTEST_SKELETON] not in page.key:
        return None
    for cut in range(len(key) - _SHORTEST_SKELETON, _SHORTEST_SKELETON - 1, -1):
        start = page.key.rfind(key[:cut])
        if start >= 0:
            rest = following.key.find(key[cut:])
            near = 0 <= rest < 200 and len(page.key) - start - cut < 200  # page numbers and headings lie between
            return _at(page, page.key_origins, start, start + cut) if near else None
    return None


def _numbers(text: str) -> list[str]:
    return _NUMBER.findall(find_key(text))


def _at(page: PageText, origins: Sequence[int], start: int, end: int, distance: int = 0) -> Passage:
    """The passage of which a key or skeleton has a piece; marks behind its last letter belong to it."""
    last = origins[end] if end < len(origins) else len(page.text)
    return _passage(page, origins[start], last, distance)


def _passage(page: PageText, start: int, end: int, distance: int = 0) -> Passage:
    while end > start and page.text[end - 1].isspace():
        end -= 1
    return Passage(page.number, start, end, page.text[start:end], tuple(page.rectangles(start, end)), distance)
