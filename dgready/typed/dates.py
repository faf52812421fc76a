"""Days as people write them in Thailand: both eras, two-digit years, months in words; said back in full. PURE."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime
from typing import Final, Literal

from dgready.localized_text import LocalizedText
from dgready.thai import BE_OFFSET, MONTHS_EN, MONTHS_TH, format_date
from dgready.typed.calendar_words import month_number, weekday_number, weekday_of
from dgready.typed.characters import fold_typed
from dgready.typed.result import Refusal, Understood

Era = Literal["", "BE", "CE"]
FIRST_YEAR: Final = 1900  # of the common era; nothing the product asks for is older or later
LAST_YEAR: Final = 2199
BUDDHIST_FROM: Final = 2300  # four digits from here on are a Buddhist year
MAX_TYPED_LENGTH: Final = 80

_DAY_FIRST: Final = re.compile(r"(\d{1,2}) ?[/.\- ] ?(\d{1,2}) ?[/.\- ] ?(\d+)\Z", re.ASCII)
_COMPACT: Final = re.compile(r"(\d{2})(\d{2})(\d{4})\Z", re.ASCII)  # what a numeric keypad without signs can type
_YEAR_FIRST: Final = re.compile(r"(\d{4}) ?[/.\-] ?(\d{1,2}) ?[/.\-] ?(\d{1,2})\Z", re.ASCII)
_MONTH_WORD: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ \-/,]*([^\W\d][^\d]*?)[ \-/,]*(\d+)\Z", re.IGNORECASE)
_MONTH_FIRST: Final = re.compile(r"([^\W\d][^\d]*?)[ \-]*(\d{1,2})(?:st|nd|rd|th)?,? +(\d+)\Z", re.IGNORECASE)
_MIDNIGHT: Final = re.compile(r"(?:[ T]|, )0?0[:.]00(?:[:.]00(?:\.0+)?)?(?: ?น\.?)?\Z", re.ASCII)
_ERA: Final = re.compile(r"พุทธศักราช|คริสต์ศักราช|[พค]\.? ?ศ\.?(?![ก-๛])|\b(?:b\.? ?e|c\.? ?e|a\.? ?d)\b\.?", re.IGNORECASE)
_LEAD: Final = re.compile(r"(?:วันที่|วัน|ที่|ณ|on)\s*", re.IGNORECASE)
_WEEKDAY: Final = re.compile(r"([^\W\d][^\d\s,]*?)[,\s]*(?:ที่\s*)?(?=\d)")
_YEARLESS: Final = re.compile(r"\d{1,2}[ /.\-]*(?:\d{1,2}|[^\W\d][^\d]*)\Z")

MESSAGES: Final = {
    "date": LocalizedText(
        "อ่านเป็นวันที่ไม่ได้ พิมพ์เป็น วัน/เดือน/ปี พ.ศ. เช่น 7/12/2569",
        "This is not a date; type day/month/Buddhist-era year, as 7/12/2569",
    ),
    "year": LocalizedText("ยังไม่มีปี พิมพ์ปี พ.ศ. ต่อท้าย", "The year is missing; add the Buddhist-era year"),
    "year_range": LocalizedText("ปี {year} อยู่นอกช่วงที่ใช้ได้", "The year {year} is out of range"),
    "month": LocalizedText(
        "ไม่มีเดือน {month} หมายถึง {guess} ใช่หรือไม่", "There is no month {month}; did you mean {guess}?"
    ),
    "no_month": LocalizedText("ไม่มีเดือน {month}", "There is no month {month}"),
    "day": LocalizedText("{month} มี {days} วัน", "{month} has {days} days"),
    "weekday": LocalizedText(
        "{day} เป็นวัน{right} ไม่ใช่วัน{wrong} โปรดตรวจวันที่", "{day} is a {right}, not a {wrong}; check the date"
    ),
}


def read_date(text: str, *, near: date) -> Understood[date] | Refusal | None:
    """A day. `near`: of the eras that two digits of a year can be of, the one that comes closest to it is meant."""
    typed = fold_typed(text)
    if not typed:
        return None
    if len(typed) > MAX_TYPED_LENGTH:
        return _refuse("date")
    typed, era = _without_era(_MIDNIGHT.sub("", typed))
    typed = _LEAD.sub("", typed, count=1) if _LEAD.match(typed) else typed
    typed, weekday = _without_weekday(typed)
    parts = _parts(typed)
    if isinstance(parts, Refusal):
        return parts
    day = _date(*parts, era=era, near=near)
    if isinstance(day, Refusal):
        return day
    if weekday is not None and weekday != day.weekday():
        right, wrong = weekday_of(day.weekday()), weekday_of(weekday)
        return _refuse("weekday", day=LocalizedText(format_date(day), format_date(day, "en")), right=right, wrong=wrong)
    return understood_date(day, text)


def read_date_cell(value: object, *, near: date) -> Understood[date] | Refusal | None:
    """A day from a cell of a workbook: a date (of either era, as Thai Excel stores them) or a text."""
    if isinstance(value, datetime):
        value = value.date()
    if not isinstance(value, date):
        return read_date("" if value is None else str(value), near=near)
    year = _common_year(value.year, "", near, 4)
    day = year if isinstance(year, Refusal) else _existing(year, value.month, value.day)
    return day if isinstance(day, Refusal) else understood_date(day)


def understood_date(day: date, typed: str = "") -> Understood[date]:
    """A day with its words; they always say more than what was typed, unless that was they."""
    words = describe_date(day)
    return Understood(day, words, differs=typed.strip() not in (words.th, words.en))


def describe_date(day: date) -> LocalizedText:
    """จันทร์ 7 ธันวาคม 2569 · Monday 7 December 2569 BE."""
    name = weekday_of(day.weekday())
    return LocalizedText(f"{name.th} {format_date(day)}", f"{name.en} {format_date(day, 'en')}")


def format_typed_date(day: date) -> str:
    """A day as it is typed: 7/12/2569."""
    return f"{day.day}/{day.month}/{day.year + BE_OFFSET}"


def _refuse(code: str, **values: object) -> Refusal:
    return Refusal(code, MESSAGES[code].filled(**values))


def _without_era(typed: str) -> tuple[str, Era]:
    match = _ERA.search(typed)
    if match is None:
        return typed.strip(" ."), ""
    word = match[0].casefold()
    rest = " ".join((typed[: match.start()] + " " + typed[match.end() :]).split())
    return rest.strip(" ."), "BE" if word[0] in "พb" else "CE"


def _without_weekday(typed: str) -> tuple[str, int | None]:
    match = _WEEKDAY.match(typed)
    number = weekday_number(match[1]) if match else None
    return (typed, None) if match is None or number is None else (typed[match.end() :], number)


def _parts(typed: str) -> tuple[int, int, str] | Refusal:
    """Day, month, and the year as written."""
    if match := _COMPACT.match(typed):
        return int(match[1]), int(match[2]), match[3]
    if match := _YEAR_FIRST.match(typed):
        return int(match[3]), int(match[2]), match[1]
    if match := _DAY_FIRST.match(typed):
        return int(match[1]), int(match[2]), match[3]
    if match := _MONTH_WORD.match(typed):
        day, word, year = match.groups()
    elif match := _MONTH_FIRST.match(typed):
        word, day, year = match.groups()
    else:
        return _refuse("year" if _YEARLESS.match(typed) else "date")
    month = month_number(word.removeprefix("เดือน").removesuffix("ปี"))
    return _refuse("date") if month is None else (int(day), month, year)


def _date(day: int, month: int, year: str, *, era: Era, near: date) -> date | Refusal:
    common = _common_year(int(year), era, near, len(year)) if len(year) <= 4 else _refuse("date")
    if isinstance(common, Refusal):
        return common
    if 12 < month <= 31 and 1 <= day <= 12:  # the American order
        swapped = _existing(common, day, month)
        if isinstance(swapped, date):
            guess = LocalizedText(format_date(swapped), format_date(swapped, "en"))
            return _refuse("month", month=month, guess=guess)
    return _existing(common, month, day)


def _existing(year: int, month: int, day: int) -> date | Refusal:
    if not 1 <= month <= 12:
        return _refuse("no_month", month=month)
    days = monthrange(year, month)[1]
    if not 1 <= day <= days:
        name = LocalizedText(
            f"{MONTHS_TH[month - 1]} {year + BE_OFFSET}", f"{MONTHS_EN[month - 1]} {year + BE_OFFSET} BE"
        )
        return _refuse("day", month=name, days=days)
    return date(year, month, day)


def _common_year(year: int, era: Era, near: date, digits: int) -> int | Refusal:
    """The year of the common era. Two digits stand for the last two of either era."""
    if digits <= 2:
        buddhist, common = year + 2500 - BE_OFFSET, year + 2000
        candidates = {"BE": [buddhist], "CE": [common], "": [buddhist, common]}[era]
        return min(candidates, key=lambda candidate: abs(candidate - near.year))
    common = year - BE_OFFSET if era == "BE" or (not era and year >= BUDDHIST_FROM) else year
    return common if FIRST_YEAR <= common <= LAST_YEAR else _refuse("year_range", year=year)
