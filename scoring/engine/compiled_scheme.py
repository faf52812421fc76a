"""A scheme compiled for one instrument: every criterion as a function of the facts. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring.engine.counters import MeasureCompiler
from scoring.engine.criteria import ZERO, CriterionScorer, compile_criterion
from scoring.scheme.sourced import NO_TEXT
from scoring.scheme.types import ScoringScheme, SubPillarScheme
from survey.instrument.schema import CompiledInstrument, LocalizedText

UNPUBLISHED_ORIGINS = frozenset({"assumed", "estimated"})


@dataclass(frozen=True, slots=True)
class CompiledSubPillar:
    """A sub-pillar or part with its criteria compiled."""

    scheme: SubPillarScheme
    name: LocalizedText
    scorers: tuple[CriterionScorer, ...]
    parts: tuple[CompiledSubPillar, ...]
    shares: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class CompiledScheme:
    """A scheme compiled for one instrument."""

    sub_pillars: tuple[CompiledSubPillar, ...]
    names: Mapping[str, LocalizedText]
    is_estimated: bool


def get_compiled_scheme(instrument: CompiledInstrument, scheme: ScoringScheme) -> CompiledScheme:
    compiled: CompiledScheme | None = scheme.compiled.get(instrument)
    if compiled is None:
        compiled = scheme.compiled[instrument] = _compile_scheme(instrument, scheme)
    return compiled


def _compile_scheme(instrument: CompiledInstrument, scheme: ScoringScheme) -> CompiledScheme:
    compiler = MeasureCompiler(instrument)
    names = {p.number: p.name for p in instrument.pillars}
    names |= {code: s.name for code, s in instrument.sub_pillars.items()}
    subs = [_compile_sub_pillar(compiler, s, names, s.weight.value) for s in scheme.sub_pillars.values() if s.weight]
    return CompiledScheme(tuple(subs), names, _is_estimated(scheme))


def _is_estimated(scheme: ScoringScheme) -> bool:
    figures = [p.weight for p in scheme.pillars] + [s.weight for s in scheme.sub_pillars.values() if s.weight]
    for criterion in scheme.criteria:
        figures += [s.points for s in criterion.steps] + list(criterion.points.values())
    origins = {f.origin for f in figures} | {s.rule.origin for s in scheme.sub_pillars.values()}
    if scheme.levels:
        origins.add(scheme.levels.origin)
    return bool(origins & UNPUBLISHED_ORIGINS)


def _compile_sub_pillar(
    compiler: MeasureCompiler, sub: SubPillarScheme, names: Mapping[str, LocalizedText], worth: Decimal | None
) -> CompiledSubPillar:
    joined = [c.share for c in sub.criteria] + [p.share for p in sub.parts]
    shares = tuple(s.value if s and sub.rule.value == "weighted" else Decimal(1) for s in joined)
    total_share = sum(shares, ZERO)
    additive = worth is not None and sub.rule.value in ("mean", "weighted")
    worths = [worth * s / total_share if worth is not None and additive else None for s in shares]
    criterion_count = len(sub.criteria)
    criteria_with_worth = zip(sub.criteria, worths[:criterion_count], strict=True)
    parts_with_worth = zip(sub.parts, worths[criterion_count:], strict=True)
    return CompiledSubPillar(
        scheme=sub,
        name=names.get(sub.code, NO_TEXT),
        scorers=tuple(compile_criterion(compiler, c, w, sub.code) for c, w in criteria_with_worth),
        parts=tuple(_compile_sub_pillar(compiler, p, names, w) for p, w in parts_with_worth),
        shares=shares,
    )
