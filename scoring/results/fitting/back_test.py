"""How far a scheme is off before and after fitting, and for provinces that the fit was made without. PURE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from scoring.engine.levels import round_score
from scoring.engine.sheet import CriterionScore, SubPillarScore
from scoring.results.fitting.edges import Observed
from scoring.results.fitting.joint_fit import SubPillarFit, fit_sub_pillar
from scoring.results.fitting.points import round_fraction
from scoring.results.fitting.types import FitCase
from scoring.results.fitting.unknowns import reached_slot
from scoring.scheme.types import ScoringScheme

ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class BackTestRow:
    """Mean errors of a sub-pillar over `count` provinces; `left_out`: each scored by a fit made without it."""

    code: str
    count: int
    before: Decimal
    after: Decimal
    left_out: Decimal | None


@dataclass(frozen=True, slots=True)
class BackTest:
    """The errors by sub-pillar, and by left-out province; `folds`: how many provinces were left out in turn."""

    rows: tuple[BackTestRow, ...]
    provinces: Mapping[str, Decimal]
    folds: int


def run_back_test(scheme: ScoringScheme, cases: Sequence[FitCase], folds: int | None = None) -> BackTest:
    """Fits each sub-pillar with all cases, and again without each of the first `folds` (all where None)."""
    left_out = [case.province for case in cases][: folds if folds is not None else len(cases)]
    left_out = left_out if len(cases) > 1 else []
    rows = []
    by_province: dict[str, list[Decimal]] = {}
    for code, sub in scheme.sub_pillars.items():
        named = [(case.province, *pair) for case in cases for pair in _observed(code, case)]
        observed = [(one, official) for _province, one, official in named]
        fit = fit_sub_pillar(sub, observed, thorough=False)
        if fit is None:
            continue
        errors = []
        for index, (province, one, official) in enumerate(named):
            if province in left_out and len(named) > 1:
                without = _fit_without(fit, sub.code, scheme, observed, index)
                errors.append(abs(predict_score(without, one) - official))
                by_province.setdefault(province, []).append(errors[-1])
        before = [abs(round_score(one.score or ZERO) - official) for one, official in observed]
        after = [abs(predict_score(fit, one) - official) for one, official in observed]
        rows.append(BackTestRow(code, len(named), _mean(before), _mean(after), _mean(errors) if errors else None))
    means = {province: _mean(errors) for province, errors in by_province.items()}
    return BackTest(tuple(rows), means, len(left_out))


def predict_score(fit: SubPillarFit, sub: SubPillarScore) -> Decimal:
    """The score of a sub-pillar by the numbers of a fit, at two places."""
    return round_fraction(_score(fit, sub))


def _observed(code: str, case: FitCase) -> list[tuple[SubPillarScore, Decimal]]:
    official = case.official.get(code)
    found = (s for s in case.sheet.sub_pillars if s.code == code and not s.external and s.score is not None)
    return [(sub, round_score(official)) for sub in found] if official is not None else []


def _fit_without(fit: SubPillarFit, code: str, scheme: ScoringScheme, observed: Observed, index: int) -> SubPillarFit:
    """The fit without one province: the same where another tells the very same."""
    told = [(_counted(sub), official) for sub, official in observed]
    if told.count(told[index]) > 1:
        return fit
    rest = [*observed[:index], *observed[index + 1 :]]
    return fit_sub_pillar(scheme.sub_pillars[code], rest, thorough=False) or fit


def _counted(sub: SubPillarScore) -> tuple[object, ...]:
    return tuple((c.id, c.value, c.points) for c in sub.walk())


def _score(fit: SubPillarFit, sub: SubPillarScore) -> Fraction:
    scores = [_criterion_score(fit, c) for c in sub.criteria] + [_score(fit, part) for part in sub.parts]
    if sub.rule in ("min", "max"):
        return max(scores) if sub.rule == "max" else min(scores)
    shares = list(map(Fraction, sub.shares))
    return sum((score * share for score, share in zip(scores, shares, strict=True)), Fraction(0)) / sum(shares)


def _criterion_score(fit: SubPillarFit, current: CriterionScore) -> Fraction:
    criterion = fit.unknowns.criteria[current.id]
    slot = reached_slot(criterion, current, fit.edges)
    if slot is None or slot not in fit.points.points:
        return Fraction(current.points or 0) if criterion.measure is None else Fraction(0)
    return fit.points.points[slot]


def _mean(values: Sequence[Decimal]) -> Decimal:
    return round_score(sum(values, ZERO) / len(values)) if values else ZERO
