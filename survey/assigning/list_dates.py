"""Dates in an uploaded list: date cells and days in words or numbers, of the Buddhist or the common era. PURE."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, Final

from dgready.thai import BE_OFFSET, MONTHS_TH, MONTHS_TH_SHORT, arabic_digits

_NUMBERS = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})\Z", re.ASCII)


_WORDS = re.compile(r"(\d{1,2})\s*([^\d\s][^\d]*?)\s*(\d{4})\Z", re.ASCII)


_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z", re.ASCII)


_BUDDHIST_FROM: Final = 2300


def parse_day(value: Any) -> date | None:
    """A date cell, or a day in words or numbers, of either era. None for an empty text. Raises ValueError."""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return _in_era(value.year, value.month, value.day)
    text = " ".join(arabic_digits(str(value)).split())
    if not text:
        return None
    if match := _ISO.match(text):
        return _in_era(*(int(n) for n in match.groups()))
    if match := _NUMBERS.match(text):
        return _in_era(int(match[3]), int(match[2]), int(match[1]))
    if match := _WORDS.match(text):
        word = match[2].replace(" ", "")
        names = MONTHS_TH if word in MONTHS_TH else MONTHS_TH_SHORT
        return _in_era(int(match[3]), names.index(word) + 1, int(match[1]))
    raise ValueError(text)


def _in_era(year: int, month: int, day: int) -> date:
    return date(year - BE_OFFSET if year >= _BUDDHIST_FROM else year, month, day)
