"""What a marked page says, with the passage in it, for who reviews. PURE."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dgready.typed.pages import page_numbers
from evidence.reading.pages import DocumentText, PageText
from evidence.reading.quotes import find_quote

AROUND: Final = 600  # characters of the page before and behind the passage
_MOST_PAGES: Final = 20  # of a mark that are looked at


@dataclass(frozen=True, slots=True)
class PageExcerpt:
    """A piece of a page: text before the passage, the passage, text behind it; without a passage all is `before`."""

    page: int
    before: str
    passage: str = ""
    after: str = ""
    is_cut: bool = False


def excerpt(document: DocumentText, reference: str, quote: str) -> PageExcerpt | None:
    """The page of a mark around its quote; the beginning of its first page where the quote is not found on any."""
    numbers = page_numbers(reference, most=_MOST_PAGES)
    pages = tuple(page for page in document.pages if page.number in numbers)
    found = find_quote(DocumentText(pages), quote).found if quote and pages else None
    if found is None:
        return _beginning(pages[0]) if pages else None
    page = next(page for page in pages if page.number == found.page)
    start, end = max(found.start - AROUND, 0), min(found.end + AROUND, len(page.text))
    return PageExcerpt(
        page.number,
        page.text[start : found.start],
        page.text[found.start : found.end],
        page.text[found.end : end],
        is_cut=start > 0 or end < len(page.text),
    )


def first_page(document: DocumentText) -> PageExcerpt | None:
    """The beginning of the first page that says something."""
    return next((_beginning(page) for page in document.pages if page.text.strip()), None)


def _beginning(page: PageText) -> PageExcerpt:
    return PageExcerpt(page.number, page.text[: 2 * AROUND], is_cut=len(page.text) > 2 * AROUND)
