"""Reads of fitting: what a fit of the newest scheme to an official result would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from scoring.engine.score import Facts, score
from scoring.engine.sheet import ScoreSheet
from scoring.models import OfficialResult
from scoring.results.fit import Fit, fit, fitted_text
from scoring.scheme import registry
from scoring.scheme.queries import newest
from scoring.scheme.registry import Loaded
from survey.instrument.queries import instrument_of
from survey.models import Response


@dataclass(frozen=True, slots=True, eq=False)
class FitProposal:
    """What fitting would change. `before`, `after`: the scores of the same facts by `base` and by `text`."""

    base: Loaded
    text: str
    fit: Fit
    official: Mapping[str, Decimal]
    before: ScoreSheet
    after: ScoreSheet


def official_scores(response: Response) -> dict[str, Decimal]:
    """The official sub-pillar scores of the response's year and province. One query."""
    rows = OfficialResult.objects.filter(
        year=response.round.year, province=response.round.province, kind=OfficialResult.Kind.SUB_PILLAR
    )
    return dict(rows.values_list("code", "score"))


def fit_proposal(response: Response, facts: Facts) -> FitProposal | None:
    """The fit of the newest version to the official result, or None where no result is entered.

    Two queries. Raises as `scheme_of`.
    """
    official = official_scores(response)
    if not official:
        return None
    instrument = instrument_of(response.round.instrument)
    base = newest(instrument)
    before = score(instrument, base.scheme, facts)
    found = fit(base.scheme, before, official)
    if not found.moves:
        return FitProposal(base, base.text, found, official, before, before)
    province, year = response.round.province, response.round.year
    text = fitted_text(
        base.text,
        found,
        f"ปรับให้ตรงกับผลที่ประกาศปี {year} จังหวัด{province.name_th}",
        f"Fitted to the official result of {year}, {province.name_en}",
    )
    fitted = registry.checked(registry.read_text(text, Path(f"{base.scheme.key}.yaml")), instrument)
    return FitProposal(base, text, found, official, before, score(instrument, fitted.scheme, facts))
