"""Which code of the list a text most likely means: that of texts in the list already, or that its words name. PURE.

Texts are compared by the words that say something (evidence/reading/words.py). A suggestion is only ever shown: the
centre decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from evidence.reading.words import terms_of
from nation.facts.folding import fold_reason

LIKE_ENOUGH: Final = 0.6  # of the words of two texts, those that both have (Dice); below, half the words are others
# Words that stand in reasons of every kind ("lack", "enough", "province") and tell none from another.
_OF_EVERY_REASON: Final = frozenset("ขาด ขาดแคลน เพียงพอ พอ เนื่องจาก เพราะ จังหวัด หน่วยงาน ดำเนินการ มีความ ได้รับ".split())


class Why(StrEnum):
    """Where a suggestion comes from, surest first."""

    SAME = "same"  # the same text stands in the list, at another question
    LAST_YEAR = "last_year"  # the same text was in the list of the year before
    LIKE = "like"  # a text of the list is written with the same words
    LABEL = "label"  # it has the words of the code's label


@dataclass(frozen=True, slots=True)
class KnownText:
    """A text that is in a list already. `earlier`: of the year before; `linked`: at the question this one was then."""

    folded: str
    code: str
    earlier: bool = False
    linked: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A code for a text, why, and the text that it is like ("" for a label)."""

    code: str
    why: Why
    like: str = ""


@lru_cache(maxsize=8192)
def _terms(folded: str) -> frozenset[str]:
    return frozenset(terms_of(folded)) - _OF_EVERY_REASON


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """0–1: the share of the words of both that both have; enough where all words of one stand in the other."""
    if not one or not other:
        return 0
    both = len(one & other)
    share = 2 * both / (len(one) + len(other))
    return LIKE_ENOUGH + (1 - LIKE_ENOUGH) * share if both == min(len(one), len(other)) else share


def suggest_codes(texts: Iterable[str], known: Sequence[KnownText], labels: Mapping[str, str]) -> dict[str, Suggestion]:
    """A suggestion for each folded text that has one. `labels`: of the codes that may be suggested."""
    usable = [one for one in known if one.code in labels]
    # Of equal texts the last one stands: those of this year after those of the year before, linked ones after others.
    same = {one.folded: one for one in sorted(usable, key=lambda one: (not one.earlier, one.linked))}
    found: dict[str, Suggestion] = {}
    for text in texts:
        if (one := same.get(text)) is not None:
            found[text] = Suggestion(one.code, Why.LAST_YEAR if one.earlier else Why.SAME, text)
        elif suggestion := _like_text(text, usable) or _like_label(text, labels):
            found[text] = suggestion
    return found


def _like_text(text: str, known: Sequence[KnownText]) -> Suggestion | None:
    """The code of the most similar text; of equally similar ones the linked one, then this year's."""
    words = _terms(text)
    best: tuple[float, bool, bool] = (LIKE_ENOUGH, False, False)
    found: Suggestion | None = None
    for one in known:
        likeness = _likeness(words, _terms(one.folded))
        if (rank := (likeness, one.linked, not one.earlier)) >= best:
            best, found = rank, Suggestion(one.code, Why.LIKE, one.folded)
    return found


def _like_label(text: str, labels: Mapping[str, str]) -> Suggestion | None:
    """The code all words of whose label the text has; of several the one with the most words."""
    words = _terms(text)
    best, found = 0, None
    for code, label in labels.items():
        wanted = _terms(fold_reason(label))
        if len(wanted) > best and wanted <= words:
            best, found = len(wanted), Suggestion(code, Why.LABEL)
    return found
