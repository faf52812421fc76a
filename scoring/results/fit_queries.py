"""Queries of fitting: official scores, and what a fit of the newest scheme to them would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from scoring.engine.facts import ResponseFacts
from scoring.engine.score import compute_score_sheet
from scoring.engine.sheet import ScoreSheet
from scoring.models import OfficialResult
from scoring.results.fitted_file import write_fitted_scheme
from scoring.results.scheme_fit import SchemeFit, fit_scheme
from scoring.scheme import registry
from scoring.scheme.marked import mark_score
from scoring.scheme.queries import get_newest_scheme
from scoring.scheme.registry import LoadedScheme
from survey.instrument.queries import compiled_instrument
from survey.models import Response


@dataclass(frozen=True, slots=True, eq=False)
class FitProposal:
    """What fitting would change. `before`, `after`: the scores of the same facts by `base` and by `text`."""

    base: LoadedScheme
    text: str
    fit: SchemeFit
    official: Mapping[str, Decimal]
    before: ScoreSheet
    after: ScoreSheet


def get_official_scores(response: Response) -> dict[str, Decimal]:
    """The official sub-pillar scores of the response's year and province, each with its origin. One query."""
    rows = OfficialResult.objects.filter(
        year=response.round.year, province=response.round.province, kind=OfficialResult.Kind.SUB_PILLAR
    )
    return {code: mark_score(score, origin) for code, score, origin in rows.values_list("code", "score", "origin")}


def propose_fit(response: Response, facts: ResponseFacts) -> FitProposal | None:
    """The fit of the newest version to the official result, or None where no result is entered.

    Two queries. Raises as `get_round_scheme`.
    """
    official = get_official_scores(response)
    if not official:
        return None
    instrument = compiled_instrument(response.round.instrument)
    base = get_newest_scheme(instrument)
    before = compute_score_sheet(instrument, base.scheme, facts)
    scheme_fit = fit_scheme(base.scheme, before, official)
    if not scheme_fit.moves:
        return FitProposal(base, base.text, scheme_fit, official, before, before)
    province, year = response.round.province, response.round.year
    text = write_fitted_scheme(
        base.text,
        scheme_fit,
        f"ปรับให้ตรงกับผลที่ประกาศปี {year} จังหวัด{province.name_th}",
        f"Fitted to the official result of {year}, {province.name_en}",
    )
    fitted = registry.validate_scheme(registry.parse_scheme_text(text, Path(f"{base.scheme.key}.yaml")), instrument)
    return FitProposal(base, text, scheme_fit, official, before, compute_score_sheet(instrument, fitted.scheme, facts))
