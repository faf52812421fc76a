"""The score of a response in words and bars, beside the last published result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from dgready.language import reader_language
from scoring.engine.explain import format_number
from scoring.engine.levels import round_score
from scoring.engine.queries import ScoredResponse, score_response
from scoring.engine.sheet import ScoreSheet
from scoring.kpi.queries import KpiRange, evaluate_kpi_range
from scoring.kpi.types import KpiResult
from scoring.results.queries import PublishedResults, list_results_before
from scoring.scheme import registry
from scoring.scheme.wording import format_marked
from survey.models import Response

PROVINCE = "province"


@dataclass(frozen=True, slots=True)
class PillarBar:
    """A pillar's bar: its score, level and change from the last published result."""

    number: str
    name: str
    weight: str
    score: str
    range: str
    width: str
    level: int | None
    change: str
    better: bool


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """The score of a response and its pillars, formatted for the page."""

    sheet: ScoreSheet
    total: str
    level_name: str
    last: PublishedResults | None
    last_total: str
    change: str
    better: bool
    range: tuple[str, str] | None
    unknown: tuple[str, ...]
    bars: tuple[PillarBar, ...]
    kpi: KpiResult | None
    kpi_range: KpiRange | None


def score_card(response: Response) -> ScoreCard | None:
    """The score beside last year's, or None where this year has no scoring scheme."""
    try:
        scored_response = score_response(response)
    except (registry.MissingScheme, registry.FaultyScheme):
        return None
    language, sheet, total_spread = reader_language(), scored_response.sheet, scored_response.ranges.total
    province = response.round.province
    past = list_results_before(province, response.round.year)
    last_results = next((y for y in past if y.total(PROVINCE) is not None), None)
    before = last_results.score(PROVINCE, "total", "total") if last_results else None
    name = registry.get_level_names().get(sheet.level) if sheet.level else None
    ends = evaluate_kpi_range(province, scored_response, past)
    return ScoreCard(
        sheet=sheet,
        total=_score_text(sheet.total),
        level_name=name.short.to(language) if name else "",
        last=last_results,
        last_total=_score_text(before),
        change=_change_text(sheet.total, before),
        better=_is_better(sheet.total, before),
        range=(_score_text(total_spread.low), _score_text(total_spread.high)) if total_spread.is_open else None,
        unknown=sheet.unknown,
        bars=tuple(_pillar_bars(scored_response, last_results, language)),
        kpi=ends.best if ends else None,
        kpi_range=ends if ends and ends.is_open else None,
    )


def _pillar_bars(found: ScoredResponse, last: PublishedResults | None, language: str) -> Iterator[PillarBar]:
    for pillar in found.sheet.pillars:
        span = found.ranges.pillars[pillar.number]
        before = last.score(PROVINCE, "pillar", pillar.number) if last else None
        yield PillarBar(
            number=pillar.number,
            name=pillar.name.to(language),
            weight=format_number(pillar.weight.value),
            score=_score_text(pillar.score),
            range=f"{_score_text(span.low)}–{_score_text(span.high)}" if span.is_open else "",
            width=f"{round_score(pillar.score or Decimal(0)):f}",
            level=pillar.level,
            change=_change_text(pillar.score, before),
            better=_is_better(pillar.score, before),
        )


def _score_text(value: Decimal | None) -> str:
    return format_marked(value)


def _change_text(now: Decimal | None, before: Decimal | None) -> str:
    if now is None or before is None:
        return ""
    change = round_score(now) - before
    return "0.00" if not change else f"{change:+f}".replace("-", "−")


def _is_better(now: Decimal | None, before: Decimal | None) -> bool:
    return now is not None and before is not None and round_score(now) >= before
