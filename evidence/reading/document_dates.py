"""The date that a document bears, found in its text: signed, announced, or at its head; either era. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from dgready.thai import BE_OFFSET, MONTHS_EN, MONTHS_TH, MONTHS_TH_SHORT
from dgready.thai_repair import skeleton
from dgready.typed.calendar_words import month_number
from dgready.typed.dates import BUDDHIST_FROM, FIRST_YEAR, LAST_YEAR
from evidence.reading.pages import DocumentText, PageText

Reason = Literal["signed", "dated", "heading", "mentioned"]
_RANK: Final[dict[Reason, int]] = {"signed": 0, "dated": 1, "heading": 2, "mentioned": 3}
HEAD_CHARACTERS: Final = 400  # of the first page; a letter has its date there
_NAMES: Final = sorted({*MONTHS_TH, *MONTHS_TH_SHORT, *MONTHS_EN}, key=len, reverse=True)
_MONTHS: Final = "|".join(re.escape(name).replace(r"\.", r"\.?\s?") for name in _NAMES)
_ERA: Final = r"(?:พ\s*\.?\s*ศ\s*\.?|พุทธศักราช|ค\s*\.?\s*ศ\s*\.?)?"
_IN_WORDS: Final = re.compile(
    rf"(?<![\d๐-๙])([\d๐-๙]{{1,2}})\s*(?:เดือน)?\s*({_MONTHS})\s*{_ERA}\s*([\d๐-๙]{{4}}|[\d๐-๙]{{2}})(?![\d๐-๙])",
    re.IGNORECASE,
)
_IN_FIGURES: Final = re.compile(
    r"(?<![\d๐-๙/.])([\d๐-๙]{1,2})\s?[/.-]\s?([\d๐-๙]{1,2})\s?[/.-]\s?([\d๐-๙]{4})(?![\d๐-๙])"
)
_BARE_WORDS: Final = re.compile(
    r"(?<![\d๐-๙])([\d๐-๙]{1,2})\s*([ก-๎.\s]{4,14}?)\s*(?:พ\s*\.?\s*ศ\s*\.?)?\s*([\d๐-๙]{4})(?![\d๐-๙])"
)
_BARE_MONTHS: Final = {skeleton(name): number for number, name in enumerate(MONTHS_TH, start=1)}
# Marks may be lost, and a reader of pictures may put blanks between letters.
_SIGNED: Final = re.compile(
    r"(?:สั.?ง|ประกาศ|ให.?ไว.?|ลงชื.{0,2}อ|อนุมัติ|รับรอง)\s*ณ\s*(?:วั?นที่?)?\s*\Z|ลงนาม.{0,12}\Z|ณ\s*วั?นที่?\s*\Z"
)
_DATED: Final = re.compile(r"(?:^|\s)(?:เมื่?อ)?(?:วั?นที่?|date[: ])\s*(?:วัน\S{2,9}ที่?)?\s*\Z", re.IGNORECASE)
_OF_ANOTHER: Final = re.compile(r"(?:ลง|ตั้?งแต่?|ภายใน|ถึง|ระหว่?าง|ก่?อน)\s*วั?นที่?\s*\Z")


@dataclass(frozen=True, slots=True)
class DocumentDate:
    """A date in a text: text[start:end] of the page, and what speaks for its being the document's own."""

    day: date
    page: int
    start: int
    end: int
    reason: Reason


def document_date(document: DocumentText) -> DocumentDate | None:
    """The date the document bears, as far as its text says; None where it names none, or none that is its own."""
    pages = [*document.pages[:2], *document.pages[-2:]]
    found = [one for page in dict.fromkeys(p.number for p in pages) for one in _dates_of(document.page(page))]
    best = min(found, key=lambda one: (_RANK[one.reason], one.page, one.start), default=None)
    return best if best is not None and best.reason != "mentioned" else None


def _dates_of(page: PageText | None) -> Iterator[DocumentDate]:
    return iter(()) if page is None else find_dates(page)


def find_dates(page: PageText) -> Iterator[DocumentDate]:
    """All dates of a page with day, month and year."""
    seen: set[int] = set()
    for pattern in (_IN_WORDS, _IN_FIGURES, _BARE_WORDS):
        for match in pattern.finditer(page.text):
            day = _day(match[1], _month(match[2]), match[3])
            if day is not None and match.start() not in seen:
                seen.add(match.start())
                yield DocumentDate(day, page.number, match.start(), match.end(), _reason(page, match.start()))


def _month(word: str) -> int | None:
    if word[0].isdecimal():
        return int(word)
    # A broken text layer has lost marks of the name.
    return month_number(word) or _BARE_MONTHS.get(skeleton(word).replace("เดอน", ""))


def _day(day: str, month: int | None, year: str) -> date | None:
    number = int(year)
    if number < 100:
        number += 2500
    common = number - BE_OFFSET if number >= BUDDHIST_FROM else number
    if month is None or not FIRST_YEAR <= common <= LAST_YEAR:
        return None
    try:
        return date(common, month, int(day))
    except ValueError:
        return None


def _reason(page: PageText, start: int) -> Reason:
    before = page.text[max(0, start - 40) : start]
    if _OF_ANOTHER.search(before):
        return "mentioned"
    if _SIGNED.search(before):
        return "signed"
    head = page.number == 1 and start < HEAD_CHARACTERS
    if _DATED.search(before):
        return "dated" if head else "mentioned"
    return "heading" if head else "mentioned"
