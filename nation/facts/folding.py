"""How free-text reasons are compared: two texts with one fold are one reason written twice. PURE."""

from __future__ import annotations

import re
from typing import Final

from dgready.thai import fold_text
from dgready.thai_repair import is_thai

MOST: Final = 400  # characters of a fold; what texts say is told apart long before
_UNSEEN: Final = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")  # soft hyphens, joiners, marks of direction
_AROUND: Final = " \t.,;:!?-–—*•·\"'“”‘’()[]"


def fold_reason(text: str) -> str:
    """Key for comparing reasons: normalised, Arabic digits, no case, no signs around it, no blanks beside Thai letters.

    Thai is written with blanks or without them, so they tell no reasons apart; between other words one blank stays.
    Folding a fold changes nothing.
    """
    folded = fold_text(_UNSEEN.sub("", text)).strip(_AROUND)
    words = folded.split(" ")
    joined = words[0]
    for word in words[1:]:
        beside_thai = bool(joined and word) and (is_thai(joined[-1]) or is_thai(word[0]))
        joined += word if beside_thai else f" {word}"
    return joined[:MOST].strip(_AROUND)
