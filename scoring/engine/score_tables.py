"""Tables of sub-pillar scores aggregated by a scheme: of a province, or of each of its agencies. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from scoring.engine.aggregates import AggregateScore, aggregate_scores
from scoring.engine.levels import HUNDRED
from scoring.scheme.types import ScoringScheme


class ScoreTableError(ValueError):
    """A table that cannot be scored; `problems` says why, one line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def list_table_codes(scheme: ScoringScheme) -> tuple[str, ...]:
    """The codes a table for this scheme has: sub-pillars, and pillars that have none."""
    return tuple(code for p in scheme.pillars for code in ([s.code for s in p.sub_pillars] or [p.number]))


def score_agencies(
    scheme: ScoringScheme, tables: Mapping[str, Mapping[str, Decimal]]
) -> tuple[AggregateScore, dict[str, AggregateScore]]:
    """A province whose agencies answered each for itself: the mean of their tables, and each by itself.

    Raises ScoreTableError, also where the scheme has the province answer.
    """
    if scheme.respondents is None:
        raise ScoreTableError([f"{scheme.key} is answered by the province: leave out the column agency"])
    agency_scores: dict[str, AggregateScore] = {}
    problems: list[str] = []
    for name, scores in tables.items():
        try:
            agency_scores[name] = score_table(scheme, scores)
        except ScoreTableError as error:
            problems += [f"{name}: {problem}" for problem in error.problems]
    if problems or not agency_scores:
        raise ScoreTableError(problems or ["no agency is in the table"])
    means = {
        code: sum((t[code] for t in tables.values()), Decimal(0)) / len(tables) for code in list_table_codes(scheme)
    }
    return aggregate_scores(scheme, means), agency_scores


def score_table(scheme: ScoringScheme, scores: Mapping[str, Decimal]) -> AggregateScore:
    """The aggregate score of a full table of sub-pillar scores 0–100. Raises ScoreTableError."""
    expected_codes = list_table_codes(scheme)
    problems = [f"no score for {code}" for code in expected_codes if code not in scores]
    problems += [f"{code} is not in {scheme.key}" for code in scores if code not in expected_codes]
    for code, score in scores.items():
        if not score.is_finite() or not 0 <= score <= HUNDRED:
            problems.append(f"{code}: {score} is not between 0 and 100")
    if problems:
        raise ScoreTableError(problems)
    return aggregate_scores(scheme, scores)
