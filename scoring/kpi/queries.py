"""Reads of the KPI: where a score stands, over its range, against earlier results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from accounts.models import Province
from scoring.engine.levels import ScoreTableError, score_table
from scoring.engine.queries import ScoredResponse
from scoring.engine.sheet import ScoreSheet
from scoring.kpi import rules as kpi
from scoring.kpi.registry import get_kpi_scheme
from scoring.results.queries import PublishedResults
from scoring.scheme import registry


def evaluate_province_kpi(province: Province, sheet: ScoreSheet, past: list[PublishedResults]) -> kpi.KpiResult | None:
    """Where the sheet stands in the KPI of its year, or None when no KPI is known for it."""
    scheme = get_kpi_scheme(sheet.year)
    if scheme is None:
        return None
    results = {y.year: found for y in past if (found := get_past_result(y)) is not None}
    now = kpi.ProvinceResult(sheet.total, tuple(p.level for p in sheet.pillars if p.level is not None))
    return kpi.evaluate_kpi(scheme, province.code, now, results)


class TargetRange(NamedTuple):
    """A target, whether it is reached even at the lowest, and whether it may be at the highest."""

    target: kpi.KpiTarget
    certain: bool
    possible: bool


@dataclass(frozen=True, slots=True)
class KpiRange:
    """The KPI with the score at its lowest, best and highest."""

    low: kpi.KpiResult
    best: kpi.KpiResult
    high: kpi.KpiResult

    @property
    def is_open(self) -> bool:
        """Whether the points are not certain."""
        return self.low.points != self.high.points

    def rows(self) -> list[tuple[kpi.KpiPartResult, kpi.KpiPartResult, kpi.KpiPartResult, list[TargetRange]]]:
        """Each part at its best estimate, lowest and highest, and its targets."""
        out = []
        for part, low, high in zip(self.best.parts, self.low.parts, self.high.parts, strict=True):
            ends = zip(part.targets, low.targets, high.targets, strict=True)
            out.append((part, low, high, [TargetRange(t, a.reached, b.reached) for t, a, b in ends]))
        return out


def evaluate_kpi_range(province: Province, found: ScoredResponse, past: list[PublishedResults]) -> KpiRange | None:
    """The KPI over the range of a score, or None when no KPI is known for its year."""
    scheme = get_kpi_scheme(found.sheet.year)
    best = evaluate_province_kpi(province, found.sheet, past)
    if scheme is None or best is None:
        return None
    earlier = {y.year: result for y in past if (result := get_past_result(y)) is not None}
    pillars = found.spread.pillars.values()
    low = kpi.ProvinceResult(found.spread.total.low, tuple(p.level_low for p in pillars if p.level_low is not None))
    high = kpi.ProvinceResult(found.spread.total.high, tuple(p.level_high for p in pillars if p.level_high is not None))
    ends = [kpi.evaluate_kpi(scheme, province.code, result, earlier) for result in (low, high)]
    return KpiRange(ends[0], best, ends[1])


def get_past_result(year: PublishedResults) -> kpi.ProvinceResult | None:
    """A province's published result; its pillar levels follow from its sub-pillars by that year's scheme."""
    total = year.total("province")
    if total is None:
        return None
    subs = {
        code: row.score for (who, kind, code), row in year.figures.items() if (who, kind) == ("province", "sub_pillar")
    }
    levels: tuple[int, ...] = ()
    if subs:
        try:
            scored_table = score_table(registry.get_scheme_by_year(year.year).scheme, subs)
        except (registry.MissingScheme, ScoreTableError):
            pass
        else:
            levels = tuple(p.level for p in scored_table.pillars if p.level is not None)
    return kpi.ProvinceResult(total.score, levels)
