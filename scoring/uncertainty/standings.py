"""Published standings and weights of an earlier year, confronted with rules of levels and with weightings. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from scoring.scheme.types import LevelRule, PillarScheme, ScoringScheme
from scoring.scheme.uncertainty_types import Evidence, PublishedStanding
from scoring.uncertainty.constraints import AVERAGE, Constraint, find_linked_code
from scoring.uncertainty.draw_types import Floats
from scoring.uncertainty.outcomes import level_of_scores

WEIGHT_TOLERANCE = 0.02  # a pillar's published score against the mean of its published sub-pillars: two roundings


def list_level_constraints(evidence: Evidence, rules: Sequence[LevelRule]) -> Iterator[Constraint]:
    """Each published standing, and 1 for each rule of levels that contradicts it (else 0) as its distance."""
    for column, standing in evidence.standings.items():
        for name, value in _list_claims(standing):
            given = np.array([_tell(evidence, rule, column, name) for rule in rules])
            distance = (given != value).astype(np.float64)
            yield Constraint(
                f"{evidence.year}/{column}/{name}", "levels", "", float(value), 0.5, given, given, distance[:, None]
            )


def _list_claims(standing: PublishedStanding) -> Iterator[tuple[str, float]]:
    if standing.level is not None:
        yield "level", standing.level
    if standing.pillars_at_3 is not None:
        yield "pillars_at_3", standing.pillars_at_3
    if standing.strongest:
        yield "strongest", float(standing.strongest)
    if standing.weakest:
        yield "weakest", float(standing.weakest)


def _tell(evidence: Evidence, rule: LevelRule, column: str, name: str) -> float:
    indexes: dict[str, float] = {}
    for code, published in evidence.sub_pillars.items():
        if column in published.columns:
            level = int(level_of_scores(rule, np.array([published.columns[column]]))[0])
            indexes.setdefault(code.split(".")[0], 0.0)
            indexes[code.split(".")[0]] += level
    for number in indexes:
        codes = [c for c, p in evidence.sub_pillars.items() if c.split(".")[0] == number and column in p.columns]
        indexes[number] /= len(codes)
    if name == "strongest":
        return float(max(indexes, key=lambda n: indexes[n]))
    if name == "weakest":
        return float(min(indexes, key=lambda n: indexes[n]))
    levels = [int(_round(rule, i)) for i in indexes.values()]
    if name == "pillars_at_3":
        return float(sum(x >= 3 for x in levels))
    return _round(rule, sum(indexes.values()) / len(indexes))


def _round(rule: LevelRule, index: float) -> float:
    if rule.rounding.value == "floor":
        return float(np.floor(index + 1e-9))
    return float(np.ceil(index - 1e-9) if rule.rounding.value == "ceiling" else np.floor(index + 0.5 + 1e-9))


def list_weight_constraints(
    scheme: ScoringScheme, pillar: PillarScheme, weightings: Sequence[tuple[float, ...]], evidence: Evidence
) -> Iterator[Constraint]:
    """Published pillar scores against each weighting, where the pillar weighs and holds the same as in that year."""
    codes = [find_linked_code(scheme, evidence, s.code) for s in pillar.sub_pillars]
    there = [c for c in evidence.sub_pillars if c.split(".")[0] == pillar.number]
    weight = sum(evidence.sub_pillars[c].weight for c in there)
    if sorted(filter(None, codes)) != sorted(there) or weight != float(pillar.weight.value) or len(there) < 2:
        return
    table = np.array(weightings)
    for column, score in evidence.pillars.get(pillar.number, {}).items():
        subs = np.array([evidence.sub_pillars[c or ""].columns.get(column, np.nan) for c in codes])
        given: Floats = table @ subs / table.sum(axis=1)
        if np.isnan(given).any():
            continue
        distance = np.maximum(np.abs(given - score) - WEIGHT_TOLERANCE, 0.0)
        ident = f"{evidence.year}/{column}/pillar-{pillar.number}"
        yield Constraint(ident, "weights", pillar.number, score, WEIGHT_TOLERANCE, given, given, distance[None, :])


def list_table_constraints(evidence: Evidence) -> Iterator[Constraint]:
    """Published pillar scores and totals against that year's own weights: whether the columns hold together."""
    columns = sorted({c for p in evidence.pillars.values() for c in p} | set(evidence.total))
    weights = {
        n: sum(p.weight for c, p in evidence.sub_pillars.items() if c.split(".")[0] == n) for n in evidence.pillars
    }
    for column in sorted(columns, key=lambda c: (c == AVERAGE, c)):
        gained = 0.0
        for number, scores in evidence.pillars.items():
            own = [p for c, p in evidence.sub_pillars.items() if c.split(".")[0] == number]
            part = sum(p.columns.get(column, np.nan) * p.weight for p in own)
            gained += part
            if column in scores:
                yield _compare(
                    f"{evidence.year}/{column}/table-{number}", number, scores[column], part / weights[number]
                )
        if column in evidence.total:
            yield _compare(
                f"{evidence.year}/{column}/table-total", "", evidence.total[column], gained / sum(weights.values())
            )


def _compare(ident: str, code: str, published: float, given: float) -> Constraint:
    value, distance = np.array([given]), np.array([[max(abs(given - published) - 0.01, 0.0)]])
    return Constraint(ident, "weights", code, published, 0.05, value, value, distance)
