"""The text of a document by page, with the place of each character, and how it is kept. PURE."""

from __future__ import annotations

import json
import zlib
from array import array
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import groupby
from typing import Any, Final

from dgready.thai_repair import find_key, key_origins, skeleton

SCALE: Final = 10_000  # places are kept in such parts of the page as it is shown
_PLANES: Final = 4


class TextSource(StrEnum):
    """Where the text of a page comes from."""

    LAYER = "layer"
    """The file says it."""
    PICTURE = "picture"
    """It was read off the picture of the page (OCR)."""
    NONE = "none"
    """There is none: the page is a picture and nothing here reads pictures."""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A place on a page in parts of its width and height as it is shown: 0 is left and top, 1 right and bottom."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class PageText:
    """One page. `boxes` is empty where its characters have no place (office documents)."""

    number: int
    text: str
    source: TextSource = TextSource.LAYER
    width: float = 0
    height: float = 0
    boxes: array[int] = field(default_factory=lambda: array("H"), repr=False)
    quality: float = 1.0
    """0 to 1: how far the text can be trusted (evidence.reading.quality)."""

    @cached_property
    def key(self) -> str:
        """The text as it is looked through: without blanks, Arabic digits, no case."""
        return find_key(self.text)

    @cached_property
    def key_origins(self) -> Sequence[int]:
        """Where each character of the key stands in the text."""
        return key_origins(self.text)

    @cached_property
    def skeleton(self) -> str:
        """The text without marks and blanks, for finding what lost or changed its marks."""
        return skeleton(self.text)

    @cached_property
    def skeleton_origins(self) -> Sequence[int]:
        """Where each character of the skeleton stands in the text."""
        return key_origins(self.text, bare=True)

    def rectangles(self, start: int, end: int) -> list[Rectangle]:
        """Where text[start:end] stands, one rectangle for each line; none where the characters have no place."""
        size = len(self.text)
        if len(self.boxes) != _PLANES * size:
            return []
        found = []
        for first, last in self._line_spans(start, end):
            edges = [self.boxes[plane * size + first : plane * size + last] for plane in range(_PLANES)]
            box = (min(edges[0]), min(edges[1]), max(edges[2]), max(edges[3]))
            if box[2] > box[0] and box[3] > box[1]:
                found.append(Rectangle(*(edge / SCALE for edge in box)))
        return found

    def middle(self, position: int) -> float | None:
        """How far down the page the middle of a character stands; None where characters have no place."""
        size = len(self.text)
        if len(self.boxes) != _PLANES * size or not 0 <= position < size:
            return None
        return (self.boxes[size + position] + self.boxes[3 * size + position]) / 2 / SCALE

    def _line_spans(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        numbers = (i for i in range(max(start, 0), min(end, len(self.text))))
        for line_end, group in groupby(numbers, key=lambda i: self.text[i] == "\n"):
            if not line_end:
                span = list(group)
                yield span[0], span[-1] + 1


@dataclass(frozen=True)
class DocumentText:
    """All pages of a document. `cut`: it was too long to be read to its end."""

    pages: tuple[PageText, ...]
    cut: bool = False
    note: str = ""
    """Why pages are missing: a code of evidence.reading.extracting."""

    def page(self, number: int) -> PageText | None:
        """A page by its number."""
        return next((page for page in self.pages if page.number == number), None)

    @property
    def characters(self) -> int:
        """How long the text is."""
        return sum(len(page.text) for page in self.pages)

    @property
    def unread(self) -> tuple[int, ...]:
        """The pages of which nothing could be read."""
        return tuple(page.number for page in self.pages if page.source is TextSource.NONE)

    @property
    def by_picture(self) -> tuple[int, ...]:
        """The pages that were read off their picture."""
        return tuple(page.number for page in self.pages if page.source is TextSource.PICTURE)


def page_of_reader(number: int, read: Mapping[str, Any]) -> PageText:
    """A page as dgready.guard.readers.page_texts gives it."""
    boxes = array("H")
    boxes.frombytes(b64decode(read["boxes"]))
    return PageText(number, read["text"], TextSource.LAYER, read["width"], read["height"], boxes)


# -- keeping ---------------------------------------------------------------------------------------


def pack(document: DocumentText) -> bytes:
    """The document as bytes to be kept."""
    pages = [
        {
            "n": page.number,
            "text": page.text,
            "from": page.source.value,
            "size": [page.width, page.height],
            "quality": round(page.quality, 3),
            "boxes": b64encode(page.boxes.tobytes()).decode("ascii"),
        }
        for page in document.pages
    ]
    kept = {"pages": pages, "cut": document.cut, "note": document.note}
    return zlib.compress(json.dumps(kept, ensure_ascii=False).encode("utf-8"), 3)


def unpack(content: bytes) -> DocumentText:
    """The document that `pack` made bytes of."""
    kept = json.loads(zlib.decompress(content))
    return DocumentText(tuple(_unpack_pages(kept["pages"])), kept["cut"], kept["note"])


def _unpack_pages(pages: Iterable[Mapping[str, Any]]) -> Iterator[PageText]:
    for page in pages:
        boxes = array("H")
        boxes.frombytes(b64decode(page["boxes"]))
        width, height = page["size"]
        yield PageText(page["n"], page["text"], TextSource(page["from"]), width, height, boxes, page["quality"])
