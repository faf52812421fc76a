"""What becomes of the passage of a mark in the text of its file: the rule over plain values. PURE."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dgready.typed.pages import page_numbers
from evidence.reading.extracting import PICTURE_KINDS
from evidence.reading.pages import DocumentText, PageText, TextSource
from evidence.reading.quality import BROKEN_BELOW
from evidence.reading.quotes import QuoteCheck, QuoteState, find_quote

IMAGE_KINDS: Final = PICTURE_KINDS - {"pdf"}  # of one picture each


@dataclass(frozen=True, slots=True)
class Passage:
    """What a mark says: pages ("3-5, 8"), quote, rectangles, note."""

    pages: str
    quote: str
    areas: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class KnownText:
    """What is known of the text of a file of some kind. `document`: None where nothing could be read.

    `is_settled`: nothing more will be read of it by itself.
    """

    kind: str
    document: DocumentText | None
    is_settled: bool = True


@dataclass(frozen=True, slots=True)
class MarkCheck:
    """The state of a mark (evidence.models.MarkState; "" unchecked), and the pages its quote stands on instead."""

    state: str
    elsewhere: tuple[int, ...] = ()


def check_passage(passage: Passage, text: KnownText | None, earlier: str = "") -> MarkCheck:
    """Looks for the passage of a mark. `text`: None while the file is not read; `earlier`: the state it had.

    A quote counts where it is found, on its page or on another. On a page that is a picture its text may be misread,
    so there a rectangle or a note stands for it; a picture by itself is marked by telling what is to be seen.
    """
    if text is None:
        return MarkCheck("")
    document = text.document or DocumentText(())
    pages = page_numbers(passage.pages, last=_last_page(document) + 1)
    found = _find(document, passage.quote, pages)
    if found.state.is_found:
        return MarkCheck(str(found.state))
    if not text.is_settled:
        return MarkCheck("")
    elsewhere = tuple(dict.fromkeys(place.page for place in found.elsewhere))
    if _is_picture(document, pages, text.kind):
        if passage.areas or passage.note or text.kind in IMAGE_KINDS:
            return MarkCheck("seen", elsewhere)
        return MarkCheck("elsewhere" if elsewhere else "unread", elsewhere)
    if not passage.quote.strip():
        # A rectangle shows a place that anybody can look at; a note beside a page of text shows nothing.
        return MarkCheck("seen" if passage.areas else "missing")
    if elsewhere:
        return MarkCheck("elsewhere", elsewhere)
    return MarkCheck("lost" if earlier == "lost" else "missing")


def _last_page(document: DocumentText) -> int:
    return document.pages[-1].number if document.pages else 0


def _find(document: DocumentText, quote: str, pages: Sequence[int]) -> QuoteCheck:
    """As `find_quote`; what begins or ends on one of the pages and goes over its end stands there too."""
    missing = QuoteCheck(QuoteState.MISSING)
    if not quote.strip() or not document.pages:
        return missing
    here = pages or [_last_page(document) + 1]  # none of the pages: it can only stand on another
    found = find_quote(document, quote, here)
    if found.state in (QuoteState.MISSING, QuoteState.UNREAD):
        around = {page + step for page in here for step in (-1, 0, 1)}
        near = DocumentText(tuple(page for page in document.pages if page.number in around))
        over = find_quote(near, quote).found
        return QuoteCheck(QuoteState.NORMALISED, over) if over else missing
    return found


def _is_picture(document: DocumentText, pages: Sequence[int], kind: str) -> bool:
    """Whether one of the pages has no text that could be trusted: a picture, a broken layer, beyond what was read."""
    if not document.pages:
        return True
    read = {page.number: page for page in document.pages}
    if any(_is_unreadable(read[number], kind) for number in pages if number in read):
        return True
    return document.cut and (not pages or pages[-1] > _last_page(document))


def _is_unreadable(page: PageText, kind: str) -> bool:
    if page.source is not TextSource.LAYER:
        return True
    if not any(map(str.isalnum, page.text)):
        return kind not in PICTURE_KINDS  # of the others nobody has looked whether the page is blank
    return page.quality < BROKEN_BELOW
