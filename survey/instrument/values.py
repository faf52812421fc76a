"""Cleaning what a person typed into the value of its item type; no input crashes it. PURE."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dgready.typed.calendar_words import month_number
from dgready.typed.characters import clean_lines, fold_typed
from dgready.typed.emails import read_email
from dgready.typed.numbers import format_number, read_number
from dgready.typed.phones import read_phones
from dgready.typed.result import Refusal, Understood
from dgready.typed.web import read_url
from survey.instrument.addresses import ROW_ID_PATTERN, cell_address, repeat_row_address
from survey.instrument.schema import AnswerValue, CompiledInstrument, Item, LocalizedText, TableColumn

MAX_TEXT_LENGTH = 4000
BE_OFFSET = 543
CENTURY = 2500  # of the Buddhist era, for a year of two digits
ALLOWED_YEARS = range(1957, 2158)
PostedFields = Mapping[str, Sequence[str]]

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


@dataclass(frozen=True, slots=True)
class InvalidField:
    """A field that could not be taken: what was typed and why not."""

    address: str
    raw: tuple[str, ...]
    reason: str
    words: LocalizedText

    def say(self, language: str = "th") -> str:
        """The reason as a sentence."""
        return self.words.to(language)


class _InvalidValue(Exception):
    def __init__(self, reason: str, words: LocalizedText | None = None, **detail: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.words = words or ERROR_MESSAGES[reason].filled(**detail)


def parse_posted_card(question: Item, submitted: PostedFields) -> tuple[dict[str, AnswerValue], list[InvalidField]]:
    """The values of one card as posted: what is valid, and what is not. Unknown names are not read."""
    values: dict[str, AnswerValue] = {}
    invalid: list[InvalidField] = []
    for address, owner in _card_fields(question, "", submitted):
        raw = [s for s in submitted.get(address, ()) if isinstance(s, str)]
        try:
            value = clean_value(owner, raw)
        except _InvalidValue as refused:
            invalid.append(InvalidField(address, tuple(raw), refused.reason, refused.words))
            continue
        if value:
            values[address] = value
    return values, invalid


def restated(question: Item, submitted: PostedFields, values: Mapping[str, AnswerValue]) -> dict[str, str]:
    """The values of one-line fields that are stored otherwise than they were typed, by address: to be shown."""
    out = {}
    for address, owner in _card_fields(question, "", submitted):
        value = values.get(address)
        read = owner.kind in ("number", "url") or getattr(owner, "format", None) in TEXT_FORMATS
        if read and isinstance(value, str) and value != _first_text(submitted.get(address, ())).strip():
            out[address] = value
    return out


def clean_value(owner: Item | TableColumn, raw: Sequence[str]) -> AnswerValue | None:
    """One field's value, or None when it is empty. Raises an internal refusal that `parse` reports."""
    return CLEANERS[owner.kind](owner, raw)


def _card_fields(item: Item, prefix: str, submitted: PostedFields) -> Iterator[tuple[str, Item | TableColumn]]:
    """Every field of the card that the form could carry, with the row ids it was posted with."""
    address = prefix + item.id
    if item.kind == "table":
        for key, _ in item.answer_rows:
            yield from ((cell_address(address, key, c.key), c) for c in item.columns)
    elif item.kind != "group":
        yield address, item
    if item.kind == "repeat":
        for row_id in _row_ids(submitted.get(address, ()))[: item.max_rows]:
            for child in item.items:
                yield from _card_fields(child, repeat_row_address(address, row_id) + "/", submitted)
        return
    for child in item.children:
        if child.question == item.question or item.kind == "group":
            yield from _card_fields(child, prefix, submitted)


def _row_ids(raw: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(r for r in raw if isinstance(r, str) and ROW_ID_PATTERN.match(r)))


def _first_text(raw: Sequence[str]) -> str:
    return raw[0] if raw else ""


def _taken(result: Understood[Any] | Refusal | None) -> Any:
    """The value understood, or None when nothing was typed."""
    if isinstance(result, Refusal):
        raise _InvalidValue(result.code, result.reason)
    return result.value if result else None


def _clean_single(owner: Item | TableColumn, raw: Sequence[str]) -> AnswerValue | None:
    if not raw or not raw[0]:
        return None
    if raw[0] not in owner.by_key:
        raise _InvalidValue("choice")
    return raw[0]


def _clean_multi(owner: Item | TableColumn, raw: Sequence[str]) -> AnswerValue | None:
    picked = {r for r in raw if r}
    if picked - set(owner.by_key):
        raise _InvalidValue("choice")
    for key in picked:
        if owner.by_key[key].exclusive and len(picked) > 1:
            raise _InvalidValue("exclusive", key=owner.by_key[key].label.th)
    return [k for k in owner.by_key if k in picked] or None


def _clean_text(owner: Item | TableColumn, raw: Sequence[str]) -> AnswerValue | None:
    kind = owner.format if isinstance(owner, Item) else None
    if kind is not None and kind in TEXT_FORMATS:
        value: str | None = _taken(TEXT_FORMATS[kind](_first_text(raw)))
        return value
    text = clean_lines(_first_text(raw))
    if len(text) > MAX_TEXT_LENGTH:
        raise _InvalidValue("long", limit=MAX_TEXT_LENGTH)
    return text or None


def _clean_number(owner: Item | TableColumn, raw: Sequence[str]) -> AnswerValue | None:
    limits: dict[str, Any] = {}
    if isinstance(owner, Item):
        limits = {
            name: Decimal(limit) for name in ("minimum", "maximum") if (limit := getattr(owner, name)) is not None
        }
        limits["whole"] = owner.integer
    number: Decimal | None = _taken(read_number(_first_text(raw), **limits))
    return None if number is None else format_number(number)


def _clean_url(owner: Item | TableColumn, raw: Sequence[str]) -> AnswerValue | None:
    value: str | None = _taken(read_url(_first_text(raw)))
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
            raise _InvalidValue("month")
        month = int(parts[0]) if re.fullmatch(r"\d{1,2}", parts[0], re.ASCII) else month_number(parts[0]) or 0
        year = int(parts[1]) if len(parts[1]) == 4 else int(parts[1]) + CENTURY
        year -= 0 if year in ALLOWED_YEARS else BE_OFFSET
    if not 1 <= month <= 12 or year not in ALLOWED_YEARS:
        raise _InvalidValue("month")
    return f"{year:04d}-{month:02d}"


def _clean_repeat(owner: Item | TableColumn, raw: Sequence[str]) -> AnswerValue | None:
    rows = _row_ids(raw)
    limit = owner.max_rows if isinstance(owner, Item) else 0
    if limit is not None and len(rows) > limit:
        raise _InvalidValue("rows", limit=limit)
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


def drop_empty_rows(values: Mapping[str, AnswerValue]) -> dict[str, AnswerValue]:
    """The values without repeat rows that hold nothing, and without what belongs to rows that are not listed."""
    out = dict(values)
    # Innermost repeats first: a row whose only content was an empty inner row is empty too.
    for address in sorted((a for a, v in values.items() if _is_row_list(v)), key=len, reverse=True):
        rows = [r for r in out[address] if any(a.startswith(f"{address}#{r}/") for a in out)]
        if rows:
            out[address] = rows
        else:
            del out[address]
    return {a: v for a, v in out.items() if _is_in_listed_rows(a, out)}


def _is_row_list(value: AnswerValue) -> bool:
    return isinstance(value, list) and bool(value) and all(ROW_ID_PATTERN.match(v) for v in value)


def _is_in_listed_rows(address: str, values: Mapping[str, AnswerValue]) -> bool:
    end = address.find("#")
    while end >= 0:
        row_end = address.find("/", end)
        row = address[end + 1 : row_end if row_end >= 0 else None]
        if row not in values.get(address[:end], ()):
            return False
        end = address.find("#", end + 1)
    return True


def format_value(owner: Item | TableColumn, value: AnswerValue | None, language: str = "th") -> str:
    """A value as people read it: option labels, Buddhist-era month and year, the text itself."""
    if value is None:
        return ""
    if owner.kind in ("single", "multi"):
        keys = value if isinstance(value, list) else [value]
        return ", ".join(owner.by_key[k].label.to(language) if k in owner.by_key else k for k in keys)
    if owner.kind == "month_year" and isinstance(value, str):
        return f"{value[5:]}/{int(value[:4]) + BE_OFFSET}"
    return ", ".join(value) if isinstance(value, list) else value


def item_or_column_at(instrument: CompiledInstrument, address: str) -> Item | TableColumn | None:
    """The item or column that a value's address belongs to, or None."""
    from survey.instrument.addresses import item_id_of

    item = instrument.items.get(item_id_of(address))
    if item is None or item.kind != "table":
        return item
    return next((c for c in item.columns if c.key == address.rsplit("/", 1)[-1]), None)
