"""Codes of agencies, questions, provinces: found among the known ones however they were typed. PURE."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

from dgready.localized_text import LocalizedText
from dgready.typed.characters import fold_typed
from dgready.typed.result import Refusal, Understood

MAX_TYPED_LENGTH: Final = 100
SHOWN: Final = 12  # known codes listed in a refusal

MESSAGES: Final = {
    "guess": LocalizedText(
        "ไม่มีรหัส “{typed}” หมายถึง {guess} ใช่หรือไม่", "There is no code “{typed}”; did you mean {guess}?"
    ),
    "unknown": LocalizedText("ไม่มีรหัส “{typed}” ใช้ได้: {known}", "There is no code “{typed}”; known: {known}"),
    "long": LocalizedText("รหัสยาวเกินไป", "The code is too long"),
}


def fold_code(text: str) -> str:
    """A code in plain characters without the blanks and footnote marks around it; its letters stay as written."""
    return fold_typed(text).strip("* .").replace(" - ", "-")


def read_code(text: str, known: Collection[str]) -> Understood[str] | Refusal | None:
    """One of `known`; letter case, dashes, digits of other scripts, spaces and footnote marks do not matter."""
    typed = fold_code(text)
    if not typed:
        return None
    if len(typed) > MAX_TYPED_LENGTH:
        return Refusal("long", MESSAGES["long"])
    by_key = {} if typed in known else {_known_key(code): code for code in known}
    code = typed if typed in known else by_key.get(_key(typed))
    if code is not None:
        return Understood(code, LocalizedText(code, code), differs=code != text.strip())
    close = get_close_matches(_key(typed), by_key, n=1, cutoff=0.75)
    if close:
        return Refusal("guess", MESSAGES["guess"].filled(typed=typed, guess=by_key[close[0]]))
    listed = ", ".join([*known][:SHOWN]) + ("…" if len(known) > SHOWN else "")
    return Refusal("unknown", MESSAGES["unknown"].filled(typed=typed, known=listed or "–"))


def _key(code: str) -> str:
    return fold_code(code).replace(" ", "").casefold()


# A table of all provinces asks for the same known codes in each of thousands of cells.
_known_key = lru_cache(maxsize=4096)(_key)
