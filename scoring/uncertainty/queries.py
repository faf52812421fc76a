"""Queries of uncertainty: that of a scored response. No query of their own."""

from __future__ import annotations

from accounts.models import Province
from scoring.engine.queries import ScoredResponse
from scoring.kpi.queries import get_past_result
from scoring.kpi.registry import get_kpi_scheme
from scoring.results.queries import PublishedResults
from scoring.uncertainty.draws import draw_readings
from scoring.uncertainty.kpi_chances import compute_kpi_points
from scoring.uncertainty.outcomes import compute_outcomes
from scoring.uncertainty.summary import ScoreUncertainty, summarize_outcomes


def get_uncertainty(scored: ScoredResponse, province: Province, past: list[PublishedResults]) -> ScoreUncertainty:
    """How sure a score is: over the drawn readings of its scheme. `past`: what is published of earlier years."""
    draws = draw_readings(scored.instrument, scored.scheme)
    outcomes = compute_outcomes(scored.instrument, scored.scheme, scored.facts, scored.sheet, draws)
    kpi = get_kpi_scheme(scored.sheet.year)
    if kpi is None:
        return summarize_outcomes(outcomes, draws)
    earlier = {y.year: result for y in past if (result := get_past_result(y)) is not None}
    return summarize_outcomes(outcomes, draws, compute_kpi_points(kpi, province.code, outcomes, earlier))
