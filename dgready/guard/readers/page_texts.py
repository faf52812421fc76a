"""Text of a file from outside by page, for every kind that may be attached; run in the child of the guard. PURE."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any, BinaryIO, Final

from dgready.thai_repair import repair_text

OFFICE: Final = frozenset({"docx", "xlsx", "pptx", "odt", "ods", "odp"})
PICTURES: Final = frozenset({"jpeg", "png"})
_THAI_CODES: Final = ("utf-8-sig", "cp874")


def read(file: BinaryIO, kind: str, most_pages: int, most_characters: int) -> dict[str, Any]:
    """{"pages": [{"width", "height", "text", "boxes", "unmapped", "pictures"}], "cut": whether there was more}.

    `boxes` is there only where characters have a place on the page (dgready.guard.readers.pdf_texts).
    """
    pages: list[dict[str, Any]] = []
    left = most_characters
    for page in _pages(file, kind, most_pages + 1, most_characters):
        if len(pages) == most_pages or left <= 0:
            return {"pages": pages, "cut": True}
        pages.append(page)
        left -= len(page["text"])
    return {"pages": pages, "cut": left <= 0}


def _pages(file: BinaryIO, kind: str, most_pages: int, most_characters: int) -> Iterator[dict[str, Any]]:
    if kind == "pdf":
        yield from import_module("dgready.guard.readers.pdf_texts").pdf_pages(file, most_pages, most_characters)
    elif kind in PICTURES:
        yield {"width": 0, "height": 0, "text": "", "boxes": "", "unmapped": 0, "pictures": True}
    else:
        reader = import_module("dgready.guard.readers.office_texts")
        texts = reader.office_pages(file, kind) if kind in OFFICE else plain_pages(file, most_characters)
        for text in texts:
            lines = (" ".join(line.split()) for line in text[:most_characters].split("\n"))
            told = repair_text("\n".join(line for line in lines if line))
            yield {"width": 0, "height": 0, "text": told, "boxes": "", "unmapped": 0, "pictures": False}


def plain_pages(file: BinaryIO, most_characters: int) -> Iterator[str]:
    """A plain text, in UTF-8 or the Thai code page; a form feed begins a page."""
    content = file.read(4 * most_characters)
    for code in _THAI_CODES:
        try:
            text = content.decode(code)
            break
        except UnicodeDecodeError:
            continue
    else:
        text = content.decode("utf-8", "replace")
    yield from text.replace("\r\n", "\n").replace("\r", "\n").split("\f")
