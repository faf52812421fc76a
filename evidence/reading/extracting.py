"""Reading a file: its text layer in the guard, and by picture the pages where that is missing or broken. PURE."""

from __future__ import annotations

import time
from array import array
from base64 import b64decode
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from dgready.children import ChildFault
from dgready.guard.reading import READERS, read_guarded
from dgready.limits import TextLimits
from evidence.reading import pictures
from evidence.reading.pages import DocumentText, PageText, TextSource, page_of_reader
from evidence.reading.quality import needs_picture, page_quality

VERSION: Final = 1  # of this reading; files read by an older one are read again
KINDS: Final = frozenset({"pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "jpeg", "png", "text"})
PICTURE_KINDS: Final = frozenset({"pdf", "jpeg", "png"})
NO_READER: Final = "no_picture_reader"  # nothing here reads pictures
MORE: Final = "more_pictures"  # the time of this run is over; to be gone on with
TOO_MANY: Final = "too_many_pictures"
NOT_READ: Final = "picture_not_read"
_CLEARLY: Final = 0.05  # by so much the picture must be better than the text that the file has itself
_TURNS: Final = (0, 270, 90, 180)  # degrees against the clock, most frequent first


def read_document(path: Path, kind: str, limits: TextLimits, *, by_picture: bool = True) -> DocumentText:
    """All text of a file. Raises ChildFault where it cannot be read within the limits.

    `by_picture`: pages without a text of their own are read off their picture, where tesseract is installed.
    """
    answer: dict[str, Any] = read_guarded(
        f"{READERS}.page_texts:read",
        path,
        limits.child,
        kind=kind,
        most_pages=limits.pages,
        most_characters=limits.characters,
    )
    pages: list[PageText] = []
    wanting: list[PageText] = []
    for number, read in enumerate(answer["pages"], start=1):
        page = page_of_reader(number, read)
        page = replace(page, quality=page_quality(page.text, read["unmapped"]))
        pages.append(page)
        if kind in PICTURE_KINDS and needs_picture(page.text, page.quality, read["pictures"]):
            wanting.append(page)
    if not by_picture:
        return DocumentText(tuple(_without_text(page) if page in wanting else page for page in pages), answer["cut"])
    return _with_pictures(path, kind, DocumentText(tuple(pages), answer["cut"]), wanting, limits)


def go_on_with_pictures(path: Path, kind: str, document: DocumentText, limits: TextLimits) -> DocumentText:
    """The document with more of its pages read off their pictures, where an earlier run left that out. As above."""
    return _with_pictures(path, kind, document, [p for p in document.pages if p.source is TextSource.NONE], limits)


def _with_pictures(
    path: Path, kind: str, document: DocumentText, wanting: list[PageText], limits: TextLimits
) -> DocumentText:
    """The pages that are wanting are read off their picture, or have no text at all; the note says what kept them."""
    found: dict[int, PageText] = {}
    note = "" if not wanting or pictures.is_installed() else NO_READER
    turns = list(_TURNS)
    allowed = limits.pictures - len(document.by_picture)
    end = time.monotonic() + limits.picture_seconds
    for count, page in enumerate(wanting):
        if note not in (NO_READER, TOO_MANY) and count >= allowed:
            note = TOO_MANY
        elif not note and count and time.monotonic() > end:
            note = MORE
        found[page.number] = _without_text(page)
        if note in (NO_READER, TOO_MANY, MORE):
            continue
        try:
            found[page.number] = _read_picture(path, kind, page, limits, turns)
        except ChildFault:
            found[page.number] = replace(_without_text(page), quality=0.0)
            note = NOT_READ if len(wanting) == 1 else note
    pages = tuple(found.get(page.number, page) for page in document.pages)
    return DocumentText(pages, document.cut, note)


def _without_text(page: PageText) -> PageText:
    """A page of which nothing is known; what its layer says stays if there is anything."""
    return page if page.text.strip() else replace(page, source=TextSource.NONE, quality=0.0)


def _read_picture(path: Path, kind: str, page: PageText, limits: TextLimits, turns: list[int]) -> PageText:
    """The page as its picture says, unless its own text is the better one.

    `turns`: how it may lie, the likeliest first; what was found goes to the front, for the pages that follow.
    """
    best = pictures.PictureText("", array("H"), 0.0)
    size, turn = (page.width, page.height), 0
    for turned in turns:
        picture = _draw(path, kind, page.number, limits, turned)
        if picture["blank"]:
            return replace(page, width=picture["width"], height=picture["height"])
        read = pictures.read_picture(b64decode(picture["png"]), limits.picture_child)
        size = size if any(size) else (picture["width"], picture["height"])
        if read.sure * len(read.text) > 1.2 * best.sure * len(best.text):
            best, turn = read, turned
        if pictures.is_upright(best):
            turns.remove(turn)
            turns.insert(0, turn)
            break
    quality = min(page_quality(best.text), best.sure / 100)
    if page.text.strip() and quality < page.quality + _CLEARLY:
        return page
    boxes = pictures.turn_back(best.boxes, turn)
    return PageText(page.number, best.text, TextSource.PICTURE, *size, boxes, quality)


def _draw(path: Path, kind: str, number: int, limits: TextLimits, turn: int = 0) -> dict[str, Any]:
    drawn: dict[str, Any] = read_guarded(
        f"{READERS}.page_pictures:draw",
        path,
        limits.child,
        kind=kind,
        page=number,
        dots=limits.picture_dots,
        most_side=limits.picture_side,
        turn=turn,
    )
    return drawn
