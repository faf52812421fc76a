"""Counting what is kept of one provincial answer: progress, evidence, open points, score with its interval, facts."""

from __future__ import annotations

from typing import Any

from evidence.attaching.queries import marked_addresses
from nation.facts.contribution import contribute
from nation.figures.standing_levels import read_levels
from scoring.engine.as_json import format_decimal
from scoring.engine.levels import round_score
from scoring.engine.queries import ScoredResponse, score_response
from scoring.headline.queries import read_year_results
from scoring.scheme.queries import get_scheme_of_year
from scoring.scheme.registry import FaultyScheme, MissingScheme
from scoring.uncertainty.queries import get_uncertainty
from survey.answering.queries import response_path
from survey.approval.review import current_open_points
from survey.instrument.progress import progress_by_section, total_progress
from survey.models import Response


def count_answer(response: Response) -> dict[str, Any]:
    """The fields of ProvinceFigures that are counted of an answer. A dozen queries at most."""
    path = response_path(response)
    progress = total_progress(progress_by_section(path, set(marked_addresses(response))))
    score, levels = _count_score(response)
    return {
        "asked": progress.total,
        "answered": progress.answered,
        "places": progress.evidence,
        "unproven": progress.missing_evidence,
        "open_points": len(current_open_points(response)),
        "facts": contribute(path) | levels,
        **score,
    }


def _count_score(response: Response) -> tuple[dict[str, Any], dict[str, Any]]:
    """Score, interval and level, and the levels that the report counts; empty where the form has no scheme."""
    try:
        scored = score_response(response)
    except (MissingScheme, FaultyScheme):
        return {"total": None, "low": None, "high": None, "level": None, "scores": {}}, _published_levels(response)
    published = read_year_results(response)
    sure = get_uncertainty(scored, response.round.province, published.past)
    return {
        "total": sure.total.median if scored.sheet.total is None else round_score(scored.sheet.total),
        "low": sure.total.low,
        "high": sure.total.high,
        "level": scored.sheet.level,
        "scores": _scores(scored),
    }, read_levels(scored.scheme, published.own, scored.sheet)


def _published_levels(response: Response) -> dict[str, Any]:
    """The levels that are published, of a year whose scheme scores tables only; empty where nothing is."""
    published = read_year_results(response).own
    if published is None:
        return {}
    try:
        return read_levels(get_scheme_of_year(response.round.year).scheme, published)
    except (MissingScheme, FaultyScheme):
        return {}


def _scores(scored: ScoredResponse) -> dict[str, Any]:
    """Pillars by number and sub-pillars by code, each with score and level."""
    sheet = scored.sheet
    return {
        "pillars": {p.number: {"score": format_decimal(p.score), "level": p.level} for p in sheet.pillars},
        "sub_pillars": {s.code: {"score": format_decimal(s.score), "level": s.level} for s in sheet.sub_pillars},
    }
