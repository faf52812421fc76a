"""How much two documents have of the same words: the share of the words of both that stand in each. PURE."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

NEAR: Final = 0.8  # from here on two documents say nearly the same
FEWEST: Final = 12  # words that a document must have for this to mean anything


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """0 to 1 (Jaccard); 0 where there are too few words to tell."""
    if min(len(one), len(other)) < FEWEST:
        return 0.0
    return len(one & other) / len(one | other)


def nearest(words: str, others: Iterable[tuple[int, str]], most: int) -> list[tuple[int, float]]:
    """Numbers of the texts that are nearly the same, the nearest first; words as evidence.models.FileText has them."""
    mine = frozenset(words.split())
    if len(mine) < FEWEST:
        return []
    found = [(number, similarity(mine, frozenset(text.split()))) for number, text in others]
    return sorted((pair for pair in found if pair[1] >= NEAR), key=lambda pair: (-pair[1], pair[0]))[:most]
