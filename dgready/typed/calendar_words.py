"""Names of months and weekdays, in full and abbreviated, with and without dots, Thai and English. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dgready.localized_text import LocalizedText
from dgready.thai import MONTHS_EN, MONTHS_TH, MONTHS_TH_SHORT

WEEKDAYS_TH: Final = tuple("จันทร์ อังคาร พุธ พฤหัสบดี ศุกร์ เสาร์ อาทิตย์".split())
WEEKDAYS_TH_SHORT: Final = tuple("จ. อ. พ. พฤ. ศ. ส. อา.".split())
WEEKDAYS_EN: Final = tuple("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split())
SHORTEST_START: Final = 4  # letters of a full name that are enough, as in ธันวา, Sept


def month_number(word: str) -> int | None:
    """1 to 12, or None for what names no month."""
    return _find(word, _MONTHS, (MONTHS_TH, MONTHS_EN))


def weekday_number(word: str) -> int | None:
    """0 (Monday) to 6, or None for what names no weekday."""
    number = _find(word.removeprefix("วัน"), _WEEKDAYS, (WEEKDAYS_TH, WEEKDAYS_EN))
    return None if number is None else number - 1


def weekday_of(number: int) -> LocalizedText:
    """The name of a weekday by its number, 0 being Monday."""
    return LocalizedText(WEEKDAYS_TH[number], WEEKDAYS_EN[number])


def _bare(word: str) -> str:
    return "".join(word.split()).replace(".", "").casefold()


def _table(*lists: tuple[str, ...]) -> Mapping[str, int]:
    return {_bare(name): number for names in lists for number, name in enumerate(names, start=1)}


_MONTHS: Final = _table(MONTHS_TH, MONTHS_TH_SHORT, MONTHS_EN, tuple(name[:3] for name in MONTHS_EN))
_WEEKDAYS: Final = _table(WEEKDAYS_TH, WEEKDAYS_TH_SHORT, WEEKDAYS_EN, tuple(name[:3] for name in WEEKDAYS_EN))


def _find(word: str, table: Mapping[str, int], full: tuple[tuple[str, ...], ...]) -> int | None:
    bare = _bare(word)
    if bare in table:
        return table[bare]
    starts = {number for names in full for number, name in enumerate(names, 1) if _bare(name).startswith(bare)}
    return starts.pop() if len(bare) >= SHORTEST_START and len(starts) == 1 else None
