"""Queries of the KPI: the result of a score, also at its lowest and highest, from earlier results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from accounts.models import Province
from scoring.engine.queries import ScoredResponse
from scoring.engine.score_tables import ScoreTableError, score_table
from scoring.engine.sheet import ScoreSheet
from scoring.kpi import rules as kpi
from scoring.kpi.registry import get_kpi_scheme
from scoring.kpi.types import KpiPartResult, KpiResult, KpiTarget, ProvinceResult
from scoring.results.queries import PublishedResults
from scoring.scheme import registry
from scoring.scheme.queries import get_scheme_of_year


def evaluate_province_kpi(province: Province, sheet: ScoreSheet, past: list[PublishedResults]) -> KpiResult | None:
    """The KPI result of a score sheet, or None when no KPI is known for its year."""
    current = ProvinceResult(sheet.total, tuple(p.level for p in sheet.pillars if p.level is not None))
    return evaluate_result_kpi(province, sheet.year, current, past)


def evaluate_result_kpi(
    province: Province, year: int, current: ProvinceResult, past: list[PublishedResults]
) -> KpiResult | None:
    """The KPI result of a year's result, published or not, or None when no KPI is known for the year."""
    scheme = get_kpi_scheme(year)
    if scheme is None:
        return None
    results = {y.year: result for y in past if (result := get_past_result(y)) is not None}
    return kpi.evaluate_kpi(scheme, province.code, current, results)


def evaluate_published_kpi(province: Province, own: PublishedResults, past: list[PublishedResults]) -> KpiResult | None:
    """The KPI result by the published result of its year, or None when no KPI or no result is known for it."""
    scheme, current = get_kpi_scheme(own.year), get_past_result(own)
    if scheme is None or current is None:
        return None
    results = {y.year: result for y in past if (result := get_past_result(y)) is not None}
    return kpi.evaluate_kpi(scheme, province.code, current, results)


class TargetRange(NamedTuple):
    """A target, whether it is reached even at the lowest, and whether it may be at the highest."""

    target: KpiTarget
    certain: bool
    possible: bool


@dataclass(frozen=True, slots=True)
class KpiRange:
    """The KPI with the score at its lowest, best and highest."""

    low: KpiResult
    best: KpiResult
    high: KpiResult

    @property
    def is_open(self) -> bool:
        """Whether the points are not certain."""
        return self.low.points != self.high.points

    def rows(self) -> list[tuple[KpiPartResult, KpiPartResult, KpiPartResult, list[TargetRange]]]:
        """Each part at its best estimate, lowest and highest, and its targets."""
        rows = []
        for part, low, high in zip(self.best.parts, self.low.parts, self.high.parts, strict=True):
            target_triples = zip(part.targets, low.targets, high.targets, strict=True)
            rows.append(
                (part, low, high, [TargetRange(t, bool(a.reached), bool(b.reached)) for t, a, b in target_triples])
            )
        return rows


def evaluate_kpi_range(province: Province, scored: ScoredResponse, past: list[PublishedResults]) -> KpiRange | None:
    """The KPI over the range of a score, or None when no KPI is known for its year."""
    scheme = get_kpi_scheme(scored.sheet.year)
    best = evaluate_province_kpi(province, scored.sheet, past)
    if scheme is None or best is None:
        return None
    earlier = {y.year: result for y in past if (result := get_past_result(y)) is not None}
    pillars = scored.ranges.pillars.values()
    low = ProvinceResult(scored.ranges.total.low, tuple(p.level_low for p in pillars if p.level_low is not None))
    high = ProvinceResult(scored.ranges.total.high, tuple(p.level_high for p in pillars if p.level_high is not None))
    extremes = [kpi.evaluate_kpi(scheme, province.code, result, earlier) for result in (low, high)]
    return KpiRange(extremes[0], best, extremes[1])


def get_past_result(year: PublishedResults) -> ProvinceResult | None:
    """A province's published result; its pillar levels follow from its sub-pillars by that year's scheme."""
    total = year.total("province")
    if total is None:
        return None
    sub_pillar_scores = {
        code: row.score
        for (subject, kind, code), row in year.figures.items()
        if (subject, kind) == ("province", "sub_pillar")
    }
    levels: tuple[int, ...] = ()
    if sub_pillar_scores:
        try:
            scored_table = score_table(get_scheme_of_year(year.year).scheme, sub_pillar_scores)
        except (registry.MissingScheme, ScoreTableError):
            pass
        else:
            levels = tuple(p.level for p in scored_table.pillars if p.level is not None)
    return ProvinceResult(total.marked_score, levels)
