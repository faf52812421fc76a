"""The published result of the round's own year beside the estimate: total, rank and level, pillars, sub-pillars."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from scoring.comparing.deviations import EstimateDeviation, list_estimate_deviations
from scoring.engine.aggregates import aggregate_scores
from scoring.engine.as_json import format_decimal
from scoring.engine.levels import round_score
from scoring.engine.queries import ScoredResponse
from scoring.engine.score_tables import list_table_codes
from scoring.results.queries import PROVINCE, PublishedResults
from survey.instrument.schema import LocalizedText


@dataclass(frozen=True, slots=True)
class PillarDeviation:
    """A pillar's published score beside the estimate."""

    number: str
    name: LocalizedText
    official: Decimal
    estimate: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """Estimate minus official."""
        return _difference(self.estimate, self.official)


@dataclass(frozen=True, slots=True)
class EarlierTotal:
    """The total of an edition that a later one stands beside."""

    edition_name: str
    total: Decimal
    rank: int | None


@dataclass(frozen=True, slots=True)
class OwnResult:
    """What is published of the province for the year of its round. `total` None: only parts are published.

    `earlier`: the totals of the editions before, newest first.
    `level_is_derived`: the level is not printed but follows from the published sub-pillars by the scheme's rule.
    """

    year: int
    total: Decimal | None
    rank: int | None
    level: int | None
    level_is_derived: bool
    estimate: Decimal | None
    pillars: tuple[PillarDeviation, ...]
    sub_pillars: tuple[EstimateDeviation, ...]
    edition_name: str = ""
    earlier: tuple[EarlierTotal, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether more than parts is published, or follows from them: there is a total or a level to tell."""
        return self.total is not None or self.level is not None

    @property
    def difference(self) -> Decimal | None:
        """Estimate minus official, of the total."""
        return None if self.total is None else _difference(self.estimate, self.total)


def compare_own_result(scored: ScoredResponse, own: PublishedResults | None) -> OwnResult | None:
    """The published result of the response's own year beside its estimate, or None where nothing is published."""
    if own is None:
        return None
    sheet, total = scored.sheet, own.total(PROVINCE)
    subs = {
        s.code: score for s in sheet.sub_pillars if (score := own.score(PROVINCE, "sub_pillar", s.code)) is not None
    }
    pillars = tuple(
        PillarDeviation(p.number, p.name, score, p.score)
        for p in sheet.pillars
        if (score := own.score(PROVINCE, "pillar", p.number)) is not None
    )
    printed = total.level if total else None
    derived = None
    if printed is None and set(list_table_codes(scored.scheme)) <= set(subs):
        derived = aggregate_scores(scored.scheme, subs).level
    return OwnResult(
        year=own.year,
        total=total.marked_score if total else None,
        rank=total.rank if total else None,
        level=printed or derived,
        level_is_derived=derived is not None,
        estimate=sheet.total,
        pillars=pillars,
        sub_pillars=tuple(list_estimate_deviations(scored, subs)),
        edition_name=own.edition_name,
        earlier=_list_earlier_totals(own),
    )


def _list_earlier_totals(own: PublishedResults) -> tuple[EarlierTotal, ...]:
    totals = [(one.edition_name, one.total(PROVINCE)) for one in own.earlier]
    return tuple(EarlierTotal(name, row.marked_score, row.rank) for name, row in totals if row is not None)


def serialize_own_result(own: OwnResult | None) -> dict[str, Any] | None:
    """The published result as JSON, with estimate minus official at each place."""
    if own is None:
        return None
    return {
        "year": own.year,
        "edition": own.edition_name,
        "earlier": [
            {"edition": one.edition_name, "total": format_decimal(one.total), "rank": one.rank} for one in own.earlier
        ],
        "total": format_decimal(own.total),
        "rank": own.rank,
        "level": own.level,
        "level_from": None if own.level is None else "estimated" if own.level_is_derived else "official",
        "difference": format_decimal(own.difference),
        "pillars": [{"number": p.number, **_serialize_pair(p)} for p in own.pillars],
        "sub_pillars": [
            {"code": s.code, **_serialize_pair(s), "within_range": s.is_within_range} for s in own.sub_pillars
        ],
    }


def _serialize_pair(one: PillarDeviation | EstimateDeviation) -> dict[str, Any]:
    pair = {"official": one.official, "estimate": one.estimate, "difference": one.difference}
    return {name: format_decimal(value) for name, value in pair.items()}


def _difference(estimate: Decimal | None, official: Decimal) -> Decimal | None:
    return None if estimate is None else round_score(estimate) - official
