"""Finding the official wording of items in the plain text of the paper form, by code. PURE."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from dgready.thai import normalise
from survey.instrument.schema import Instrument, Item

CODE = re.compile(
    r"(?:^|(?<=[\s(\uf000-\uf8ff\u2610-\u2612]))"
    r"((?:[GP]\s?\.?\s?\d{1,2}|[ABC](?=\.?\d)|\d{1,2}(?=\.\d+\.\d+))(?:\.?\s?\d{1,2}){0,4}(?:\.?[a-d]\d?)?)"
    r"(?=[.,)]?(?:\s|[\u0e00-\u0e7f]|$))"
)
# "Go to …", "answer …", "from …" before a code: it points elsewhere. Broken PDFs print ข้อ as ขอ้.
POINTER = re.compile(r"(ข้ามไป|(ตอบ|จาก|ใน|ทำ)ข(้อ|อ้)|ข(้อ|อ้)ที่)[^\n]{0,12}\Z")
GLYPHS = re.compile(r"[\uf000-\uf8ff]")


@dataclass(frozen=True, slots=True)
class Found:
    """The wording found by item id, codes without a place in the text, codes the instrument lacks."""

    texts: dict[str, str]
    missing: list[str]
    unknown: list[str]


def key_of(code: str) -> str:
    """A code without the dots and spaces that the paper is careless about: "P. 2.1.4" → "p2-1-4"."""
    parts = re.findall(r"\d+|[A-Za-z]+", code)
    return "-".join(parts).lower()


def find(instrument: Instrument, text: str) -> Found:
    """Matches the text to the items that carry a code; each wording runs to the next code or page title.

    A code printed several times is given to the items that share it in document order.
    """
    wanted: dict[str, list[str]] = {}
    for item in instrument.items.values():
        if item.code:
            wanted.setdefault(key_of(item.code), []).append(item.id)
    clean = normalise(GLYPHS.sub(" ", text))
    marks = [m for m in CODE.finditer(clean) if not POINTER.search(clean[max(0, m.start() - 40) : m.start()])]
    texts: dict[str, str] = {}
    unknown: list[str] = []
    turn: dict[str, int] = {}
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        key = key_of(mark.group(1))
        if key not in wanted:
            unknown.append(mark.group(1).strip())
            continue
        index = turn.get(key, 0)
        if index >= len(wanted[key]):
            continue
        turn[key] = index + 1
        end = following.start() if following else len(clean)
        texts[wanted[key][index]] = _tidy(clean[mark.end() : end])
    for item in instrument.items.values():
        if item.code and item.id not in texts and (wording := _beside(instrument, item, texts)):
            texts[item.id] = wording
    missing = [i.id for i in instrument.items.values() if i.code and i.id not in texts]
    return Found({k: v for k, v in texts.items() if v}, missing, list(dict.fromkeys(unknown)))


def _beside(instrument: Instrument, item: Item, texts: Mapping[str, str]) -> str:
    """The wording of a local number, found inside that of the item around it; or of its namesake beside it."""
    same = (texts.get(i.id, "") for i in instrument.items.values() if i.code == item.code and i.parent == item.parent)
    if shared := next((t for t in same if t), ""):
        return shared
    around = item.parent
    while around is not None:
        pattern = rf"^\s*{re.escape(item.code or '')}[.)]?\s+(.+?)(?=\s\d{{1,2}}\.(?:\d|\s)|\Z)"
        if local := re.search(pattern, texts.get(around, ""), re.S | re.M):
            return _tidy(local.group(1))
        around = instrument.items[around].parent
    return ""


def _tidy(text: str) -> str:
    text = re.sub(r"\[[0-9A-Z][^\]]{0,80}\]|ส่วนที่ \d.*", "", text)
    lines = [re.sub(r"[ \t_]{2,}", " ", line).strip() for line in text.splitlines()]
    return "\n".join(line for line in lines if line).strip(" .,:-")
