"""E-mail addresses, as typed, as copied from a letter head, or as a mail program copies them. PURE.

The form of an address is the one browsers check (HTML Standard, "valid e-mail address"), with letters of other
alphabets where allowed; libraries that know more also look names up on the network, which no field needs.
"""

from __future__ import annotations

import re
from typing import Final

from dgready.localized_text import LocalizedText
from dgready.typed.characters import fold_typed
from dgready.typed.result import Refusal, Understood

MAX_LENGTH: Final = 254
MAX_LOCAL: Final = 64

_MARKS: Final = "\u0e31-\u0e4e"  # Thai vowels and tones that stand over letters are no letters for \w
_LABEL: Final = rf"[^\W_](?:[\w{_MARKS}-]{{0,61}}[\w{_MARKS}])?"
_ADDRESS: Final = re.compile(rf"(?P<local>[\w{_MARKS}.!#$%&'*+/=?^`{{|}}~-]+)@(?P<host>(?:{_LABEL}\.)+{_LABEL})\Z")
_IN_BRACKETS: Final = re.compile(r"[^<>]*<([^<>]*)>[\s,;.]*\Z")
_AROUND: Final = " ,;:.\"'“”‘’()[]<>"
_AT_WORD: Final = re.compile(r"\s*(?:\(at\)|\[at\]|\bat\b| @|@ )\s*", re.IGNORECASE)

MESSAGES: Final = {
    "email": LocalizedText(
        "รูปแบบอีเมลไม่ถูกต้อง เช่น name@example.go.th", "This is not an e-mail address, such as name@example.go.th"
    ),
    "guess": LocalizedText(
        "รูปแบบอีเมลไม่ถูกต้อง หมายถึง {guess} ใช่หรือไม่", "This is not an e-mail address; did you mean {guess}?"
    ),
    "many": LocalizedText("ใส่ได้อีเมลเดียว พบ {count} อีเมล: {found}", "One address only; there are {count}: {found}"),
    "ascii": LocalizedText("อีเมลต้องเป็นตัวอักษรอังกฤษ", "The e-mail address must be in English letters"),
    "long": LocalizedText("ยาวเกิน {limit} ตัวอักษร", "Longer than {limit} characters"),
}


def read_email(text: str, *, ascii_only: bool = False) -> Understood[str] | Refusal | None:
    """One address, its domain in small letters; a name, brackets or punctuation around it are left out."""
    typed = fold_typed(text)
    if not typed:
        return None
    if len(typed) > 2 * MAX_LENGTH:
        return _refuse("long", limit=MAX_LENGTH)
    inside = _IN_BRACKETS.match(typed)
    address = _address(inside[1] if inside else typed)
    if address is None:
        return _asked_back(typed)
    if len(address) > MAX_LENGTH:
        return _refuse("long", limit=MAX_LENGTH)
    if ascii_only and not address.isascii():
        return _refuse("ascii")
    return Understood(address, LocalizedText(address, address), differs=address != text.strip())


def _refuse(code: str, **values: object) -> Refusal:
    return Refusal("email" if code == "guess" else code, MESSAGES[code].filled(**values))


def _address(typed: str) -> str | None:
    typed = typed.strip(_AROUND)
    if typed[:7].casefold() == "mailto:":
        typed = typed[7:].split("?", 1)[0].strip(_AROUND)
    match = _ADDRESS.match(typed)
    if match is None or len(match["local"]) > MAX_LOCAL or ".." in match["local"] or match["local"][0] == ".":
        return None
    host = match["host"].lower()
    if match["local"][-1] == "." or host.rsplit(".", 1)[-1].isdigit():
        return None
    return f"{match['local']}@{host}"


def _asked_back(typed: str) -> Refusal:
    words = re.split(r"[\s,;/]+|หรือ|และ", typed)
    found = list(dict.fromkeys(a for a in map(_address, words) if a is not None))
    if len(found) > 1:
        return _refuse("many", count=len(found), found=", ".join(found))
    mended = _AT_WORD.sub("@", typed)
    for attempt in (mended, mended.replace(",", "."), *found, mended.replace(" ", "")):
        if (guess := _address(attempt)) is not None:
            return _refuse("guess", guess=guess)
    return _refuse("email")
