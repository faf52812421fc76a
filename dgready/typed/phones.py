"""Telephone numbers: several in one field, extensions, ranges of lines, Thai and foreign. PURE.

Thai numbers have two lengths only (nine digits for a line, ten for a mobile), so no table of numbering plans is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from dgready.localized_text import LocalizedText
from dgready.typed.characters import fold_typed
from dgready.typed.result import Refusal, Understood

MAX_TYPED_LENGTH: Final = 200

_S: Final = r"[ .()\-]*"  # what may stand between two digits
_LABEL: Final = r"(?:(?:หมายเลข)?โทรศัพท์(?:มือถือ)?|โทร|เบอร์|มือถือ|phone|tel|mobile)\.?[ ]?:?"
_TOKEN: Final = re.compile(
    rf"""\s*(?:
    (?P<extension>(?:ต่อ|กด|ext\.?|x|\#|extension)\s*:?\s*(?P<inner>\d{{1,6}}(?:\s*-\s*\d{{1,6}})?))
    | (?P<network>มท\.?\s*(?P<inside>\d{{4,6}}))
    | (?P<foreign>(?:\+|00(?=[1-9])){_S}\d(?:{_S}\d){{5,14}}(?!{_S}\d))
    | \(?(?P<mobile>0{_S}[689](?:{_S}\d){{8}})(?!\d)\)?
    | \(?(?P<line>0{_S}[1-57](?:{_S}\d){{7}})(?!\d|[.()]?\d)\)?
    | (?P<free>1[89]00(?:{_S}\d){{6}})(?!\d)
    | (?P<short>[1-9]\d{{2,5}})(?![\d]|[-.]\d)
    | (?P<wrong>\(?\+?\d(?:{_S}\d)*\)?)
    | (?P<label>{_LABEL})
    | (?P<between>[,;/:.&]|หรือ|และ|กับ|\bor\b|\band\b)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_LAST_LINE: Final = re.compile(r"\s*(?:-|/|ถึง|to\b)\s*(\d{1,4})(?!\d|[ .()\-]*\d)", re.IGNORECASE)
_EXTENSION_MORE: Final = re.compile(r"\s*(?:,|/|และ|หรือ|or\b|and\b)\s*([1-9]\d{0,4})(?!\d|[ .()\-]*\d)", re.IGNORECASE)
EXTENSION: Final = LocalizedText("ต่อ", "ext.")

MESSAGES: Final = {
    "phone": LocalizedText(
        "ต้องเป็นหมายเลขโทรศัพท์ที่เป็นตัวเลข เช่น 042-000-000 ต่อ 12 หลายหมายเลขคั่นด้วยจุลภาค",
        "Must be a telephone number in digits, such as 042-000-000 ext. 12; several are separated by commas",
    ),
    "partly": LocalizedText("เข้าใจเฉพาะ {found} โปรดลบส่วนที่เหลือ", "Only {found} was understood; delete the rest"),
    "length": LocalizedText(
        "{typed} มี {digits} หลัก หมายเลขไทยมี 9 หลัก (มือถือ 10 หลัก)",
        "{typed} has {digits} digits; a Thai number has 9 (a mobile 10)",
    ),
    "long": LocalizedText("ยาวเกิน {limit} ตัวอักษร", "Longer than {limit} characters"),
}


@dataclass(slots=True)
class _Number:
    text: str
    extensions: list[str] = field(default_factory=list)

    def write(self, language: str = "th") -> str:
        inner = f" {EXTENSION.to(language)} {', '.join(self.extensions)}" if self.extensions else ""
        return self.text + inner


def read_phones(text: str) -> Understood[str] | Refusal | None:
    """The numbers in one spelling, "042-411-778 ต่อ 12, 081-000-0000"."""
    typed = fold_typed(text)
    if not typed:
        return None
    if len(typed) > MAX_TYPED_LENGTH:
        return _refuse("long", limit=MAX_TYPED_LENGTH)
    numbers = _numbers(typed)
    if isinstance(numbers, Refusal):
        return numbers
    words = LocalizedText(", ".join(n.write() for n in numbers), ", ".join(n.write("en") for n in numbers))
    if len(words.th) > MAX_TYPED_LENGTH:
        return _refuse("long", limit=MAX_TYPED_LENGTH)
    return Understood(words.th, words, differs=text.strip() not in (words.th, words.en))


def _refuse(code: str, **values: object) -> Refusal:
    return Refusal("phone" if code == "partly" else code, MESSAGES[code].filled(**values))


def _numbers(typed: str) -> list[_Number] | Refusal:
    found: list[_Number] = []
    at = 0
    while at < len(typed):
        match = _TOKEN.match(typed, at)
        kind = match.lastgroup if match else None
        if match is None or (match["extension"] and not found):
            return _asked_back(found)
        at = match.end()
        if match["extension"]:
            found[-1].extensions.append(_joined(match["inner"]))
            while more := _EXTENSION_MORE.match(typed, at):
                found[-1].extensions.append(more[1])
                at = more.end()
        elif match["wrong"]:
            return _refuse("length", typed=match["wrong"].strip(), digits=len(_digits(match["wrong"])))
        elif kind not in ("label", "between"):
            number = _written(match)
            if isinstance(number, Refusal):
                return number
            if match["line"] and (last := _LAST_LINE.match(typed, at)):
                number, at = f"{number}-{last[1]}", last.end()
            found.append(_Number(number))
    return found or _refuse("phone")


def _asked_back(found: list[_Number]) -> Refusal:
    return _refuse("partly", found=", ".join(n.write() for n in found)) if found else _refuse("phone")


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _joined(text: str) -> str:
    return "".join(text.split())


def _written(match: re.Match[str]) -> str | Refusal:
    """A number in the grouping Thai letter heads use; foreign ones as + and digits."""
    if match["network"]:
        return f"มท. {match['inside']}"
    digits = _digits(match[0])
    if match["foreign"]:
        return _foreign(match["foreign"], digits)
    if match["mobile"]:
        return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    if match["line"]:
        cut = 2 if digits[1] == "2" else 3
        return f"{digits[:cut]}-{digits[cut : cut + 3]}-{digits[cut + 3 :]}"
    return f"{digits[:4]}-{digits[4:7]}-{digits[7:]}" if match["free"] else digits


def _foreign(typed: str, digits: str) -> str | Refusal:
    digits = digits.removeprefix("00") if typed.startswith("00") else digits
    if not digits.startswith("66"):
        return f"+{digits}"
    own = digits[2:].removeprefix("0")
    if len(own) != (9 if own[:1] in ("6", "8", "9") else 8):
        return _refuse("length", typed=typed.strip(), digits=len(own) + 1)
    cut = 1 if own[0] == "2" else 2
    return f"+66 {own[:cut]} {own[cut : cut + 3]} {own[cut + 3 :]}"
