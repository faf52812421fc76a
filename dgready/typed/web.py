"""Web addresses: the scheme completed, what was copied around them left out. PURE."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from dgready.localized_text import LocalizedText
from dgready.typed.characters import clean_name
from dgready.typed.result import Refusal, Understood

MAX_LENGTH: Final = 1000

_BARE: Final = re.compile(
    r"(?:[^\W_][\w\u0e31-\u0e4e-]*\.)+(?:[a-z]{2,24}|xn--[a-z0-9-]+|ไทย)(?=[:/?#]|\Z)", re.IGNORECASE
)
_SCHEME: Final = re.compile(r"(https?)\s*:\s*/+\s*", re.IGNORECASE)
_FAULTY_SCHEME: Final = re.compile(r"(?:h+t+p+s?|ttps?|htps?)\s*[:;.,]?\s*/+\s*|www[,;]", re.IGNORECASE)
_FORBIDDEN: Final = re.compile(r"[\s<>\"\\^`{}|]")
_AROUND_START: Final = " <([\"'“‘"
_AROUND_END: Final = " >)]\"'”’,;."

MESSAGES: Final = {
    "url": LocalizedText(
        "ต้องเป็นที่อยู่เว็บ เช่น https://www.example.go.th", "Must be a web address, such as https://www.example.go.th"
    ),
    "guess": LocalizedText("ไม่ใช่ที่อยู่เว็บ หมายถึง {guess} ใช่หรือไม่", "This is no web address; did you mean {guess}?"),
    "many": LocalizedText("ใส่ได้ที่อยู่เดียว และต้องไม่มีช่องว่าง", "One address only, without spaces"),
    "email": LocalizedText("นี่คืออีเมล ช่องนี้รับที่อยู่เว็บ", "This is an e-mail address; a web address is asked for"),
    "scheme": LocalizedText(
        "ต้องขึ้นต้นด้วย http:// หรือ https:// และไม่มีชื่อผู้ใช้หรือรหัสผ่าน",
        "Must start with http:// or https:// and hold no user name or password",
    ),
    "long": LocalizedText("ยาวเกิน {limit} ตัวอักษร", "Longer than {limit} characters"),
}


def read_url(text: str) -> Understood[str] | Refusal | None:
    """One http(s) address; without a scheme, https:// is put before what begins as the name of a host."""
    typed = _without_wrapping(clean_name(text))
    if not typed:
        return None if not clean_name(text) else _refuse("url")
    if len(typed) > MAX_LENGTH:
        return _refuse("long", limit=MAX_LENGTH)
    address = _SCHEME.sub(lambda match: f"{match[1].lower()}://", typed, count=1) if _SCHEME.match(typed) else typed
    if _BARE.match(address):
        address = f"https://{address}"
    if is_url(address) and len(address) <= MAX_LENGTH:
        return Understood(address, LocalizedText(address, address), differs=address != text.strip())
    return _asked_back(address)


def is_url(text: str) -> bool:
    """Whether the text is a well-formed http(s) address with a host that has a dot."""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        parts.port  # noqa: B018 - raises when the port is not a number
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and "." in host.strip(".")
        and not _FORBIDDEN.search(text)
        and not parts.username
    )


def _refuse(code: str, **values: object) -> Refusal:
    return Refusal("url" if code == "guess" else code, MESSAGES[code].filled(**values))


def _without_wrapping(typed: str) -> str:
    """Without brackets, quotes and the full stop of the sentence it stood in; a bracket it opened itself stays."""
    typed = typed.lstrip(_AROUND_START)
    while typed and typed[-1] in _AROUND_END and not (typed[-1] == ")" and typed.count("(") >= typed.count(")")):
        typed = typed[:-1]
    return typed


def _asked_back(address: str) -> Refusal:
    if re.search(r"\s", address):
        return _refuse("many")
    if re.fullmatch(r"(?:mailto:)?[^@/\s]+@[^@/\s]+\.[^@/\s]+", address, re.IGNORECASE):
        return _refuse("email")
    mended = _FAULTY_SCHEME.sub(lambda match: "www." if match[0][:1] in "wW" else "https://", address, count=1)
    if mended != address and is_url(whole := mended if "://" in mended else f"https://{mended}"):
        return _refuse("guess", guess=whole)
    return _refuse("scheme" if "://" in address or re.match(r"[a-z]+:", address, re.IGNORECASE) else "url")
