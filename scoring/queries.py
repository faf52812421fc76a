"""Reads of scoring: the sheet of a response, outside scores, published results, the KPI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Q

from accounts.models import Province
from dgready.recent import Recent
from evidence.attaching.queries import marked_addresses
from scoring import kpi, registry
from scoring.asjson import places, to_json
from scoring.engine import Facts, score
from scoring.levels import TableError, score_table
from scoring.models import ExternalScore, OfficialResult
from scoring.readings import Spread, spread
from scoring.scheme import Scheme
from scoring.sheet import ScoreSheet
from scoring.versions import scheme_of
from survey.answering.queries import path_of, response_state, state_key
from survey.instrument.queries import instrument_of
from survey.instrument.schema import Instrument as Compiled
from survey.instrument.schema import Value
from survey.models import Response


@dataclass(frozen=True, eq=False)
class Scored:
    """The score of a response in one state, with what it was made from. `spread` is made when first asked for.

    `values`: every stored answer, on the path or not.
    """

    instrument: Compiled
    scheme: Scheme
    facts: Facts
    sheet: ScoreSheet
    values: Mapping[str, Value]

    @cached_property
    def spread(self) -> Spread:
        """The range around the sheet."""
        return spread(self.instrument, self.scheme, self.facts, self.sheet)


# A sheet costs less to make than to pickle, so it is kept as it is rather than in the shared cache.
_recent: Recent[Scored] = Recent(64)


def scored(response: Response) -> Scored:
    """The score of a response: answers, evidence and outside scores in one query each, none when kept.

    Every write moves the response's version and head on, so these name its state.
    Raises registry.MissingScheme, registry.FaultyScheme.
    """
    instrument = instrument_of(response.round.instrument)
    loaded = scheme_of(response.round)
    state = state_key(response)
    key = (*state, loaded.checksum) if state else None

    def make() -> Scored:
        facts = facts_of(response)
        sheet = score(instrument, loaded.scheme, facts)
        return Scored(instrument, loaded.scheme, facts, sheet, response_state(response).values)

    return _recent.get(key, make)


def scoresheet(response: Response) -> ScoreSheet:
    """The ScoreSheet of a response; queries and errors as `scored`."""
    return scored(response).sheet


def facts_of(response: Response) -> Facts:
    """What the engine is given. Three queries."""
    given = ExternalScore.objects.filter(response=response).values_list("sub_pillar", "score")
    return Facts(path_of(response), marked_addresses(response), dict(given))


def externals_of(response: Response) -> dict[str, ExternalScore]:
    """The outside scores of a response by sub-pillar, with who entered them. One query."""
    rows = ExternalScore.objects.filter(response=response).select_related("entered_by")
    return {row.sub_pillar: row for row in rows}


def frozen_parts(response: Response) -> dict[str, Any]:
    """What a frozen response records of scoring: the scheme with its text, outside scores, the whole sheet."""
    loaded = scheme_of(response.round)
    found = scored(response)
    return {
        "scheme": {
            "key": loaded.scheme.key,
            "year": loaded.scheme.year,
            "version": loaded.scheme.version,
            "checksum": loaded.checksum,
            "source": loaded.text,
        },
        "external": [
            {
                "sub_pillar": row.sub_pillar,
                "score": places(row.score),
                "source": row.source,
                "dated": row.dated.isoformat(),
                "entered_by": row.entered_by_id,
            }
            for row in externals_of(response).values()
        ],
        "score": to_json(found.sheet, found.spread),
    }


# -- published results ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class YearResults:
    """The published figures of a year by subject ("province", "average", "rank-1"), kind and code."""

    year: int
    figures: Mapping[tuple[str, str, str], OfficialResult] = field(default_factory=dict)

    def score(self, subject: str, kind: str, code: str) -> Decimal | None:
        """A figure's score, or None where nothing is published."""
        found = self.figures.get((subject, kind, code))
        return found.score if found else None

    def total(self, subject: str) -> OfficialResult | None:
        """The whole result of a subject."""
        return self.figures.get((subject, "total", "total"))

    def has(self, subject: str) -> bool:
        """Whether anything of this subject is published."""
        return any(key[0] == subject for key in self.figures)


def compared(province: Province, year: int) -> list[YearResults]:
    """Published results of the years before `year`, newest first: the province, average, rank 1. One query."""
    rows = OfficialResult.objects.filter(Q(province=province) | Q(province=None), year__lt=year)
    by_year: dict[int, dict[tuple[str, str, str], OfficialResult]] = {}
    for row in rows:
        by_year.setdefault(row.year, {})[row.subject, row.kind, row.code] = row
    return [YearResults(y, by_year[y]) for y in sorted(by_year, reverse=True)]


# -- the KPI --------------------------------------------------------------------------------------


def kpi_standing(province: Province, sheet: ScoreSheet, past: list[YearResults]) -> kpi.KpiStanding | None:
    """Where the sheet stands in the KPI of its year, or None when no KPI is known for it."""
    scheme = registry.kpi_of(sheet.year)
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
    scheme = registry.kpi_of(found.sheet.year)
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
            response_state = score_table(registry.scheme_of_year(year.year).scheme, subs)
        except (registry.MissingScheme, TableError):
            pass
        else:
            levels = tuple(p.level for p in response_state.pillars if p.level is not None)
    return kpi.Result(total.score, levels)
