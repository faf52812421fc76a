"""Cleans what a person typed into the value of its item kind; no input crashes it. PURE."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from dgready.thai import BE_OFFSET
from dgready.typed.calendar_words import month_number
from dgready.typed.characters import clean_lines, fold_typed
from dgready.typed.emails import read_email
from dgready.typed.numbers import format_number, read_number
from dgready.typed.phones import read_phones
from dgready.typed.result import Refusal, Understood
from dgready.typed.web import read_url
from survey.instrument.addresses import ROW_ID_PATTERN
from survey.instrument.schema import AnswerValue, Item, LocalizedText, TableColumn

MAX_TEXT_LENGTH = 4000
CENTURY = 2500  # of the Buddhist era, for a year of two digits
ALLOWED_YEARS = range(1957, 2158)

ERROR_MESSAGES: dict[str, LocalizedText] = {
    "choice": LocalizedText("ตัวเลือกนี้ไม่มีในข้อคำถาม", "This option is not part of the question"),
    "exclusive": LocalizedText("เลือก “{key}” ร่วมกับตัวเลือกอื่นไม่ได้", "“{key}” cannot go with other options"),
    "month": LocalizedText("เลือกเดือนและปี พ.ศ. ให้ครบ", "Choose both month and year"),
    "long": LocalizedText("ยาวเกิน {limit} ตัวอักษร", "Longer than {limit} characters"),
    "rows": LocalizedText("เพิ่มได้ไม่เกิน {limit} รายการ", "At most {limit} rows"),
}
TEXT_FORMATS: Mapping[str, Callable[[str], Understood[str] | Refusal | None]] = {
    "email": read_email,
    "phone": read_phones,
}


class InvalidValue(Exception):
    """A field's text is not a valid value; `explanation` says why, by default from ERROR_MESSAGES with `detail`."""

    def __init__(self, reason: str, explanation: LocalizedText | None = None, **detail: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.explanation = explanation or ERROR_MESSAGES[reason].filled(**detail)


def clean_value(owner: Item | TableColumn, raw: Sequence[str]) -> AnswerValue | None:
    """The value of one field, or None when it is empty. Raises InvalidValue."""
    return CLEANERS[owner.kind](owner, raw)


def valid_row_ids(raw: Sequence[str]) -> list[str]:
    """The well-formed row ids among posted texts, each once, in order."""
    return list(dict.fromkeys(row_id for row_id in raw if isinstance(row_id, str) and ROW_ID_PATTERN.match(row_id)))


def first_text(raw: Sequence[str]) -> str:
    """The text of a field that is posted once."""
    return raw[0] if raw else ""


def _understood_value(result: Understood[Any] | Refusal | None) -> Any:
    """The value understood, or None when nothing was typed. Raises InvalidValue."""
    if isinstance(result, Refusal):
        raise InvalidValue(result.code, result.reason)
    return result.value if result else None


def _clean_single(owner: Item | TableColumn, raw: Sequence[str]) -> AnswerValue | None:
    if not raw or not raw[0]:
        return None
    if raw[0] not in owner.by_key:
        raise InvalidValue("choice")
    return raw[0]


def _clean_multi(owner: Item | TableColumn, raw: Sequence[str]) -> AnswerValue | None:
    picked = {key for key in raw if key}
    if picked - set(owner.by_key):
        raise InvalidValue("choice")
    for key in picked:
        if owner.by_key[key].exclusive and len(picked) > 1:
            raise InvalidValue("exclusive", key=owner.by_key[key].label.th)
    return [key for key in owner.by_key if key in picked] or None


def _clean_text(owner: Item | TableColumn, raw: Sequence[str]) -> AnswerValue | None:
    kind = owner.format if isinstance(owner, Item) else None
    if kind is not None and kind in TEXT_FORMATS:
        value: str | None = _understood_value(TEXT_FORMATS[kind](first_text(raw)))
        return value
    text = clean_lines(first_text(raw))
    if len(text) > MAX_TEXT_LENGTH:
        raise InvalidValue("long", limit=MAX_TEXT_LENGTH)
    return text or None


def _clean_number(owner: Item | TableColumn, raw: Sequence[str]) -> AnswerValue | None:
    limits: dict[str, Any] = {}
    if isinstance(owner, Item):
        limits = {
            name: Decimal(limit) for name in ("minimum", "maximum") if (limit := getattr(owner, name)) is not None
        }
        limits["whole"] = owner.integer
    number: Decimal | None = _understood_value(read_number(first_text(raw), **limits))
    return None if number is None else format_number(number)


def _clean_url(owner: Item | TableColumn, raw: Sequence[str]) -> AnswerValue | None:
    value: str | None = _understood_value(read_url(first_text(raw)))
    return value


def _clean_month_year(owner: Item | TableColumn, raw: Sequence[str]) -> AnswerValue | None:
    """From the two controls (month, year of either era) or one "YYYY-MM" in the Common Era."""
    parts = [fold_typed(r) for r in raw]
    if len(parts) == 1 and re.fullmatch(r"\d{4}-\d{2}", parts[0], re.ASCII):
        year, month = int(parts[0][:4]), int(parts[0][5:])
    else:
        filled = [p for p in parts if p]
        if not filled:
            return None
        if len(parts) != 2 or not re.fullmatch(r"\d{2}|\d{4}", parts[1], re.ASCII):
            raise InvalidValue("month")
        month = int(parts[0]) if re.fullmatch(r"\d{1,2}", parts[0], re.ASCII) else month_number(parts[0]) or 0
        year = int(parts[1]) if len(parts[1]) == 4 else int(parts[1]) + CENTURY
        year -= 0 if year in ALLOWED_YEARS else BE_OFFSET
    if not 1 <= month <= 12 or year not in ALLOWED_YEARS:
        raise InvalidValue("month")
    return f"{year:04d}-{month:02d}"


def _clean_repeat(owner: Item | TableColumn, raw: Sequence[str]) -> AnswerValue | None:
    rows = valid_row_ids(raw)
    limit = owner.max_rows if isinstance(owner, Item) else 0
    if limit is not None and len(rows) > limit:
        raise InvalidValue("rows", limit=limit)
    return rows or None


CLEANERS: dict[str, Callable[[Item | TableColumn, Sequence[str]], AnswerValue | None]] = {
    "single": _clean_single,
    "multi": _clean_multi,
    "text": _clean_text,
    "number": _clean_number,
    "url": _clean_url,
    "month_year": _clean_month_year,
    "repeat": _clean_repeat,
}
