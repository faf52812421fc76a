"""Criteria compiled into scorers: facts in, points with their reason out. PURE."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from decimal import Decimal

from scoring.engine import explain
from scoring.engine.counted_options import prepare_option
from scoring.engine.counters import UNPICKED_STATES, MeasureCompiler
from scoring.engine.facts import CountedOption, ResponseFacts
from scoring.engine.repeat_counter import MeasureCounter
from scoring.engine.sheet import CriterionKind, CriterionScore
from scoring.engine.trace import LeafState, MeasureTrace, TraceLeaf
from scoring.scheme.marked import origin_of
from scoring.scheme.measure_types import Ratio
from scoring.scheme.sourced import NO_TEXT, Quantity, SourcedNumber
from scoring.scheme.types import Criterion, PointStep
from survey.instrument.schema import LocalizedText

ZERO = Decimal(0)
HUNDRED = Decimal(100)
EMPTY_TRACE = MeasureTrace(None, None)
CriterionScorer = Callable[[ResponseFacts], CriterionScore]
RatedOption = tuple[CountedOption, LocalizedText, SourcedNumber]


def compile_criterion(
    compiler: MeasureCompiler, criterion: Criterion, worth: Decimal | None, code: str
) -> CriterionScorer:
    """Compiles a criterion of sub-pillar `code` into its scorer; `worth`: points of the total it can give."""
    if criterion.measure is not None:
        return _compile_counting(criterion, compiler.compile(criterion.measure), worth)
    if criterion.choice is not None:
        return _compile_choice(compiler, criterion, worth)
    return _compile_external(criterion, worth, code)


def _build_criterion_score(
    criterion: Criterion,
    kind: CriterionKind,
    worth: Decimal | None,
    points: SourcedNumber | None,
    reason: LocalizedText,
    trace: MeasureTrace = EMPTY_TRACE,
    *,
    value: Quantity = None,
    full: Quantity = None,
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


def _compile_counting(criterion: Criterion, counter: MeasureCounter, worth: Decimal | None) -> CriterionScorer:
    steps, is_ratio = criterion.steps, isinstance(criterion.measure, Ratio)
    edges = [s.threshold for s in steps]
    first = steps[0].points
    below = SourcedNumber(ZERO, first.origin, first.source)
    full = steps[-1].threshold

    def run(facts: ResponseFacts) -> CriterionScore:
        trace = counter(facts, "")
        steps_reached = bisect_right(edges, ZERO if trace.value is None else trace.value)
        points = steps[steps_reached - 1].points if steps_reached else below
        next_ = _find_next_step(steps[steps_reached:], points)
        if is_ratio:
            part, whole = trace.parts
            reason = explain.explain_ratio(part.value, whole.value, trace.value, points, next_)
        else:
            bare, contradicting = trace.count("no_evidence"), trace.count("contradicts")
            reason = explain.explain_count(criterion, trace.value, bare, points, next_, contradicting)
        return _build_criterion_score(
            criterion,
            "count",
            worth,
            points,
            reason,
            trace,
            value=trace.value,
            full=full,
            next_at=next_.threshold if next_ else None,
            next_points=next_.points.value if next_ else None,
        )

    return run


def _find_next_step(above: Sequence[PointStep], points: SourcedNumber) -> PointStep | None:
    for step in above:
        if step.points.value > points.value:
            return step
    return None


# -- points of the picked option ------------------------------------------------------------------


def _compile_choice(compiler: MeasureCompiler, criterion: Criterion, worth: Decimal | None) -> CriterionScorer:
    address = criterion.choice or ""
    item, column, _ = compiler.lookup.find_field(address)
    any_figure = next(iter(criterion.points.values()))
    zero = SourcedNumber(ZERO, any_figure.origin, any_figure.source)
    rated: list[RatedOption] = [
        (prepare_option(compiler.lookup, address, o, o.label), o.label, criterion.points.get(o.key, zero))
        for o in (column or item).options
    ]
    proof = criterion.evidence_rule == "marked_evidence"

    def run(facts: ResponseFacts) -> CriterionScore:
        picked, leaf = _find_picked_option(rated, facts, address, proof)
        state: LeafState = leaf.state if leaf is not None else "not_given"
        points = picked[2] if picked and state == "counted" else zero
        closed = item.id not in facts.path.on_items
        better = _find_better_option(rated, picked)
        reason = explain.explain_choice(
            picked[1] if picked else None, state, closed, points, better[1:] if better else None
        )
        leaves = [leaf] if leaf else []
        if better:
            leaves.append(better[0].leaves["off" if closed else "not_given"])
        return _build_criterion_score(
            criterion,
            "choice",
            worth,
            points,
            reason,
            MeasureTrace(None, None, tuple(leaves)),
            next_points=better[2].value if better else None,
        )

    return run


def _find_picked_option(
    rated: Sequence[RatedOption], facts: ResponseFacts, address: str, proof: bool
) -> tuple[RatedOption | None, TraceLeaf | None]:
    value = facts.path.values.get(address)
    for option in rated if value is not None else ():
        leaf = option[0].evaluate(facts, value, proof)
        if leaf.state not in UNPICKED_STATES:
            return option, leaf
    return None, None


def _find_better_option(rated: Sequence[RatedOption], picked: RatedOption | None) -> RatedOption | None:
    """The best option that gives more than what is picked."""
    floor = picked[2].value if picked else ZERO
    best = max(rated, key=lambda r: r[2].value)
    return best if best[2].value > floor else None


# -- scores from outside --------------------------------------------------------------------------


def _compile_external(criterion: Criterion, worth: Decimal | None, code: str) -> CriterionScorer:
    source = criterion.external.source if criterion.external else NO_TEXT

    def run(facts: ResponseFacts) -> CriterionScore:
        external_score = facts.externals.get(code)
        if external_score is None and (estimate := facts.estimates.get(code)):
            reason = explain.explain_estimated_score(estimate)
            points = SourcedNumber(estimate.score, "estimated", estimate.source)
            return _build_criterion_score(criterion, "external", worth, points, reason)
        entered = None if external_score is None else SourcedNumber(external_score, "external", source)
        reason = explain.explain_external_score(external_score, origin_of(external_score))
        return _build_criterion_score(criterion, "external", worth, entered, reason)

    return run
