"""Criteria compiled into scorers: facts in, points with their reason out. PURE."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from decimal import Decimal

from scoring.engine import explain
from scoring.engine.counters import UNPICKED, Compiler, Counter
from scoring.engine.facts import Facts, Pick
from scoring.engine.picks import prepare_option
from scoring.engine.sheet import CriterionScore, Kind, Leaf, Trace
from scoring.scheme.types import NO_TEXT, Count, Criterion, Figure, Ratio, Step
from survey.instrument.schema import Text

ZERO = Decimal(0)
HUNDRED = Decimal(100)
NOTHING = Trace(None, None)
Scorer = Callable[[Facts], CriterionScore]
Rated = tuple[Pick, Text, Figure]


def scorer(compiler: Compiler, criterion: Criterion, worth: Decimal | None, code: str) -> Scorer:
    """The scorer of a criterion of sub-pillar `code`, worth `worth` points of the total."""
    if criterion.measure is not None:
        return _counting(criterion, compiler.compile(criterion.measure), worth)
    if criterion.choice is not None:
        return _choosing(compiler, criterion, worth)
    return _outside(criterion, worth, code)


def _result(
    criterion: Criterion,
    kind: Kind,
    worth: Decimal | None,
    points: Figure | None,
    reason: Text,
    trace: Trace = NOTHING,
    *,
    value: Count = None,
    full: Count = None,
    next_at: Decimal | None = None,
    next_points: Decimal | None = None,
) -> CriterionScore:
    origin = points or criterion.external
    return CriterionScore(
        id=criterion.id,
        name=criterion.name,
        kind=kind,
        points=points.value if points else None,
        maximum=criterion.maximum,
        origin=origin.origin if origin else "assumed",
        source=origin.source if origin else NO_TEXT,
        worth=worth,
        unit=criterion.unit if kind == "count" else NO_TEXT,
        value=value,
        full=full,
        next_at=next_at,
        next_points=next_points,
        trace=trace,
        reason=reason,
    )


# -- steps over a count or ratio ------------------------------------------------------------------


def _counting(criterion: Criterion, counter: Counter, worth: Decimal | None) -> Scorer:
    steps, is_ratio = criterion.steps, isinstance(criterion.measure, Ratio)
    edges = [s.at for s in steps]
    first = steps[0].points
    below = Figure(ZERO, first.origin, first.source)
    full = steps[-1].at

    def run(facts: Facts) -> CriterionScore:
        trace = counter(facts, "")
        at = bisect_right(edges, ZERO if trace.value is None else trace.value)
        points = steps[at - 1].points if at else below
        next_ = _next(steps[at:], points)
        if is_ratio:
            part, whole = trace.parts
            reason = explain.ratio_reason(part.value, whole.value, trace.value, points, next_)
        else:
            reason = explain.count_reason(criterion, trace.value, trace.bare(), points, next_)
        return _result(
            criterion,
            "count",
            worth,
            points,
            reason,
            trace,
            value=trace.value,
            full=full,
            next_at=next_.at if next_ else None,
            next_points=next_.points.value if next_ else None,
        )

    return run


def _next(above: Sequence[Step], points: Figure) -> Step | None:
    for step in above:
        if step.points.value > points.value:
            return step
    return None


# -- points of the picked option ------------------------------------------------------------------


def _choosing(compiler: Compiler, criterion: Criterion, worth: Decimal | None) -> Scorer:
    address = criterion.choice or ""
    item, column, _ = compiler.lookup.field(address)
    any_figure = next(iter(criterion.points.values()))
    zero = Figure(ZERO, any_figure.origin, any_figure.source)
    rated: list[Rated] = [
        (prepare_option(compiler.lookup, address, o, o.label), o.label, criterion.points.get(o.key, zero))
        for o in (column or item).options
    ]
    proof = criterion.with_ == "marked_evidence"

    def run(facts: Facts) -> CriterionScore:
        picked, leaf = _picked(rated, facts, address, proof)
        proven = leaf is not None and leaf.state == "counted"
        points = picked[2] if picked and proven else zero
        closed = item.id not in facts.path.on_items
        better = _better(rated, picked)
        reason = explain.choice_reason(
            picked[1] if picked else None, proven, closed, points, better[1:] if better else None
        )
        found = [leaf] if leaf else []
        if better:
            found.append(better[0].leaves["off" if closed else "not_given"])
        return _result(
            criterion,
            "choice",
            worth,
            points,
            reason,
            Trace(None, None, tuple(found)),
            next_points=better[2].value if better else None,
        )

    return run


def _picked(rated: Sequence[Rated], facts: Facts, address: str, proof: bool) -> tuple[Rated | None, Leaf | None]:
    value = facts.path.values.get(address)
    for one in rated if value is not None else ():
        leaf = one[0].leaf(facts, value, proof)
        if leaf.state not in UNPICKED:
            return one, leaf
    return None, None


def _better(rated: Sequence[Rated], picked: Rated | None) -> Rated | None:
    """The best option that gives more than what is picked."""
    floor = picked[2].value if picked else ZERO
    best = max(rated, key=lambda r: r[2].value)
    return best if best[2].value > floor else None


# -- scores from outside --------------------------------------------------------------------------


def _outside(criterion: Criterion, worth: Decimal | None, code: str) -> Scorer:
    source = criterion.external.source if criterion.external else NO_TEXT

    def run(facts: Facts) -> CriterionScore:
        given = facts.externals.get(code)
        points = None if given is None else Figure(given, "external", source)
        return _result(criterion, "external", worth, points, explain.external_reason(given))

    return run
