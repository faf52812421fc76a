"""A scheme confronted with what is published: each figure, what its readings give, how well it is met. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from scoring.scheme.types import ScoringScheme
from scoring.scheme.uncertainty_types import Evidence
from scoring.uncertainty.constraints import Constraint, ConstraintKind
from scoring.uncertainty.draw_types import BlockReport, Floats
from scoring.uncertainty.draws import COUNT, SEED, Weighing, weigh_readings
from scoring.uncertainty.posterior import pick_rule
from scoring.uncertainty.spread import get_spread
from survey.instrument.schema import LocalizedText

MET_WITHIN = 2.0  # a mean is met within twice its tolerance


@dataclass(frozen=True, slots=True)
class ConstraintResult:
    """A published figure and how the readings meet it.

    `given_low` to `given_high`: what the readings give. `share`: share of the drawn readings that meet it before
    weighing, `weight`: afterwards. `distance`: of the nearest reading. `ok` is False where none can give the figure.
    """

    id: str
    kind: ConstraintKind
    code: str
    published: float
    given_low: float
    given_high: float
    share: float
    weight: float
    distance: float
    ok: bool
    source: LocalizedText


@dataclass(frozen=True, slots=True)
class Calibration:
    """Every constraint of a scheme. `effective`: how many drawn readings count in effect, of the worst sub-pillar."""

    scheme: str
    version: int
    seed: int
    draws: int
    year: int | None
    kept: float
    constraints: tuple[ConstraintResult, ...]
    blocks: Mapping[str, BlockReport]
    rule_chances: Mapping[str, float]
    weight_chances: Mapping[str, float]

    @property
    def effective(self) -> float:
        """The effective sample size of the worst sub-pillar."""
        return min((one.effective for one in self.blocks.values()), default=float(self.draws))

    @property
    def acceptance(self) -> float:
        """The smallest share of a sub-pillar's readings that meet everything published of it."""
        return min((one.accepted / one.candidates for one in self.blocks.values()), default=1.0)

    @property
    def failed(self) -> tuple[ConstraintResult, ...]:
        """The figures that no reading of the scheme can give."""
        return tuple(one for one in self.constraints if not one.ok)


def calibrate_scheme(scheme: ScoringScheme, *, seed: int = SEED, count: int = COUNT) -> Calibration:
    """Confronts a scheme with its evidence; reproducible by seed and count."""
    spread = get_spread(scheme)
    weighing = weigh_readings(scheme, seed, count)
    rule = int(weighing.rule_chances.argmax())
    names = ["own", *(r.id for r in scheme.readings if r.levels is not None)]
    evidence = spread.evidence
    return Calibration(
        scheme=scheme.key,
        version=scheme.version,
        seed=seed,
        draws=count,
        year=evidence.year if evidence else None,
        kept=evidence.kept if evidence else 0.0,
        constraints=tuple(_list_results(weighing, evidence, rule)) if evidence else (),
        blocks={code: block.report(rule) for code, block in weighing.blocks.items() if block.constraints},
        rule_chances={n: float(c) for n, c in zip(names, weighing.rule_chances, strict=False)},
        weight_chances={number: float(chances[0]) for number, (_, chances, _) in weighing.weightings.items()},
    )


def _list_results(weighing: Weighing, evidence: Evidence, rule: int) -> Iterator[ConstraintResult]:
    source = evidence.reason.source
    for one in weighing.table_constraints:
        yield _tell(one, 0, np.ones(1), source)
    for one in weighing.level_constraints:
        yield _tell_levels(one, weighing.rule_chances, source)
    for _, chances, constraints in weighing.weightings.values():
        for one in constraints:
            yield _tell(one, 0, chances, source)
    for block in weighing.blocks.values():
        for one in block.constraints:
            yield _tell(one, rule, block.weights[min(rule, len(block.weights) - 1)], source)


def _tell(one: Constraint, rule: int, weights: Floats, source: LocalizedText) -> ConstraintResult:
    distance = pick_rule(one.distance, rule)
    met = distance <= one.tolerance * (1.0 if one.kind == "score" else MET_WITHIN)
    possible = one.given_low <= one.given_high + 1e-6
    lows, highs = (one.given_low[possible], one.given_high[possible]) if possible.any() else (np.zeros(1), np.zeros(1))
    return ConstraintResult(
        id=one.id,
        kind=one.kind,
        code=one.code,
        published=one.published,
        given_low=float(lows.min()),
        given_high=float(highs.max()),
        share=float(met.mean()),
        weight=float(weights[met].sum() / weights.sum()),
        distance=float(distance.min()),
        ok=bool(met.any()),
        source=source,
    )


def _tell_levels(one: Constraint, chances: Floats, source: LocalizedText) -> ConstraintResult:
    met = one.distance[:, 0] < 0.5
    return ConstraintResult(
        one.id,
        one.kind,
        one.code,
        one.published,
        float(one.given_low.min()),
        float(one.given_high.max()),
        float(met.mean()),
        float(chances[met].sum() / chances.sum()),
        float(one.distance.min()),
        bool(met.any()),
        source,
    )
