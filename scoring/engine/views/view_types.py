"""Data classes for the templates of the score pages: pillar, sub-pillar, criterion, answer."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from scoring.engine.level_five import LevelFiveStanding
from scoring.engine.range_types import ScoreRange
from scoring.engine.shares import ScoreShare
from scoring.engine.sheet import CriterionScore, PillarScore, SubPillarScore


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
    """A sub-pillar, or a part of one, as shown; `criteria`, `parts` and `advice` are its tree, where asked for."""

    score: SubPillarScore
    name: str
    level_name: str
    origin: str
    rule: str
    criteria: tuple[CriterionView, ...]
    parts: tuple[SubPillarView, ...]
    earlier: tuple[Decimal | None, ...]
    span: ScoreRange
    advice: tuple[RecommendationView, ...]


@dataclass(frozen=True, slots=True)
class PillarView:
    """A pillar as shown, beside what was published: (province, average, best) per earlier year."""

    score: PillarScore
    name: str
    level_name: str
    origin: str
    sub_pillars: tuple[SubPillarView, ...]
    span: ScoreRange
    published: tuple[Decimal | None, ...]
