"""Cleans what a person typed into the value of its item kind; no input crashes it. PURE."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from dgready.thai import BE_OFFSET, arabic_digits, normalise_text
from survey.instrument.addresses import ROW_ID_PATTERN
from survey.instrument.schema import AnswerValue, Item, LocalizedText, TableColumn

MAX_TEXT_LENGTH = 4000
MAX_URL_LENGTH = 1000
NUMBER_PATTERN = re.compile(r"[+-]?\d{1,15}(\.\d{1,6})?\Z", re.ASCII)
ALLOWED_YEARS = range(1957, 2158)

ERROR_MESSAGES: dict[str, LocalizedText] = {
    "choice": LocalizedText("ตัวเลือกนี้ไม่มีในข้อคำถาม", "This option is not part of the question"),
    "exclusive": LocalizedText("เลือก “{key}” ร่วมกับตัวเลือกอื่นไม่ได้", "“{key}” cannot go with other options"),
    "number": LocalizedText("ต้องเป็นตัวเลข เช่น 12", "Must be a number, such as 12"),
    "whole": LocalizedText("ต้องเป็นจำนวนเต็ม", "Must be a whole number"),
    "minimum": LocalizedText("ต้องไม่น้อยกว่า {limit}", "Must not be less than {limit}"),
    "maximum": LocalizedText("ต้องไม่เกิน {limit}", "Must not be more than {limit}"),
    "url": LocalizedText(
        "ต้องเป็นที่อยู่เว็บที่ขึ้นต้นด้วย http:// หรือ https://", "Must be a web address starting with http:// or https://"
    ),
    "month": LocalizedText("เลือกเดือนและปี พ.ศ. ให้ครบ", "Choose both month and year"),
    "long": LocalizedText("ยาวเกิน {limit} ตัวอักษร", "Longer than {limit} characters"),
    "email": LocalizedText("รูปแบบอีเมลไม่ถูกต้อง", "This is not an e-mail address"),
    "phone": LocalizedText(
        "หมายเลขโทรศัพท์ใช้ตัวเลข เว้นวรรค ขีด และ + เท่านั้น", "A phone number has only digits, spaces, dashes and +"
    ),
    "rows": LocalizedText("เพิ่มได้ไม่เกิน {limit} รายการ", "At most {limit} rows"),
}
TEXT_FORMATS: dict[str, re.Pattern[str]] = {
    "email": re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+\Z"),
    "phone": re.compile(r"[0-9 +()#*,./ต่อ-]{3,60}\Z"),
}


class InvalidValue(Exception):
    """A field's text is not a valid value; `reason` is a key of ERROR_MESSAGES, `detail` fills the message."""

    def __init__(self, reason: str, **detail: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = {name: str(value) for name, value in detail.items()}


def clean_value(owner: Item | TableColumn, raw: Sequence[str]) -> AnswerValue | None:
    """The value of one field, or None when it is empty. Raises InvalidValue."""
    return CLEANERS[owner.kind](owner, raw)


def valid_row_ids(raw: Sequence[str]) -> list[str]:
    """The well-formed row ids among posted texts, each once, in order."""
    return list(dict.fromkeys(row_id for row_id in raw if isinstance(row_id, str) and ROW_ID_PATTERN.match(row_id)))


def _first_text(raw: Sequence[str]) -> str:
    return normalise_text(raw[0]).replace("\x00", "").strip() if raw else ""


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
    text = _first_text(raw).replace("\r\n", "\n")
    if len(text) > MAX_TEXT_LENGTH:
        raise InvalidValue("long", limit=MAX_TEXT_LENGTH)
    kind = owner.format if isinstance(owner, Item) else None
    if text and kind in TEXT_FORMATS and not TEXT_FORMATS[kind].match(arabic_digits(text)):
        raise InvalidValue(kind)
    return text or None


def _clean_number(owner: Item | TableColumn, raw: Sequence[str]) -> AnswerValue | None:
    text = arabic_digits(_first_text(raw)).replace(",", "").replace(" ", "")
    if not text:
        return None
    if not NUMBER_PATTERN.match(text):
        raise InvalidValue("number")
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise InvalidValue("number") from error
    if isinstance(owner, Item):
        if owner.integer and number != number.to_integral_value():
            raise InvalidValue("whole")
        if owner.minimum is not None and number < Decimal(owner.minimum):
            raise InvalidValue("minimum", limit=owner.minimum)
        if owner.maximum is not None and number > Decimal(owner.maximum):
            raise InvalidValue("maximum", limit=owner.maximum)
    number = number.normalize() if number else Decimal(0)
    return f"{number:f}"


def _clean_url(owner: Item | TableColumn, raw: Sequence[str]) -> AnswerValue | None:
    text = _first_text(raw)
    if not text:
        return None
    if len(text) > MAX_URL_LENGTH:
        raise InvalidValue("long", limit=MAX_URL_LENGTH)
    if not is_url(text):
        raise InvalidValue("url")
    return text


def is_url(text: str) -> bool:
    """Whether a text is a well-formed http(s) address with a host that has a dot."""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        parts.port  # noqa: B018 - raises when the port is not a number
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and "." in host.strip(".")
        and not re.search(r"[\s<>\"\\^`{}|]", text)
        and not parts.username
    )


def _clean_month_year(owner: Item | TableColumn, raw: Sequence[str]) -> AnswerValue | None:
    """Clean a month: from two inputs (month, Buddhist-era year) or one "YYYY-MM" in the Common Era."""
    parts = [arabic_digits(r).strip() for r in raw]
    if len(parts) == 1 and re.fullmatch(r"\d{4}-\d{2}", parts[0], re.ASCII):
        year, month = int(parts[0][:4]), int(parts[0][5:])
    else:
        filled = [p for p in parts if p]
        if not filled:
            return None
        if len(parts) != 2 or not all(re.fullmatch(r"\d{1,4}", p, re.ASCII) for p in parts):
            raise InvalidValue("month")
        month, year = int(parts[0]), int(parts[1]) - BE_OFFSET
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
