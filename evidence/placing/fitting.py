"""How well documents fit places, by words alone: which of a place's terms a text has. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dgready.lru_cache import LruCache
from evidence.reading.place_terms import place_terms
from evidence.reading.suggesting import weigh_terms
from survey.instrument.schema import CompiledInstrument

LEAST: Final = 0.3  # of the weight of a place's terms: less is chance
SHOWN: Final = 6  # words of a reason


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a text fits a place: 0 to 1, and the terms that it has, the heaviest first."""

    score: float
    terms: tuple[str, ...]

    @property
    def words(self) -> str:
        """The first of the terms, for people."""
        return ", ".join(self.terms[:SHOWN])


_weights: LruCache[Mapping[str, float]] = LruCache(2000)


def weights_of(instrument: CompiledInstrument, address: str) -> Mapping[str, float]:
    """The terms of a place with their weight, the heaviest first; worked out once for each place of a form."""
    return _weights.get((instrument, address), lambda: _read_weights(instrument, address))


def _read_weights(instrument: CompiledInstrument, address: str) -> Mapping[str, float]:
    terms = place_terms(instrument, address)
    weights = weigh_terms(terms) if terms else {}
    return dict(sorted(weights.items(), key=lambda pair: (-pair[1], pair[0])))


def fit(words: str, weights: Mapping[str, float]) -> Fit:
    """How well a text fits; `words`: as evidence.models.FileText has them."""
    total = sum(weights.values())
    if not total:
        return Fit(0.0, ())
    found = tuple(term for term in weights if f" {term} " in words)
    return Fit(sum(weights[term] for term in found) / total, found)


def best_fits(texts: Iterable[tuple[int, str]], weights: Mapping[str, float], most: int) -> list[tuple[int, Fit]]:
    """The texts, by number, that fit a place best; none that fit by chance only."""
    fits = [(number, fit(words, weights)) for number, words in texts]
    return sorted((pair for pair in fits if pair[1].score >= LEAST), key=lambda p: (-p[1].score, p[0]))[:most]


def best_places(
    words: str, instrument: CompiledInstrument, addresses: Sequence[str], most: int
) -> list[tuple[str, Fit]]:
    """The places that a text fits best."""
    fits = [(address, fit(words, weights_of(instrument, address))) for address in addresses] if words else []
    return sorted((pair for pair in fits if pair[1].score >= LEAST), key=lambda p: (-p[1].score, p[0]))[:most]
