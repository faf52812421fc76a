"""Faults of a year's files in the reader's language; names and keys stay as in the file. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from dgready.localized_text import LocalizedText
from survey.instrument.source import Fault
from survey.publishing.fault_phrases import FILE_PHRASES, FORM_PHRASES, LINK_PHRASES, ORDERS, PROOF_PHRASES
from survey.publishing.reading import PlacedFault, place_faults
from survey.publishing.scheme_fault_phrases import SCHEME_PHRASES

PART: Final = "§"
_YAML: Final = "อ่านเป็น YAML ไม่ได้ ตรวจวงเล็บ เครื่องหมายคำพูด และการย่อหน้าที่บรรทัดนี้"


@lru_cache(maxsize=1)
def _patterns() -> Sequence[tuple[re.Pattern[str], str, tuple[int, ...]]]:
    """Every phrase as a pattern with its Thai, what says most first: a name may hold any text."""
    phrases = {**FILE_PHRASES, **FORM_PHRASES, **PROOF_PHRASES, **LINK_PHRASES, **SCHEME_PHRASES}
    ordered = sorted(phrases.items(), key=lambda pair: -len(pair[0].replace(PART, "")))
    return [
        (re.compile("(.+?)".join(map(re.escape, english.split(PART))), re.DOTALL), thai, ORDERS.get(english, ()))
        for english, thai in ordered
    ]


def fault_text(message: str) -> LocalizedText:
    """A fault in both languages; one that no phrase tells stays in English."""
    for pattern, thai, order in _patterns():
        if (found := pattern.fullmatch(message)) is not None:
            names = found.groups()
            told = [names[n] for n in order] if order else list(names)
            parts = thai.split(PART)
            return LocalizedText("".join(part + name for part, name in zip(parts, [*told, ""], strict=False)), message)
    return LocalizedText(message, message)


def localized_faults(text: str, faults: Iterable[Fault], language: str) -> Sequence[PlacedFault]:
    """The faults in a language ("th" or "en") with the text of their lines."""
    return [replace(fault, message=_told(fault).to(language)) for fault in place_faults(text, faults)]


def _told(fault: PlacedFault) -> LocalizedText:
    told = fault_text(fault.message)
    if fault.where == "file" and told.th == fault.message:  # what the YAML parser itself says
        return LocalizedText(f"{_YAML} ({fault.message.splitlines()[-1].strip()})", fault.message)
    return told
