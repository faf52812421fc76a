"""Ranking passages by weighted terms (BM25); terms are counted in keys, so blanks inside words do not matter. PURE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Final

from dgready.thai_repair import skeleton
from evidence.reading.passages import PassageText
from evidence.reading.quality import CLEAN_FROM

_SATURATION: Final = 1.2  # k1: how much a term's second and third time still count
_LENGTH: Final = 0.45  # b: how much longer passages lose
_LEAST_BARE: Final = 3  # letters of a skeleton that still mean the word
_LOST_MARKS: Final = 0.8  # of the weight, where only the letters of a term are found


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage with its share (0–1) of what all terms could bring, and the terms found in it."""

    passage: PassageText
    share: float
    found: tuple[str, ...]


def rank_passages(
    passages: Sequence[PassageText], terms: Mapping[str, float], qualities: Mapping[int, float]
) -> list[Ranked]:
    """All passages, in the order given. `qualities`: of the text of each page, by its number."""
    counts = [_counts(passage, terms, qualities.get(passage.page, 1.0)) for passage in passages]
    usual = sum(len(passage.key) for passage in passages) / max(len(passages), 1)
    present: dict[str, int] = {}
    for found in counts:
        for term in found:
            present[term] = present.get(term, 0) + 1
    total = len(passages)
    rarity = {term: log(1 + (total - n + 0.5) / (n + 0.5)) for term, n in present.items()}
    most = sum(weight * rarity.get(term, log(1 + 2 * total + 1)) for term, weight in terms.items()) or 1.0
    ranked = []
    for passage, found in zip(passages, counts, strict=True):
        long = 1 - _LENGTH + _LENGTH * len(passage.key) / max(usual, 1)
        sum_of = sum(
            terms[term] * rarity[term] * count * (_SATURATION + 1) / (count + _SATURATION * long)
            for term, count in found.items()
        )
        ranked.append(Ranked(passage, sum_of / most / (_SATURATION + 1) * 1.6, tuple(found)))
    return ranked


def _counts(passage: PassageText, terms: Mapping[str, float], quality: float) -> dict[str, float]:
    found = {term: float(count) for term in terms if (count := passage.key.count(term))}
    if quality < CLEAN_FROM:
        letters = passage.bare
        for term in terms.keys() - found.keys():
            if len(bare := skeleton(term)) >= _LEAST_BARE and bare in letters:
                found[term] = _LOST_MARKS
    return found
