"""What the blocks say in one sentence, in Thai and English. PURE."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from dgready.localized_text import LocalizedText
from nation.facts.types import NO_TEXT, FactRow

NOBODY: Final = LocalizedText("ไม่มีจังหวัดที่ตอบข้อนี้", "No province answered this.")
_MOST: Final = LocalizedText(
    "ตอบว่า “{label}” มากที่สุด {count} จาก {n} จังหวัด (ร้อยละ {percent})",
    "Most often “{label}”: {count} of {n} provinces ({percent} %)",
)
_NEXT: Final = LocalizedText(" รองลงมาคือ “{label}” ร้อยละ {percent}", ", then “{label}” ({percent} %)")
_LEAST: Final = LocalizedText(" น้อยที่สุดคือ “{label}” ร้อยละ {percent}", ", least often “{label}” ({percent} %)")
_REASON: Final = LocalizedText(
    "เหตุผลที่พบมากที่สุดคือ “{label}” {count} จาก {n} จังหวัดที่ตอบว่าไม่มี (ร้อยละ {percent})",
    "The most frequent reason is “{label}”: {count} of the {n} provinces without ({percent} %)",
)
_NO_REASON: Final = LocalizedText("ไม่มีจังหวัดที่ตอบว่าไม่มี", "No province answered that there is none.")
_YEARS: Final = LocalizedText(
    "ระบุปี {label} มากที่สุด {count} จาก {n} จังหวัด (ร้อยละ {percent})",
    "Most often given is {label}: {count} of {n} provinces ({percent} %)",
)
_SUM: Final = LocalizedText(
    "รวม {value} {unit} จาก {n} จังหวัดที่ทราบจำนวน", "{value} {unit} in the {n} provinces that know the number"
)
_PART: Final = LocalizedText(
    "จาก {n} จังหวัดที่ทราบทั้งสองจำนวน เป็น {part} จาก {whole} {unit} (ร้อยละ {percent})",
    "In the {n} provinces that know both numbers: {part} of {whole} {unit} ({percent} %)",
)
_REPEATS: Final = LocalizedText(
    "รวม {total} รายการ จาก {n} จังหวัด ส่วนใหญ่มี {rows} รายการ (ร้อยละ {percent})",
    "{total} entries in {n} provinces; most have {rows} ({percent} %)",
)
_TABLE: Final = LocalizedText(
    "ข้อที่ตอบว่ายังไม่มีมากที่สุดคือ “{label}” {count} จาก {n} จังหวัด (ร้อยละ {percent})",
    "What is missing most often is “{label}”: {count} of {n} provinces ({percent} %)",
)


def say_choice(rows: Sequence[FactRow], n: int, *, least: bool = False) -> LocalizedText:
    """The most frequent answer and the next; `least`: the rarest instead of the next."""
    known = sorted((row for row in rows if row.count is not None), key=lambda row: -(row.count or 0))
    if not n or not known or not known[0].count:
        return NOBODY
    said = _join(_told(_MOST, known[0], n))
    if least and len(known) > 1:
        return _join(said, _told(_LEAST, known[-1], n))
    return _join(said, _told(_NEXT, known[1], n)) if len(known) > 1 and known[1].count else said


def say_reason(rows: Sequence[FactRow], n: int) -> LocalizedText:
    """The most frequent reason."""
    top = max(rows, key=lambda row: row.count or 0, default=None)
    return _told(_REASON, top, n) if n and top is not None and top.count else _NO_REASON


def say_years(rows: Sequence[FactRow], n: int) -> LocalizedText:
    """The year most of them give."""
    top = max(rows, key=lambda row: row.count or 0, default=None)
    return _told(_YEARS, top, n) if n and top is not None else NOBODY


def say_sum(value: Decimal, unit: LocalizedText, n: int) -> LocalizedText:
    """A sum over those that know it."""
    return _SUM.filled(value=number(value), unit=unit, n=n) if n else NOBODY


def say_part(part: FactRow, whole: FactRow, unit: LocalizedText, n: int) -> LocalizedText:
    """A part of a whole, over those that know both."""
    if not n or part.percent is None:
        return NOBODY
    values = {"part": number(part.value), "whole": number(whole.value), "percent": part.percent}
    return _PART.filled(unit=unit, n=n, **values)


def say_repeats(total: Decimal, rows: Sequence[FactRow], n: int) -> LocalizedText:
    """How many rows there are, and how many most provinces have."""
    top = max(rows, key=lambda row: row.count or 0, default=None)
    if not n or top is None:
        return NOBODY
    return _REPEATS.filled(total=number(total), n=n, rows=top.key, percent=top.percent)


def say_missing(found: tuple[FactRow, FactRow] | None) -> LocalizedText:
    """The row of a table where most answered "none": the row and its part."""
    if found is None:
        return NO_TEXT
    row, part = found
    return _TABLE.filled(label=row.label, count=part.count, n=row.base, percent=part.percent)


def number(value: Decimal | int | None) -> str:
    """A number without a useless fraction, with commas."""
    return f"{value.normalize():,f}" if isinstance(value, Decimal) else f"{value or 0:,}"


def join(*texts: LocalizedText) -> LocalizedText:
    """Sentences one after the other."""
    said = [text for text in texts if text]
    return LocalizedText(" ".join(text.th for text in said), " ".join(text.to("en") for text in said))


def _join(*texts: LocalizedText) -> LocalizedText:
    return LocalizedText("".join(text.th for text in texts), "".join(text.en for text in texts))


def _told(template: LocalizedText, row: FactRow, n: int) -> LocalizedText:
    return template.filled(label=row.label, count=row.count, n=n, percent=row.percent)
