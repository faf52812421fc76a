"""Drawing readings of a scheme: by its distributions, in proportion to how they agree with what is published. PURE."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

import numpy as np

from scoring.scheme.types import LevelRule, ScoringScheme
from scoring.scheme.uncertainty_types import SchemeUncertainty
from scoring.uncertainty.blocks import draw_block
from scoring.uncertainty.constraints import Constraint, list_block_constraints
from scoring.uncertainty.draw_types import Floats, ReadingDraws
from scoring.uncertainty.posterior import WeighedBlock, draw_again, find_rule_chances, weigh_block
from scoring.uncertainty.spread import get_spread
from scoring.uncertainty.standings import list_level_constraints, list_table_constraints, list_weight_constraints
from scoring.uncertainty.weight_draws import draw_weights, list_weightings, weigh_weightings
from survey.instrument.schema import CompiledInstrument

SEED, COUNT = 2568, 2000
CANDIDATES = 1  # candidates tried for each draw
LEAST_CANDIDATES = 1000


@dataclass(frozen=True, slots=True)
class Weighing:
    """Everything that draws are made from: what was tried, against what, and how it weighs.

    `weightings`: by pillar, the ways to split its weight with their chances and constraints.
    """

    rules: tuple[LevelRule, ...]
    rule_prior: Floats
    rule_chances: Floats
    level_constraints: tuple[Constraint, ...]
    table_constraints: tuple[Constraint, ...]
    blocks: dict[str, WeighedBlock]
    weightings: dict[str, tuple[list[tuple[float, ...]], Floats, tuple[Constraint, ...]]]


def draw_readings(
    instrument: CompiledInstrument, scheme: ScoringScheme, *, seed: int = SEED, count: int = COUNT
) -> ReadingDraws:
    """The drawn readings of a scheme; the same for the same seed and count. Kept with the scheme."""
    key = ("readings", seed, count)
    kept: ReadingDraws | None = scheme.compiled.get(key)
    if kept is None:
        kept = scheme.compiled[key] = draw_weighed(scheme, weigh_readings(scheme, seed, count), seed, count)
    return kept


def seed_generator(seed: int, name: str) -> np.random.Generator:
    """A generator of its own for each thing drawn, so that changing one leaves the others as they were."""
    return np.random.default_rng([seed, crc32(name.encode())])


def weigh_readings(scheme: ScoringScheme, seed: int, count: int) -> Weighing:
    """Candidates of every sub-pillar, every weighting and every rule of levels, weighed by the evidence."""
    spread = get_spread(scheme)
    evidence = spread.evidence
    rules, prior = _list_level_rules(scheme, spread)
    level_constraints = tuple(list_level_constraints(evidence, rules)) if evidence and rules else ()
    standings = np.ones(max(len(rules), 1))
    for one in level_constraints:
        standings = standings * one.likelihood(evidence.kept if evidence else 0.0)[:, 0]
    blocks: dict[str, WeighedBlock] = {}
    tried = max(count * CANDIDATES, LEAST_CANDIDATES)
    for code, sub in scheme.sub_pillars.items():
        block = draw_block(seed_generator(seed, code), sub, spread, tried)
        found = tuple(list_block_constraints(scheme, sub, block, evidence, rules)) if evidence else ()
        blocks[code] = weigh_block(block, found, evidence, len(rules), tried)
    weightings = {}
    for pillar in scheme.pillars:
        ways = list_weightings(pillar, spread.weights)
        on_pillar = tuple(list_weight_constraints(scheme, pillar, ways, evidence)) if evidence else ()
        fits = np.ones(len(ways))
        for one in on_pillar:
            fits = fits * np.exp(-0.5 * (one.distance[0] / one.tolerance) ** 2)
        kept = evidence.kept if evidence and on_pillar else 0.0
        chances = weigh_weightings(ways, spread.weights) * (kept * fits + (1.0 - kept))
        weightings[pillar.number] = (ways, chances / chances.sum(), on_pillar)
    table = tuple(list_table_constraints(evidence)) if evidence else ()
    chances = find_rule_chances(prior, standings, blocks)
    return Weighing(rules, prior, chances, level_constraints, table, blocks, weightings)


def draw_weighed(scheme: ScoringScheme, weighing: Weighing, seed: int, count: int) -> ReadingDraws:
    """Draws in proportion to the weights."""
    rule_count = len(weighing.rule_chances)
    level_rule = seed_generator(seed, "levels").choice(rule_count, size=count, p=weighing.rule_chances)
    sub_weights: dict[str, Floats] = {}
    for pillar in scheme.pillars:
        ways, chances, _ = weighing.weightings[pillar.number]
        sub_weights.update(draw_weights(seed_generator(seed, f"weights {pillar.number}"), pillar, ways, chances, count))
    blocks = {
        code: block.candidates.pick(draw_again(seed_generator(seed, f"again {code}"), block, level_rule))
        for code, block in weighing.blocks.items()
    }
    likeliest = int(weighing.rule_chances.argmax())
    return ReadingDraws(
        seed=seed,
        weights=np.full(count, 1.0 / count),
        level_rules=weighing.rules,
        level_rule=level_rule,
        sub_weights=sub_weights,
        blocks=blocks,
        externals={code: seed_generator(seed, f"outside {code}").random(count) for code in scheme.externals},
        reports={code: block.report(likeliest) for code, block in weighing.blocks.items()},
    )


def _list_level_rules(scheme: ScoringScheme, spread: SchemeUncertainty) -> tuple[tuple[LevelRule, ...], Floats]:
    if scheme.levels is None:
        return (), np.ones(1)
    others = [(r.levels, spread.level_rules.get(r.id, 0.0)) for r in scheme.readings if r.levels is not None]
    chances = np.array([max(1.0 - sum(c for _, c in others), 0.0), *(c for _, c in others)])
    return (scheme.levels, *(r for r, _ in others)), chances / chances.sum()
