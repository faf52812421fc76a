"""A ScoreSheet as JSON: decimals as strings with two places, keys in a stable order. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from scoring.engine.explain import STATES
from scoring.engine.levels import Standing, cents
from scoring.engine.score_range import Span, Spread
from scoring.engine.shares import Share, kept_in_all, shares
from scoring.engine.sheet import CriterionScore, Leaf, PillarScore, ScoreSheet, SubScore, Trace
from scoring.scheme.types import Count, Figure


def places(value: Decimal | None) -> str | None:
    """Two places, or None."""
    return None if value is None else f"{cents(value):f}"


def to_json(sheet: ScoreSheet, spread: Spread | None = None) -> dict[str, Any]:
    """The whole sheet, down to each answer and evidence place.

    `low`, `best`, `high` come from the spread; without one only missing outside scores widen the total.
    `kept` and `lost` are exact: kept adds up to `accounted`, the total with everything unknown at 0.
    """
    kept = shares(sheet)
    total = spread.total if spread else Span(sheet.low, sheet.total, sheet.high, sheet.level, sheet.level, sheet.level)
    writer = _Writer(spread, kept)
    return {
        "scheme": sheet.scheme,
        "scheme_version": sheet.scheme_version,
        "instrument": sheet.instrument,
        "year": sheet.year,
        "instrument_version": sheet.instrument_version,
        "total": places(sheet.total),
        **span_json(total),
        "level": sheet.level,
        "estimated": sheet.estimated,
        "known_weight": places(sheet.known_weight),
        "accounted": f"{kept_in_all(kept):f}",
        "unknown": list(sheet.unknown),
        "levels_from": sheet.levels_origin,
        "levels_source": sheet.levels_source.json(),
        "pillars": [writer.pillar(p) for p in sheet.pillars],
    }


def span_json(span: Span) -> dict[str, Any]:
    """Lowest, best and highest score, lowest and highest level."""
    return {
        "low": places(span.low),
        "best": places(span.best),
        "high": places(span.high),
        "level_low": span.level_low,
        "level_high": span.level_high,
    }


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the tree of a sheet."""

    spread: Spread | None
    kept: Mapping[str, Share]

    def pillar(self, pillar: PillarScore) -> dict[str, Any]:
        own = Span(pillar.low, pillar.score, pillar.high, pillar.level, pillar.level, pillar.level)
        return {
            "number": pillar.number,
            "name": pillar.name.json(),
            "weight": _figure(pillar.weight),
            "known_weight": places(pillar.known_weight),
            "score": places(pillar.score),
            **span_json(self.spread.pillars[pillar.number] if self.spread else own),
            "index": places(pillar.index),
            "level": pillar.level,
            "sub_pillars": [self.sub(s) for s in pillar.sub_pillars],
        }

    def sub(self, sub: SubScore) -> dict[str, Any]:
        return {
            "code": sub.code,
            "name": sub.name.json(),
            "weight": _figure(sub.weight) if sub.weight else None,
            "score": places(sub.score),
            **(span_json(self.spread.subs[sub.code]) if self.spread else {}),
            "level": sub.level,
            "external": sub.external,
            "combine": sub.rule,
            "criteria": [self.criterion(c) for c in sub.criteria],
            "parts": [self.sub(p) for p in sub.parts],
        }

    def criterion(self, criterion: CriterionScore) -> dict[str, Any]:
        share = self.kept.get(criterion.id)
        span = self.spread.criteria[criterion.id] if self.spread else None
        return {
            "id": criterion.id,
            "name": criterion.name.json(),
            "kind": criterion.kind,
            "points": places(criterion.points),
            "maximum": places(criterion.maximum),
            **({"low": places(span.low), "best": places(span.best), "high": places(span.high)} if span else {}),
            "worth": places(criterion.worth),
            "kept": f"{share.kept:f}" if share else None,
            "lost": f"{share.lost:f}" if share else None,
            "decides": share.decides if share else None,
            "from": criterion.origin,
            "assumed": criterion.origin in ("assumed", "estimated"),
            "source": criterion.source.json(),
            "value": count(criterion.value),
            "full": count(criterion.full),
            "next": _next(criterion),
            "reason": criterion.reason.json(),
            "missing": [leaf.address for leaf in criterion.missing],
            "trace": _trace(criterion.trace),
        }


def _next(criterion: CriterionScore) -> dict[str, Any] | None:
    if criterion.next_points is None:
        return None
    return {"at": count(criterion.next_at), "points": places(criterion.next_points)}


def _trace(trace: Trace) -> dict[str, Any]:
    return {
        "name": trace.name.json() if trace.name else None,
        "value": count(trace.value),
        "full": count(trace.full),
        "leaves": [_leaf(leaf) for leaf in trace.leaves],
        "parts": [_trace(p) for p in trace.parts],
    }


def _leaf(leaf: Leaf) -> dict[str, Any]:
    return {
        "address": leaf.address,
        "answer": leaf.thing or leaf.address,
        "evidence": list(leaf.places),
        "state": leaf.state,
        "why": STATES[leaf.state].json(),
        "label": leaf.label.json(),
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {"value": places(figure.value), "from": figure.origin, "source": figure.source.json()}


def count(value: Count) -> int | str | None:
    """Counts stay whole numbers, other values become strings with two places."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else places(value)
    return value


def table_json(standing: Standing) -> dict[str, Any]:
    """The standing of a table: numbers rounded to two places (a contract of `manage.py score table`)."""
    pillars = {
        p.number: {"score": _rounded(p.score), "index": _rounded(p.index), "level": p.level} for p in standing.pillars
    }
    return {"pillars": pillars, "total": _rounded(standing.total), "level": standing.level}


def _rounded(value: Decimal | None) -> float | None:
    # JSON has no decimals: the shortest text of this float is the two places themselves.
    return None if value is None else float(cents(value))
