"""References to pages of a document: "หน้าที่ 1", "น. 1–3", "p. 2, 5" in one spelling. PURE."""

from __future__ import annotations

import re
from typing import Final

from dgready.localized_text import LocalizedText
from dgready.typed.characters import fold_typed
from dgready.typed.result import Refusal, Understood

MAX_PAGE_NUMBER: Final = 100_000
MAX_REFERENCE_LENGTH: Final = 200  # characters of the reference in its one spelling
MAX_TYPED_LENGTH: Final = 600

_PART: Final = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?\Z", re.ASCII)
_WORD: Final = re.compile(r"(?:หน้าที่|หน้า|น\.|น(?=[\s\d])|\b(?:pages?|pp?|pg)\b\.?)\s*(?:ที่\s*)?(?=\d)", re.IGNORECASE)
_LETTERED: Final = re.compile(r"\b(?:pages?|pp?|pg)\.?(?=\d)", re.IGNORECASE)
_RANGE: Final = re.compile(r"\s*(?:[-~]|ถึง|\bto\b)\s*", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"\s*(?:[,;،、&]|และ|กับ|\band\b)\s*|\s+", re.IGNORECASE)

MESSAGES: Final = {
    "form": LocalizedText("อ่านเป็นเลขหน้าไม่ได้ พิมพ์เช่น 3 หรือ 3-5, 8", "These are no page numbers; type 3 or 3-5, 8"),
    "order": LocalizedText(
        "เลขหน้าเริ่มที่ 1 และหน้าแรกมาก่อนหน้าสุดท้าย", "Pages start at 1, and the first comes before the last"
    ),
    "beyond": LocalizedText("เอกสารนี้มี {last} หน้า", "This document has {last} pages"),
    "long": LocalizedText("เลขหน้ายาวเกินไป", "Too many page numbers"),
}


def read_pages(text: str, *, last: int | None = None) -> Understood[str] | Refusal | None:
    """The reference in one spelling, "3-5, 8". `last`: the number of pages of the document, if known."""
    typed = fold_typed(text)
    if not typed:
        return None
    if len(typed) > MAX_TYPED_LENGTH:
        return _refuse("long")
    typed = _RANGE.sub("-", _LETTERED.sub("", _WORD.sub("", typed)))
    parts = [_part(part, last or MAX_PAGE_NUMBER) for part in _BETWEEN.split(typed) if part]
    for part in parts:
        if isinstance(part, Refusal):
            return part
    pages = ", ".join(str(part) for part in parts)
    if not pages:
        return _refuse("form")
    if len(pages) > MAX_REFERENCE_LENGTH:
        return _refuse("long")
    shown = pages.replace("-", "–")
    return Understood(pages, LocalizedText(f"หน้า {shown}", f"pages {shown}"), differs=pages != " ".join(text.split()))


def _refuse(code: str, **values: object) -> Refusal:
    return Refusal(code, MESSAGES[code].filled(**values))


def _part(part: str, last: int) -> str | Refusal:
    match = _PART.match(part)
    if match is None:
        return _refuse("form")
    first, end = int(match[1]), int(match[2] or match[1])
    if first < 1 or end < first:
        return _refuse("order")
    if end > last:
        return _refuse("beyond", last=f"{last:,}")
    return f"{first}-{end}" if end > first else str(first)


def page_numbers(reference: str, *, last: int | None = None, most: int = 500) -> list[int]:
    """The pages of a reference in its one spelling, each once, in order; none beyond `last`, and at most `most`."""
    numbers: set[int] = set()
    for part in reference.split(", "):
        match = _PART.match(part)
        if match is not None:
            first, end = int(match[1]), int(match[2] or match[1])
            end = min(end, first + most) if last is None else min(end, last)
            numbers.update(range(first, end + 1))
    return sorted(numbers)[:most]
