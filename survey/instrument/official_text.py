"""Matches the plain text of the paper form to the items of an instrument by their codes. PURE."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from dgready.thai import normalise_text
from survey.instrument.schema import CompiledInstrument, Item

CODE_PATTERN = re.compile(
    r"(?:^|(?<=[\s(\uf000-\uf8ff\u2610-\u2612]))"
    r"((?:[GP]\s?\.?\s?\d{1,2}|[ABC](?=\.?\d)|\d{1,2}(?=\.\d+\.\d+))(?:\.?\s?\d{1,2}){0,4}(?:\.?[a-d]\d?)?)"
    r"(?=[.,)]?(?:\s|[\u0e00-\u0e7f]|$))"
)
# "Go to …", "answer …", "from …" before a code: it points elsewhere. Broken PDFs print ข้อ as ขอ้.
REFERENCE_PATTERN = re.compile(r"(ข้ามไป|(ตอบ|จาก|ใน|ทำ)ข(้อ|อ้)|ข(้อ|อ้)ที่)[^\n]{0,12}\Z")
PRIVATE_GLYPH_PATTERN = re.compile(r"[\uf000-\uf8ff]")


@dataclass(frozen=True, slots=True)
class OfficialTextMatch:
    """Result of the match: wordings by item id, items not found in the text, codes the instrument lacks."""

    texts: dict[str, str]
    missing: list[str]
    unknown: list[str]


def normalise_code(code: str) -> str:
    """Normalise a code: without the dots and spaces that the paper is careless about: "P. 2.1.4" → "p2-1-4"."""
    parts = re.findall(r"\d+|[A-Za-z]+", code)
    return "-".join(parts).lower()


def match_official_text(instrument: CompiledInstrument, text: str) -> OfficialTextMatch:
    """Matches the text to the items that carry a code; each wording runs to the next code or page title.

    A code printed several times is given to the items that share it in document order.
    """
    item_ids_by_code: dict[str, list[str]] = {}
    for item in instrument.items.values():
        if item.code:
            item_ids_by_code.setdefault(normalise_code(item.code), []).append(item.id)
    paper = normalise_text(PRIVATE_GLYPH_PATTERN.sub(" ", text))
    marks = [
        m
        for m in CODE_PATTERN.finditer(paper)
        if not REFERENCE_PATTERN.search(paper[max(0, m.start() - 40) : m.start()])
    ]
    texts: dict[str, str] = {}
    unknown: list[str] = []
    used_by_code: dict[str, int] = {}
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        key = normalise_code(mark.group(1))
        if key not in item_ids_by_code:
            unknown.append(mark.group(1).strip())
            continue
        index = used_by_code.get(key, 0)
        if index >= len(item_ids_by_code[key]):
            continue
        used_by_code[key] = index + 1
        end = following.start() if following else len(paper)
        texts[item_ids_by_code[key][index]] = _clean_wording(paper[mark.end() : end])
    for item in instrument.items.values():
        if item.code and item.id not in texts and (wording := _wording_nearby(instrument, item, texts)):
            texts[item.id] = wording
    missing = [i.id for i in instrument.items.values() if i.code and i.id not in texts]
    return OfficialTextMatch(
        {item_id: text for item_id, text in texts.items() if text}, missing, list(dict.fromkeys(unknown))
    )


def _wording_nearby(instrument: CompiledInstrument, item: Item, texts: Mapping[str, str]) -> str:
    """The wording of an item with a local code: that of a sibling with the same code, or part of an ancestor's."""
    sibling_texts = (
        texts.get(i.id, "") for i in instrument.items.values() if i.code == item.code and i.parent == item.parent
    )
    if shared := next((t for t in sibling_texts if t), ""):
        return shared
    ancestor = item.parent
    while ancestor is not None:
        pattern = rf"^\s*{re.escape(item.code or '')}[.)]?\s+(.+?)(?=\s\d{{1,2}}\.(?:\d|\s)|\Z)"
        if local := re.search(pattern, texts.get(ancestor, ""), re.S | re.M):
            return _clean_wording(local.group(1))
        ancestor = instrument.items[ancestor].parent
    return ""


def _clean_wording(text: str) -> str:
    text = re.sub(r"\[[0-9A-Z][^\]]{0,80}\]|ส่วนที่ \d.*", "", text)
    lines = [re.sub(r"[ \t_]{2,}", " ", line).strip() for line in text.splitlines()]
    return "\n".join(line for line in lines if line).strip(" .,:-")
