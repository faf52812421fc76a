"""Queries of fitting: official scores, and what a fit of the newest scheme to them would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import unified_diff
from pathlib import Path

from dgready.canonical import sha256_hex
from scoring.engine.facts import ResponseFacts
from scoring.engine.score import compute_score_sheet
from scoring.engine.sheet import ScoreSheet
from scoring.models import OfficialResult
from scoring.results.fit_cases import YearCases, read_year_cases
from scoring.results.fitting.joint_fit import fit_scheme
from scoring.results.fitting.scheme_text import write_fitted_scheme
from scoring.results.fitting.types import FitCase, SchemeFit
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


@dataclass(frozen=True, slots=True, eq=False)
class JointProposal:
    """What fitting a year's scheme to all provinces would change; `text`: the file, the base's own without moves."""

    year: int
    found: YearCases
    fit: SchemeFit
    text: str

    @property
    def checksum(self) -> str:
        """Of the text: what was looked at is what is stored."""
        return sha256_hex(self.text)

    @property
    def diff(self) -> str:
        """The lines of the file that change."""
        path = self.found.base.path.name
        lines = unified_diff(
            self.found.base.text.splitlines(), self.text.splitlines(), path, f"{path} (new)", n=0, lineterm=""
        )
        return "\n".join(lines)


def propose_joint_fit(year: int) -> JointProposal | None:
    """The fit of a year's newest scheme to every province with an official result and an answer; None without any.

    Queries and errors as `read_year_cases`.
    """
    found = read_year_cases(year)
    if found is None or not (found.cases or found.columns):
        return None
    fit = fit_scheme(found.base.scheme, found.cases, found.columns)
    if not fit.moves:
        return JointProposal(year, found, fit, found.base.text)
    count = len(found.cases)
    text = write_fitted_scheme(
        found.base.text,
        fit.moves,
        f"ปรับให้ตรงกับผลที่ประกาศปี {year} ของ {count} จังหวัด",
        f"Fitted to the official results of {year}, {count} provinces",
    )
    parsed = registry.parse_scheme_text(text, Path(f"{found.base.scheme.key}.yaml"))
    registry.validate_scheme(parsed, found.instrument)
    return JointProposal(year, found, fit, text)


def get_official_scores(response: Response) -> dict[str, Decimal]:
    """The official sub-pillar scores of the response's year and province, each with its origin. One query."""
    rows = OfficialResult.objects.newest().filter(
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
    scheme_fit = fit_scheme(base.scheme, [FitCase(response.round.province.code, before, official)])
    if not scheme_fit.moves:
        return FitProposal(base, base.text, scheme_fit, official, before, before)
    province, year = response.round.province, response.round.year
    text = write_fitted_scheme(
        base.text,
        scheme_fit.moves,
        f"ปรับให้ตรงกับผลที่ประกาศปี {year} จังหวัด{province.name_th}",
        f"Fitted to the official result of {year}, {province.name_en}",
    )
    fitted = registry.validate_scheme(registry.parse_scheme_text(text, Path(f"{base.scheme.key}.yaml")), instrument)
    return FitProposal(base, text, scheme_fit, official, before, compute_score_sheet(instrument, fitted.scheme, facts))
