"""Data classes for the templates of the score pages: pillar, sub-pillar, criterion, answer."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from scoring.comparing.deviations import EstimateDeviation
from scoring.comparing.own_result import PillarDeviation
from scoring.engine.level_five import LevelFiveStanding
from scoring.engine.range_types import ScoreRange
from scoring.engine.shares import ScoreShare
from scoring.engine.sheet import CriterionScore, PillarScore, SubPillarScore
from scoring.uncertainty.summary import Interval


@dataclass(frozen=True, slots=True)
class LeafView:
    """An answer that can count, with its address on the form; `proofs`: addresses of its evidence places."""

    label: str
    state: str
    state_text: str
    url: str
    proofs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CriterionView:
    """A criterion as shown."""

    score: CriterionScore
    name: str
    reason: str
    origin: str
    is_assumed: bool
    parts: tuple[tuple[str, str], ...]
    missing: tuple[LeafView, ...]
    counted: tuple[LeafView, ...]
    share: ScoreShare | None
    span: ScoreRange
    level_five: tuple[LevelFiveStanding, ...]


@dataclass(frozen=True, slots=True)
class RecommendationView:
    """A recommendation and its source, in the reader's language."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class SubPillarView:
    """A sub-pillar, or a part of one, as shown; `criteria`, `parts` and `advice` are its tree, where asked for.

    `earlier`: its published figures with their headings.
    """

    score: SubPillarScore
    name: str
    level_name: str
    origin: str
    rule: str
    criteria: tuple[CriterionView, ...]
    parts: tuple[SubPillarView, ...]
    earlier: tuple[tuple[str, Decimal], ...]
    span: ScoreRange
    advice: tuple[RecommendationView, ...]
    own: EstimateDeviation | None = None  # what is published of this very year


@dataclass(frozen=True, slots=True)
class PillarView:
    """A pillar as shown, beside what was published: (province, average, best) per earlier year.

    `likely`: where its result is likely to be; `chance`: how probable its level is. Both None or empty where not known.
    """

    score: PillarScore
    name: str
    level_name: str
    origin: str
    sub_pillars: tuple[SubPillarView, ...]
    span: ScoreRange
    published: tuple[Decimal | None, ...]
    likely: Interval | None = None
    chance: str = ""
    own: PillarDeviation | None = None
