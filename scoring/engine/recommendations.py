"""Recommendations for a sub-pillar at its level, from the reviewed file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from scoring.engine.sheet import ScoreSheet, SubPillarScore
from scoring.scheme.registry import FIXTURES
from survey.instrument.schema import LocalizedText


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What raises a sub-pillar from a level to the next, and its source.

    `source`: the places as the file names them; `source_text`: the same as a text to show.
    """

    text: LocalizedText
    source: tuple[str, ...]
    source_text: LocalizedText

    def json(self) -> dict[str, Any]:
        """As JSON shows it."""
        return {**self.text.json(), "source": self.source_text.json()}


@dataclass(frozen=True, slots=True)
class _RecommendationFile:
    instrument: str
    years: frozenset[int]
    by_level: dict[tuple[str, int], tuple[Recommendation, ...]]


@lru_cache(maxsize=1)
def _load_recommendations() -> _RecommendationFile:
    data = yaml.safe_load((FIXTURES / "recommendations.yaml").read_text(encoding="utf-8"))
    names = {letter: LocalizedText(**name) for letter, name in data["sources"].items()}

    def told(places: Sequence[str]) -> LocalizedText:
        return LocalizedText(*(" · ".join(f"{names[p[0]].to(lang)} {p[1:]}" for p in places) for lang in ("th", "en")))

    def read(row: dict[str, Any]) -> Recommendation:
        return Recommendation(LocalizedText(row["th"], row["en"]), tuple(row["source"]), told(row["source"]))

    by_level = {
        (code, int(level)): tuple(read(row) for row in rows)
        for code, levels in data["recommendations"].items()
        for level, rows in levels.items()
    }
    return _RecommendationFile(data["for"]["instrument"], frozenset(data["for"]["years"]), by_level)


def list_recommendations(sheet: ScoreSheet, sub: SubPillarScore) -> tuple[Recommendation, ...]:
    """The recommendations for a sub-pillar as it stands; none when its level or its framework is not known."""
    return recommendations_at(sheet.instrument, sheet.year, sub.code, sub.level)


def recommendations_at(instrument: str, year: int, code: str, level: int | None) -> tuple[Recommendation, ...]:
    """The recommendations for a sub-pillar at a level; none where that or the framework is not known."""
    known = _load_recommendations()
    if instrument != known.instrument or year not in known.years:
        return ()
    return known.by_level.get((code, level or 0), ())
