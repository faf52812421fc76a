"""The scores of one response under every drawn reading: arrays with one row per draw. PURE.

What is counted is taken from the engine: once by the scheme itself and once with the answers that may count as well.
Only points, means, weights and levels are computed here. Floats never leave this room as a score sheet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scoring.engine.facts import ResponseFacts
from scoring.engine.score import compute_score_sheet
from scoring.engine.sheet import CriterionScore, ScoreSheet
from scoring.scheme.types import LevelRule, ScoringScheme, SubPillarScheme
from scoring.uncertainty.draw_types import RULES, BlockDraws, CriterionDraws, Floats, Integers, NodeDraws, ReadingDraws
from scoring.uncertainty.variants import get_variant_schemes
from survey.instrument.addresses import option_address
from survey.instrument.schema import CompiledInstrument

CENT_SHIFT = 0.5 + 1e-6  # halves go up, and so does what floats leave just below one


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Scores and levels, one row per draw; `weights` of the rows sum to 1. Scores have two places, as published.

    Without levels in the scheme every level is 0. `sub_pillars` has those with a score.
    """

    weights: Floats
    total: Floats
    level: Integers
    pillars: Mapping[str, Floats]
    pillar_levels: Mapping[str, Integers]
    sub_pillars: Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class CountedValue:
    """What a criterion counted, by variant of what is counted, or the option that was picked."""

    values: tuple[float, ...]
    option: str = ""


def compute_outcomes(
    instrument: CompiledInstrument,
    scheme: ScoringScheme,
    facts: ResponseFacts,
    sheet: ScoreSheet,
    draws: ReadingDraws,
) -> Outcomes:
    """The outcomes of the facts of a response; `sheet` is their score by the scheme itself."""
    variants = [compute_score_sheet(instrument, one, facts) for one in get_variant_schemes(scheme)[1:]]
    counted = _list_counted_values(scheme, [sheet, *variants])
    subs: dict[str, Floats] = {}
    for sub in sheet.sub_pillars:
        if sub.external:
            if sub.score is not None:
                subs[sub.code] = _draw_external(sub.code, float(sub.score), facts, draws)
        else:
            subs[sub.code] = round_cents(combine_block(scheme.sub_pillars[sub.code], draws.blocks[sub.code], counted))
    return aggregate_outcomes(scheme, draws, subs)


def round_cents(values: Floats) -> Floats:
    """Two places, halves up."""
    rounded: Floats = np.floor(values * 100 + CENT_SHIFT) / 100
    return rounded


def _list_counted_values(scheme: ScoringScheme, sheets: Sequence[ScoreSheet]) -> dict[str, CountedValue]:
    choices = {c.id: c.choice for c in scheme.criteria if c.choice}
    counted = {}
    for scores in zip(*(sheet.criteria for sheet in sheets), strict=True):
        ident = scores[0].id
        option = _find_option(scores[0], choices[ident] or "") if ident in choices else ""
        counted[ident] = CountedValue(tuple(float(one.value or 0) for one in scores), option)
    return counted


def _find_option(score: CriterionScore, address: str) -> str:
    """The key of the option that is picked and proven; "" where there is none."""
    prefix = option_address(address, "")
    return next(
        (x.answer_address.removeprefix(prefix) for x in score.counted if x.answer_address.startswith(prefix)), ""
    )


def combine_block(sub: SubPillarScheme, block: BlockDraws, counted: Mapping[str, CountedValue]) -> Floats:
    """The score of a sub-pillar or part under each reading, not rounded."""
    children = [compute_points(block.criteria[c.id], counted[c.id]) for c in sub.criteria]
    children += [combine_block(part, block, counted) for part in sub.parts]
    return join_children(block.nodes[sub.code], np.stack(children, axis=1))


def join_children(node: NodeDraws, children: Floats) -> Floats:
    """Children joined by each reading's rule. `children`: rows × children, perhaps with more axes behind."""
    more = (1,) * (children.ndim - 2)
    shares = node.shares.reshape(*node.shares.shape, *more)
    joined: Floats = (children * shares).sum(axis=1) / shares.sum(axis=1)
    rule = node.rule.reshape(-1, *more)
    if (node.rule == RULES.index("min")).any():
        joined = np.where(rule == RULES.index("min"), children.min(axis=1), joined)
    if (node.rule == RULES.index("max")).any():
        joined = np.where(rule == RULES.index("max"), children.max(axis=1), joined)
    return joined


def compute_points(draws: CriterionDraws, counted: CountedValue) -> Floats:
    """The points of a criterion under each reading."""
    if draws.edges is None:
        if counted.option not in draws.keys:
            return np.zeros(len(draws.points))
        return draws.points[:, draws.keys.index(counted.option)]
    values = np.array(counted.values)[draws.variant]
    reached = (draws.edges <= values[:, None] + 1e-9).sum(axis=1)
    return np.where(
        reached > 0, np.take_along_axis(draws.points, np.maximum(reached - 1, 0)[:, None], axis=1)[:, 0], 0.0
    )


def _draw_external(code: str, score: float, facts: ResponseFacts, draws: ReadingDraws) -> Floats:
    """An outside score: as it is, or where it is an estimate, spread between its bounds, likeliest near it."""
    bounds = facts.external_bounds.get(code)
    if bounds is None:
        return np.full(draws.count, score)
    low, high = min(float(bounds[0]), score), max(float(bounds[1]), score)
    if low == high:
        return np.full(draws.count, score)
    return spread_triangle(draws.externals[code], low, score, high)


def spread_triangle(places: Floats, low: float, top: float, high: float) -> Floats:
    """Quantiles of the triangle from `low` over `top` to `high` at `places` (0 to 1), on two places."""
    cut = (top - low) / (high - low)
    below = low + np.sqrt(places * (high - low) * (top - low))
    above = high - np.sqrt((1 - places) * (high - low) * (high - top))
    return round_cents(np.where(places < cut, below, above))


def aggregate_outcomes(scheme: ScoringScheme, draws: ReadingDraws, subs: Mapping[str, Floats]) -> Outcomes:
    """Pillars, total and levels over the sub-pillars that have a score."""
    gained, known = np.zeros(draws.count), np.zeros(draws.count)
    pillars: dict[str, Floats] = {}
    levels: dict[str, Integers] = {}
    indexes: list[Floats] = []
    for pillar in scheme.pillars:
        codes = [s.code for s in pillar.sub_pillars if s.code in subs]
        if not codes:
            continue
        weights = np.stack([draws.sub_weights[c] for c in codes])
        scores = np.stack([subs[c] for c in codes])
        part = (scores * weights).sum(axis=0)
        pillars[pillar.number] = part / weights.sum(axis=0)
        gained, known = gained + part, known + weights.sum(axis=0)
        index = _compute_indexes(draws, [find_levels(draws, subs[c]) for c in codes])
        indexes.append(index)
        levels[pillar.number] = _round_levels(draws, index)
    total = round_cents(gained / np.where(known > 0, known, 1.0))
    level = _round_levels(draws, _compute_indexes(draws, indexes)) if indexes else np.zeros(draws.count, dtype=np.int64)
    return Outcomes(draws.weights, total, level, pillars, levels, dict(subs))


def find_levels(draws: ReadingDraws, scores: Floats) -> Integers:
    """The level of sub-pillar scores (of two places) under each reading's rule of levels."""
    levels = np.zeros(draws.count, dtype=np.int64)
    for number, rule in enumerate(draws.level_rules):
        rows = draws.level_rule == number
        levels[rows] = level_of_scores(rule, scores[rows])
    return levels


def level_of_scores(rule: LevelRule, scores: Floats) -> Integers:
    """The levels of scores by one rule, judged on two places."""
    cents = np.rint(round_cents(scores) * 100)
    tops = [float(b.edge) * 100 - (0 if b.inclusive else 1) for b in rule.bands if b.edge is not None]
    above = sum(((cents > top).astype(np.int64) for top in tops), np.zeros(scores.shape, dtype=np.int64))
    return above + rule.bands[0].level


def _compute_indexes(draws: ReadingDraws, parts: Sequence[Floats] | Sequence[Integers]) -> Floats:
    stacked = np.stack([p.astype(np.float64) for p in parts])
    index: Floats = stacked.mean(axis=0)
    for number, rule in enumerate(draws.level_rules):
        if rule.index.value == "min":
            index = np.where(draws.level_rule == number, stacked.min(axis=0), index)
    return index


def _round_levels(draws: ReadingDraws, index: Floats) -> Integers:
    levels = np.zeros(draws.count, dtype=np.int64)
    for number, rule in enumerate(draws.level_rules):
        rounded = {
            "floor": np.floor(index + 1e-9),
            "ceiling": np.ceil(index - 1e-9),
            "nearest": np.floor(index + 0.5 + 1e-9),
        }[rule.rounding.value]
        clipped = np.clip(rounded, rule.bands[0].level, rule.bands[-1].level).astype(np.int64)
        levels = np.where(draws.level_rule == number, clipped, levels)
    return levels
