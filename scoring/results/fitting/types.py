"""Types of a fit: what it is fitted to, the numbers it changes, what stays open. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from scoring.engine.sheet import ScoreSheet

Part = Literal["points", "edge", "weight"]
UNPUBLISHED_ORIGINS = frozenset({"assumed", "estimated"})


@dataclass(frozen=True, slots=True)
class FitCase:
    """A province's answers as the scheme scores them, and its published sub-pillar scores."""

    province: str
    sheet: ScoreSheet
    official: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A number of the scheme changed from `old` to `new`.

    `part`: the points of a step (`key`: its place in the list) or option, the edge from which a step counts, or the
    weight of the sub-pillar (then without criterion and key).
    """

    sub_pillar: str
    criterion: str
    key: str
    old: Decimal
    new: Decimal
    part: Part = "points"


@dataclass(frozen=True, slots=True)
class OpenNumber:
    """A number that the published scores do not determine: they come out as well anywhere from `low` to `high`.

    `is_seen`: whether any province reaches it. `is_tied`: whether other values take no more change than the chosen one.
    """

    sub_pillar: str
    criterion: str
    key: str
    chosen: Decimal
    low: Decimal
    high: Decimal
    part: Part = "points"
    is_seen: bool = True
    is_tied: bool = False


@dataclass(frozen=True, slots=True)
class SchemeFit:
    """The least changes that give the published scores, and what they leave open.

    `unfitted`: sub-pillars (and pillars, for their weights) of which some published score stays unexplained.
    `tolerance`: the largest error that is left, by sub-pillar or pillar.
    """

    moves: tuple[Adjustment, ...]
    unfitted: tuple[str, ...]
    open: tuple[OpenNumber, ...] = ()
    tolerance: Mapping[str, Decimal] | None = None
