"""The score as reports show it, read from the JSON of a ScoreSheet (scoring.engine.as_json), live or frozen. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from scoring.scheme.marked import OFFICIAL, mark_score
from survey.instrument.schema import LocalizedText


@dataclass(frozen=True, slots=True)
class ScorecardCriterion:
    """What gives points in a sub-pillar, and why it gave so many."""

    id: str
    name: str
    points: Decimal | None
    maximum: Decimal | None
    origin: str
    reason: str
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ScorecardRow:
    """A pillar, a sub-pillar of it (`depth` 1) or a part of that (2). Scores are 0–100, weights per cent."""

    code: str
    name: str
    depth: int
    score: Decimal | None
    level: int | None
    weight: Decimal | None
    origin: str
    external: bool
    low: Decimal | None = None
    high: Decimal | None = None
    criteria: tuple[ScorecardCriterion, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether its range says more than the one score."""
        return _is_open(self.low, self.high)

    @property
    def is_pillar(self) -> bool:
        """Whether it is a pillar."""
        return self.depth == 0


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A whole score. `total` is over `known` per cent of the weight; `low`, `high`: its range."""

    scheme: str
    total: Decimal | None
    low: Decimal | None
    high: Decimal | None
    level: int | None
    estimated: bool
    known: Decimal | None
    unknown: tuple[str, ...]
    levels_from: str
    rows: tuple[ScorecardRow, ...]
    level_low: int | None = None
    level_high: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether its range says more than the one total."""
        return _is_open(self.low, self.high)

    @property
    def pillars(self) -> tuple[ScorecardRow, ...]:
        """The pillars in order."""
        return tuple(r for r in self.rows if r.is_pillar)

    @property
    def is_complete(self) -> bool:
        """Whether every sub-pillar has a score."""
        return not self.unknown


def read_scorecard(data: Mapping[str, Any], language: str = "th") -> Scorecard:
    """The scorecard of a score's JSON, with names in one language."""
    return Scorecard(
        scheme=f"{data['scheme']} v{data['scheme_version']}",
        total=_number(data["total"]),
        low=_number(data["low"]),
        high=_number(data["high"]),
        level=data["level"],
        estimated=bool(data["estimated"]),
        known=_number(data["known_weight"]),
        unknown=tuple(data["unknown"]),
        levels_from=data["levels_from"] or "",
        rows=tuple(_pillar_rows(data["pillars"], language)),
        level_low=data.get("level_low"),
        level_high=data.get("level_high"),
    )


def _pillar_rows(pillars: Sequence[Mapping[str, Any]], language: str) -> Iterator[ScorecardRow]:
    for pillar in pillars:
        weight = pillar["weight"] or {}
        yield ScorecardRow(
            code=pillar["number"],
            name=_text(pillar["name"], language),
            depth=0,
            score=_number(pillar["score"]),
            level=pillar["level"],
            weight=_number(weight.get("value")),
            origin=weight.get("from", ""),
            external=False,
            low=_number(pillar["low"]),
            high=_number(pillar["high"]),
        )
        yield from _sub_pillar_rows(pillar["sub_pillars"], 1, language)


def _sub_pillar_rows(subs: Sequence[Mapping[str, Any]], depth: int, language: str) -> Iterator[ScorecardRow]:
    for sub in subs:
        weight = sub["weight"] or {}
        yield ScorecardRow(
            code=sub["code"],
            name=_text(sub["name"], language),
            depth=depth,
            score=_marked(sub),
            level=sub["level"],
            weight=_number(weight.get("value")),
            origin=weight.get("from", ""),
            external=bool(sub["external"]),
            low=_number(sub.get("low")),
            high=_number(sub.get("high")),
            criteria=tuple(_criterion(c, language) for c in sub["criteria"]),
        )
        yield from _sub_pillar_rows(sub["parts"], depth + 1, language)


def _marked(sub: Mapping[str, Any]) -> Decimal | None:
    """A sub-pillar's score with its origin, which only one from outside that is no result yet has."""
    score = _number(sub["score"])
    return None if score is None else mark_score(score, sub.get("score_from", OFFICIAL))


def _criterion(data: Mapping[str, Any], language: str) -> ScorecardCriterion:
    return ScorecardCriterion(
        id=data["id"],
        name=_text(data["name"], language),
        points=_number(data["points"]),
        maximum=_number(data["maximum"]),
        origin=data["from"],
        reason=_text(data["reason"], language),
        low=_number(data.get("low")),
        high=_number(data.get("high")),
    )


def _is_open(low: Decimal | None, high: Decimal | None) -> bool:
    return low is not None and high is not None and low != high


def _text(data: Mapping[str, str], language: str) -> str:
    return LocalizedText(**data).to(language)


def _number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
