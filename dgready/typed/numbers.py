"""Numbers: digits of any script, grouped or not; a comma that groups nothing is asked back, never dropped. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from dgready.localized_text import LocalizedText
from dgready.typed.characters import fold_typed
from dgready.typed.result import Refusal, Understood

MAX_WHOLE_DIGITS: Final = 15
MAX_DECIMALS: Final = 6
MAX_TYPED_LENGTH: Final = 60  # characters; longer is no number whatever it holds

_PLAIN: Final = re.compile(r"([+-]?)(\d+)(?:\.(\d+))?\Z", re.ASCII)
_GROUPED: Final = re.compile(r"[+-]?[1-9]\d{0,2}(?:(?:,\d{3})+|(?: \d{3})+)(?:\.\d+)?\Z", re.ASCII)
_BARE_FRACTION: Final = re.compile(r"[+-]?\.\d+\Z", re.ASCII)
_SEPARATED: Final = re.compile(r"[+-]?\d+(?:[ ,.']\d+)+\Z", re.ASCII)
_INSIDE: Final = re.compile(r"\d[\d,. ]*", re.ASCII)

MESSAGES: Final = {
    "number": LocalizedText("ต้องเป็นตัวเลข เช่น 12", "Must be a number, such as 12"),
    "number_guess": LocalizedText(
        "ใส่เฉพาะตัวเลข หมายถึง {guess} ใช่หรือไม่", "Enter only the number; did you mean {guess}?"
    ),
    "separator": LocalizedText(
        "ไม่แน่ใจว่าหมายถึง {guess} โปรดพิมพ์ใหม่โดยใช้จุดเป็นทศนิยม และคั่นหลักเฉพาะทุกสามหลัก เช่น 1,234",
        "Not sure whether this means {guess}; type it again with a point for decimals and commas only "
        "between groups of three, such as 1,234",
    ),
    "long": LocalizedText("ตัวเลขยาวเกินไป", "The number is too long"),
    "whole": LocalizedText("ต้องเป็นจำนวนเต็ม", "Must be a whole number"),
    "places": LocalizedText("มีทศนิยมได้ไม่เกิน {limit} ตำแหน่ง", "At most {limit} decimal places"),
    "minimum": LocalizedText("ต้องไม่น้อยกว่า {limit}", "Must not be less than {limit}"),
    "maximum": LocalizedText("ต้องไม่เกิน {limit}", "Must not be more than {limit}"),
}
OR: Final = LocalizedText(" หรือ ", " or ")


def read_number(
    text: str,
    *,
    whole: bool = False,
    places: int = MAX_DECIMALS,
    minimum: Decimal | None = None,
    maximum: Decimal | None = None,
    units: Sequence[str] = (),
) -> Understood[Decimal] | Refusal | None:
    """A decimal number. `units`: signs or words that may follow it and are dropped, such as "%"."""
    typed = fold_typed(text)
    if not typed:
        return None
    number = _parse(_without_unit(typed, units)) if len(typed) <= MAX_TYPED_LENGTH else _refuse("long")
    if isinstance(number, Refusal):
        return number
    if whole and number != number.to_integral_value():
        return _refuse("whole")
    if _decimals(number) > places:
        return _refuse("places", limit=places)
    if minimum is not None and number < minimum:
        return _refuse("minimum", limit=format_number(minimum))
    if maximum is not None and number > maximum:
        return _refuse("maximum", limit=format_number(maximum))
    words = f"{number:,f}"
    return Understood(number, LocalizedText(words, words), differs=text.strip() not in (words, f"{number:f}"))


def format_number(number: Decimal) -> str:
    """A number as it is stored: no grouping, no exponent, no zeros that say nothing."""
    return f"{_normal(number):f}"


def _refuse(code: str, **values: object) -> Refusal:
    return Refusal(code.removesuffix("_guess"), MESSAGES[code].filled(**values))


def _normal(number: Decimal) -> Decimal:
    # By way of text: a normalized 40 is 4E+1, which a form that sends it on cannot read again.
    return Decimal(f"{number.normalize():f}") if number else Decimal(0)


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _without_unit(typed: str, units: Sequence[str]) -> str:
    for unit in units:
        if typed.casefold().endswith(unit.casefold()):
            return typed[: -len(unit)].rstrip()
    return typed


def _parse(typed: str) -> Decimal | Refusal:
    if _GROUPED.match(typed):
        typed = typed.replace(",", "").replace(" ", "")
    elif _BARE_FRACTION.match(typed):
        typed = typed.replace(".", "0.")
    match = _PLAIN.match(typed)
    if match is not None:
        if len(match[2].lstrip("0")) > MAX_WHOLE_DIGITS or len((match[3] or "").rstrip("0")) > MAX_DECIMALS:
            return _refuse("long")
        return _normal(Decimal(typed))
    if _SEPARATED.match(typed):
        return _refuse("separator", guess=_one_of(_guesses(typed)))
    numbers = [found.rstrip(",. ") for found in _INSIDE.findall(typed)]
    if len(numbers) == 1 and (_PLAIN.match(numbers[0]) or _GROUPED.match(numbers[0])) and "-" not in typed:
        return _refuse("number_guess", guess=numbers[0])
    return _refuse("number")


def _guesses(typed: str) -> Iterator[str]:
    """What separators in unusual places can stand for: the last one a decimal point, or none of them."""
    sign = typed[0] if typed[0] in "+-" else ""
    digits = re.split(r"[ ,.']", typed.lstrip("+-"))
    kinds = re.findall(r"[ ,.']", typed)
    last_stands_alone = kinds[-1] in ",." and kinds.count(kinds[-1]) == 1
    if last_stands_alone:
        yield sign.strip("+") + "".join(digits[:-1]) + "." + digits[-1]
    if len(kinds) == 1 or not last_stands_alone:
        yield sign.strip("+") + "".join(digits)


def _one_of(guesses: Iterator[str]) -> LocalizedText:
    found = list(dict.fromkeys(guesses))
    return LocalizedText(OR.th.join(found), OR.en.join(found))
