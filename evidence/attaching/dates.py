"""Dates of documents as people write them, in the Buddhist or the common era. PURE."""

from __future__ import annotations

import re
from datetime import date

from dgready.thai import BE_OFFSET, MONTHS_EN, MONTHS_TH, MONTHS_TH_SHORT, arabic_digits, normalise_text

_NUMBERS = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})\Z", re.ASCII)
_WORDS = re.compile(r"(\d{1,2})\s*([^\d\s][^\d]*?)\s*(?:พ\.?\s?ศ\.?|ค\.?\s?ศ\.?)?\s*(\d{4})\Z", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z", re.ASCII)
_BUDDHIST_ERA_FROM = 2300  # no paper is from a common-era year beyond this, none from a Buddhist one before


def parse_document_date(text: str) -> date | None:
    """12/6/2568, 12 มิ.ย. 2568 or 2025-06-12 as a date; None for nothing. Raises ValueError."""
    text = " ".join(arabic_digits(normalise_text(text)).split())
    if not text:
        return None
    if match := _ISO.match(text):
        year, month, day = (int(n) for n in match.groups())
    elif match := _NUMBERS.match(text):
        day, month, year = (int(n) for n in match.groups())
    elif match := _WORDS.match(text):
        day, month, year = int(match[1]), _month_number(match[2]), int(match[3])
    else:
        raise ValueError(text)
    return date(year - BE_OFFSET if year >= _BUDDHIST_ERA_FROM else year, month, day)


def _month_number(word: str) -> int:
    word = word.replace(" ", "").replace(".", "").casefold()
    for names in (MONTHS_TH, MONTHS_TH_SHORT, MONTHS_EN, tuple(m[:3] for m in MONTHS_EN)):
        for number, name in enumerate(names, start=1):
            if word == name.replace(".", "").casefold():
                return number
    raise ValueError(word)


def format_document_date(day: date | None) -> str:
    """A date as `parse` reads it: 12/6/2568."""
    return f"{day.day}/{day.month}/{day.year + BE_OFFSET}" if day else ""
