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
class ScorecardInterval:
    """The interval that holds 90 % of the readings."""

    low: Decimal
    high: Decimal

    @property
    def is_open(self) -> bool:
        """Whether it is more than one score."""
        return self.low < self.high

    def __str__(self) -> str:
        return f"{self.low:f}" if self.low == self.high else f"{self.low:f}–{self.high:f}"


@dataclass(frozen=True, slots=True)
class ScorecardEstimate:
    """A score from outside that nobody entered, as estimated, with what it rests on."""

    code: str
    score: Decimal
    low: Decimal
    high: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class ScorecardComparison:
    """The total beside an earlier result over what was measured alike; `left_out` on both sides."""

    year: int
    now: Decimal
    before: Decimal
    change: Decimal
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScorecardRow:
    """A pillar, a sub-pillar of it (`depth` 1) or a part of that (2). Scores are 0–100, weights per cent.

    `likely`: where the result is likely to be; `chance`: how probable its level is, 0 to 1. None where not computed.
    """

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
    likely: ScorecardInterval | None = None
    chance: Decimal | None = None

    @property
    def is_open(self) -> bool:
        """Whether its range says more than the one score."""
        return _is_open(self.low, self.high)

    @property
    def is_pillar(self) -> bool:
        """Whether it is a pillar."""
        return self.depth == 0


@dataclass(frozen=True, slots=True)
class ScorecardReview:
    """How far the evidence is reviewed, with both totals (scoring.engine.review_standing)."""

    accepted: int
    rejected: int
    unreviewed: int
    claimed: Decimal | None
    reviewed: Decimal | None

    @property
    def total(self) -> int:
        """All evidence that counts unless it is rejected."""
        return self.accepted + self.rejected + self.unreviewed

    @property
    def done(self) -> int:
        """What has a verdict."""
        return self.accepted + self.rejected


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A whole score. `total` is over `known` per cent of the weight; `low`, `high`: its range.

    `sentence`: what is said first about it; `steps`: what to do first and what that adds; `likely` and `chance` as of a
    row. These are empty in what was frozen before they were computed.
    """

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
    review: ScorecardReview | None = None
    """None in what was frozen without any verdict."""
    sentence: str = ""
    steps: tuple[tuple[str, str], ...] = ()
    likely: ScorecardInterval | None = None
    chance: Decimal | None = None
    estimates: tuple[ScorecardEstimate, ...] = ()
    compared: ScorecardComparison | None = None

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
    uncertainty = data.get("uncertainty") or {}
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
        rows=tuple(_pillar_rows(data["pillars"], uncertainty, language)),
        level_low=data.get("level_low"),
        level_high=data.get("level_high"),
        review=_review(data["review"]) if "review" in data else None,
        sentence=_text(data["sentence"], language) if "sentence" in data else "",
        steps=tuple(_step(one, language) for one in data.get("first_steps", ())),
        likely=_interval(uncertainty.get("total")),
        chance=_chance(uncertainty.get("level_chances"), data["level"]),
        estimates=tuple(_estimate(one, language) for one in data.get("external_estimates", ())),
        compared=_comparison(data.get("compared")),
    )


def _step(data: Mapping[str, Any], language: str) -> tuple[str, str]:
    return _text(data["text"], language), _text(data["gain"], language)


def _interval(data: Mapping[str, str] | None) -> ScorecardInterval | None:
    return None if data is None else ScorecardInterval(Decimal(data["low"]), Decimal(data["high"]))


def _chance(chances: Mapping[str, str] | None, level: int | None) -> Decimal | None:
    return _number((chances or {}).get(str(level)))


def _estimate(data: Mapping[str, Any], language: str) -> ScorecardEstimate:
    score = mark_score(Decimal(data["score"]), data["from"])
    source = _text(data["source"], language)
    return ScorecardEstimate(data["sub_pillar"], score, Decimal(data["low"]), Decimal(data["high"]), source)


def _comparison(data: Mapping[str, Any] | None) -> ScorecardComparison | None:
    if data is None:
        return None
    now, before, change = (Decimal(data["total"][name]) for name in ("now", "before", "change"))
    return ScorecardComparison(
        data["year"], now, mark_score(before, data["before_from"]), change, tuple(data["left_out"])
    )


def _review(data: Mapping[str, Any]) -> ScorecardReview:
    return ScorecardReview(
        accepted=data["accepted"],
        rejected=data["rejected"],
        unreviewed=data["unreviewed"],
        claimed=_number(data["claimed_total"]),
        reviewed=_number(data["reviewed_total"]),
    )


def _pillar_rows(
    pillars: Sequence[Mapping[str, Any]], uncertainty: Mapping[str, Any], language: str
) -> Iterator[ScorecardRow]:
    likely, levels = uncertainty.get("pillars", {}), uncertainty.get("pillar_level_chances", {})
    subs = uncertainty.get("sub_pillars", {})
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
            likely=_interval(likely.get(pillar["number"])),
            chance=_chance(levels.get(pillar["number"]), pillar["level"]),
        )
        yield from _sub_pillar_rows(pillar["sub_pillars"], 1, subs, language)


def _sub_pillar_rows(
    subs: Sequence[Mapping[str, Any]], depth: int, likely: Mapping[str, Any], language: str
) -> Iterator[ScorecardRow]:
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
            likely=_interval(likely.get(sub["code"])),
        )
        yield from _sub_pillar_rows(sub["parts"], depth + 1, likely, language)


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
