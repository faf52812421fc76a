"""Reads of the KPI: where a score stands, over its range, against earlier results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from accounts.models import Province
from scoring.engine.levels import TableError, score_table
from scoring.engine.queries import Scored
from scoring.engine.sheet import ScoreSheet
from scoring.kpi import rules as kpi
from scoring.kpi.registry import kpi_of
from scoring.results.queries import YearResults
from scoring.scheme import registry


def kpi_standing(province: Province, sheet: ScoreSheet, past: list[YearResults]) -> kpi.KpiStanding | None:
    """Where the sheet stands in the KPI of its year, or None when no KPI is known for it."""
    scheme = kpi_of(sheet.year)
    if scheme is None:
        return None
    results = {y.year: found for y in past if (found := past_result(y)) is not None}
    now = kpi.Result(sheet.total, tuple(p.level for p in sheet.pillars if p.level is not None))
    return kpi.stand(scheme, province.code, now, results)


class Reached(NamedTuple):
    """A target, whether it is reached even at the lowest, and whether it may be at the highest."""

    target: kpi.Target
    certain: bool
    possible: bool


@dataclass(frozen=True, slots=True)
class KpiRange:
    """The KPI with the score at its lowest, best and highest."""

    low: kpi.KpiStanding
    best: kpi.KpiStanding
    high: kpi.KpiStanding

    @property
    def is_open(self) -> bool:
        """Whether the points are not certain."""
        return self.low.points != self.high.points

    def rows(self) -> list[tuple[kpi.PartStanding, kpi.PartStanding, kpi.PartStanding, list[Reached]]]:
        """Each part at its best estimate, lowest and highest, and its targets."""
        out = []
        for part, low, high in zip(self.best.parts, self.low.parts, self.high.parts, strict=True):
            ends = zip(part.targets, low.targets, high.targets, strict=True)
            out.append((part, low, high, [Reached(t, a.reached, b.reached) for t, a, b in ends]))
        return out


def kpi_range(province: Province, found: Scored, past: list[YearResults]) -> KpiRange | None:
    """The KPI over the range of a score, or None when no KPI is known for its year."""
    scheme = kpi_of(found.sheet.year)
    best = kpi_standing(province, found.sheet, past)
    if scheme is None or best is None:
        return None
    earlier = {y.year: result for y in past if (result := past_result(y)) is not None}
    pillars = found.spread.pillars.values()
    low = kpi.Result(found.spread.total.low, tuple(p.level_low for p in pillars if p.level_low is not None))
    high = kpi.Result(found.spread.total.high, tuple(p.level_high for p in pillars if p.level_high is not None))
    ends = [kpi.stand(scheme, province.code, result, earlier) for result in (low, high)]
    return KpiRange(ends[0], best, ends[1])


def past_result(year: YearResults) -> kpi.Result | None:
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
            scored_table = score_table(registry.scheme_of_year(year.year).scheme, subs)
        except (registry.MissingScheme, TableError):
            pass
        else:
            levels = tuple(p.level for p in scored_table.pillars if p.level is not None)
    return kpi.Result(total.score, levels)
