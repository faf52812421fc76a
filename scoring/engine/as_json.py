"""Serializing a ScoreSheet to JSON: decimals as strings with two places, keys in a stable order. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from scoring.engine.aggregates import AggregateScore
from scoring.engine.external_estimates import serialize_estimate
from scoring.engine.levels import round_score
from scoring.engine.range_types import ScoreRange, SheetRanges
from scoring.engine.reason_texts import STATE_REASONS
from scoring.engine.shares import ScoreShare, compute_score_shares, sum_kept_points
from scoring.engine.sheet import CriterionScore, PillarScore, ScoreSheet, SubPillarScore
from scoring.engine.trace import MeasureTrace, TraceLeaf
from scoring.scheme.marked import OFFICIAL, origin_of
from scoring.scheme.sourced import Quantity, SourcedNumber


def format_decimal(value: Decimal | None) -> str | None:
    """Two places, or None."""
    return None if value is None else f"{round_score(value):f}"


def serialize_score_sheet(sheet: ScoreSheet, spread: SheetRanges | None = None) -> dict[str, Any]:
    """The whole sheet, down to each answer and evidence place.

    `low`, `best`, `high` come from `ranges`; without them only missing outside scores widen the total.
    `kept` and `lost` are exact: kept adds up to `accounted`, the total with everything unknown at 0.
    """
    kept = compute_score_shares(sheet)
    total = (
        spread.total
        if spread
        else ScoreRange(sheet.low, sheet.total, sheet.high, sheet.level, sheet.level, sheet.level)
    )
    writer = _SheetSerializer(spread, kept)
    return {
        "scheme": sheet.scheme,
        "scheme_version": sheet.scheme_version,
        "instrument": sheet.instrument,
        "year": sheet.year,
        "instrument_version": sheet.instrument_version,
        "total": format_decimal(sheet.total),
        **serialize_score_range(total),
        "level": sheet.level,
        "estimated": sheet.estimated,
        "known_weight": format_decimal(sheet.known_weight),
        "accounted": f"{sum_kept_points(kept):f}",
        "unknown": list(sheet.unknown),
        "external_estimates": [serialize_estimate(one) for one in sheet.estimated_outside],
        "levels_from": sheet.levels_origin,
        "levels_source": sheet.levels_source.json(),
        "pillars": [writer.pillar(p) for p in sheet.pillars],
    }


def serialize_score_range(span: ScoreRange) -> dict[str, Any]:
    """Lowest, best and highest score, lowest and highest level."""
    return {
        "low": format_decimal(span.low),
        "best": format_decimal(span.best),
        "high": format_decimal(span.high),
        "level_low": span.level_low,
        "level_high": span.level_high,
    }


@dataclass(frozen=True, slots=True)
class _SheetSerializer:
    """Writes the tree of a sheet."""

    ranges: SheetRanges | None
    shares: Mapping[str, ScoreShare]

    def pillar(self, pillar: PillarScore) -> dict[str, Any]:
        sheet_range = ScoreRange(pillar.low, pillar.score, pillar.high, pillar.level, pillar.level, pillar.level)
        return {
            "number": pillar.number,
            "name": pillar.name.json(),
            "weight": _serialize_number(pillar.weight),
            "known_weight": format_decimal(pillar.known_weight),
            "score": format_decimal(pillar.score),
            **serialize_score_range(self.ranges.pillars[pillar.number] if self.ranges else sheet_range),
            "index": format_decimal(pillar.index),
            "level": pillar.level,
            "sub_pillars": [self.sub(s) for s in pillar.sub_pillars],
        }

    def sub(self, sub: SubPillarScore) -> dict[str, Any]:
        return {
            "code": sub.code,
            "name": sub.name.json(),
            "weight": _serialize_number(sub.weight) if sub.weight else None,
            "score": format_decimal(sub.score),
            **(serialize_score_range(self.ranges.sub_pillars[sub.code]) if self.ranges else {}),
            "level": sub.level,
            "external": sub.external,
            **({} if origin_of(sub.score) == OFFICIAL else {"score_from": origin_of(sub.score)}),
            "combine": sub.rule,
            "criteria": [self.criterion(c) for c in sub.criteria],
            "parts": [self.sub(p) for p in sub.parts],
        }

    def criterion(self, criterion: CriterionScore) -> dict[str, Any]:
        share = self.shares.get(criterion.id)
        span = self.ranges.criteria[criterion.id] if self.ranges else None
        return {
            "id": criterion.id,
            "name": criterion.name.json(),
            "kind": criterion.kind,
            "points": format_decimal(criterion.points),
            "maximum": format_decimal(criterion.maximum),
            **(
                {"low": format_decimal(span.low), "best": format_decimal(span.best), "high": format_decimal(span.high)}
                if span
                else {}
            ),
            "worth": format_decimal(criterion.worth),
            "kept": f"{share.kept:f}" if share else None,
            "lost": f"{share.lost:f}" if share else None,
            "decides": share.decides if share else None,
            "from": criterion.origin,
            "assumed": criterion.origin in ("assumed", "estimated"),
            "source": criterion.source.json(),
            "value": format_quantity(criterion.value),
            "full": format_quantity(criterion.full),
            "next": _serialize_next_step(criterion),
            "reason": criterion.reason.json(),
            "missing": [leaf.address for leaf in criterion.missing],
            "trace": _serialize_trace(criterion.trace),
        }


def _serialize_next_step(criterion: CriterionScore) -> dict[str, Any] | None:
    if criterion.next_points is None:
        return None
    return {"at": format_quantity(criterion.next_at), "points": format_decimal(criterion.next_points)}


def _serialize_trace(trace: MeasureTrace) -> dict[str, Any]:
    return {
        "name": trace.name.json() if trace.name else None,
        "value": format_quantity(trace.value),
        "full": format_quantity(trace.full),
        "leaves": [_serialize_leaf(leaf) for leaf in trace.leaves],
        "parts": [_serialize_trace(p) for p in trace.parts],
    }


def _serialize_leaf(leaf: TraceLeaf) -> dict[str, Any]:
    return {
        "address": leaf.address,
        "answer": leaf.answer_address or leaf.address,
        "evidence": list(leaf.evidence_places),
        "state": leaf.state,
        "why": STATE_REASONS[leaf.state].json(),
        "label": leaf.label.json(),
    }


def _serialize_number(figure: SourcedNumber) -> dict[str, Any]:
    return {"value": format_decimal(figure.value), "from": figure.origin, "source": figure.source.json()}


def format_quantity(value: Quantity) -> int | str | None:
    """Counts stay whole numbers, other values become strings with two places."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else format_decimal(value)
    return value


def serialize_aggregate_score(standing: AggregateScore) -> dict[str, Any]:
    """The aggregate score of a table: numbers rounded to two places (a contract of `manage.py score table`)."""
    pillars = {
        p.number: {"score": _round_to_float(p.score), "index": _round_to_float(p.index), "level": p.level}
        for p in standing.pillars
    }
    return {"pillars": pillars, "total": _round_to_float(standing.total), "level": standing.level}


def _round_to_float(value: Decimal | None) -> float | None:
    # JSON has no decimals: the shortest text of this float is the two places themselves.
    return None if value is None else float(round_score(value))
