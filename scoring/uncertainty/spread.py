"""The distributions of a scheme: its own section, or what its `readings` say where it has none. PURE."""

from __future__ import annotations

from scoring.scheme.types import ScoringScheme
from scoring.scheme.uncertainty_types import SchemeUncertainty, StepSpread, WeightSpread

GRID, KEPT, ANSWERS_CHANCE = 10.0, 0.2, 0.5


def get_spread(scheme: ScoringScheme) -> SchemeUncertainty:
    """What the scheme leaves uncertain."""
    if scheme.uncertainty is not None:
        return scheme.uncertainty
    less = max((float(r.steps[0]) for r in scheme.readings if r.steps), default=0.0)
    more = max((float(r.steps[1]) for r in scheme.readings if r.steps), default=0.0)
    rules = [r.id for r in scheme.readings if r.levels is not None]
    return SchemeUncertainty(
        steps=StepSpread(less, more, GRID, KEPT, 0.0),
        weights=WeightSpread(0, 1.0),
        answers={ident: ANSWERS_CHANCE for r in scheme.readings for ident in r.answers},
        level_rules={ident: 1.0 / (len(rules) + 1) for ident in rules},
    )
