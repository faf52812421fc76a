"""The score in one sentence: now, with all proof, where the result is likely to be, the KPI's chance. PURE.

Page, brief, PDF, JSON and command line show this one sentence; none of them words a score of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, Final

from dgready.localized_text import LocalizedText
from scoring.engine.as_json import format_decimal
from scoring.engine.explain import format_number
from scoring.engine.levels import round_score
from scoring.engine.sheet import ScoreSheet
from scoring.headline import texts
from scoring.headline.answered import has_answers
from scoring.kpi.types import KpiResult
from scoring.planning.outlook import Outlook
from scoring.uncertainty.summary import Interval, KpiChances, ScoreUncertainty

ONE: Final = Decimal(1)
ATTAINMENTS: Final = (Decimal(50), Decimal(75), Decimal(100))  # per cent of the KPI's weight, as its steps give them


@dataclass(frozen=True, slots=True)
class OfficialTotal:
    """The published total of the year itself, with the KPI that follows from it."""

    year: int
    total: Decimal
    rank: int | None = None
    kpi: KpiResult | None = None


@dataclass(frozen=True, slots=True)
class ScoreSentence:
    """The sentence as its clauses, in the order in which they are read."""

    clauses: tuple[LocalizedText, ...]

    @property
    def text(self) -> LocalizedText:
        """The whole sentence."""
        thai, english = (" · ".join(c.to(language) for c in self.clauses) for language in ("th", "en"))
        return LocalizedText(thai, english[:1].upper() + english[1:])

    def json(self) -> dict[str, Any]:
        """As JSON shows it."""
        return self.text.json()


def write_score_sentence(
    sheet: ScoreSheet,
    outlook: Outlook | None,
    uncertainty: ScoreUncertainty | None,
    kpi: KpiResult | None,
    official: OfficialTotal | None = None,
) -> ScoreSentence:
    """The one sentence about a score. `official`: the result of the same year, once it is published."""
    if official is not None:
        return ScoreSentence(tuple(_official_clauses(sheet, official)))
    if not has_answers(sheet) or sheet.total is None:
        return ScoreSentence((texts.NOTHING_ANSWERED, *_unknown_kpi(kpi)))
    clauses = [_now(sheet)]
    if outlook is not None:
        clauses += _with_proof(outlook)
    clauses += _likely(sheet, uncertainty)
    clauses += _kpi_clause(kpi, uncertainty.kpi if uncertainty else None)
    return ScoreSentence(tuple(clauses))


def _official_clauses(sheet: ScoreSheet, official: OfficialTotal) -> Iterator[LocalizedText]:
    total = format_decimal(official.total)
    text = texts.OFFICIAL if official.rank is None else texts.OFFICIAL_RANKED
    yield text.filled(year=official.year, total=total, rank=official.rank)
    if sheet.total is not None and has_answers(sheet):
        apart = abs(round_score(sheet.total) - round_score(official.total))
        text = texts.FORECAST_APART if apart else texts.FORECAST_MET
        yield text.filled(total=format_decimal(sheet.total), apart=format_decimal(apart))
    if official.kpi is not None and official.kpi.unknown is None:
        yield texts.KPI_OFFICIAL.filled(**_points(official.kpi, official.kpi.points))
    else:
        yield from _unknown_kpi(official.kpi)


def _now(sheet: ScoreSheet) -> LocalizedText:
    if sheet.estimated_outside:
        codes = ", ".join(one.code for one in sheet.estimated_outside)
        return texts.NOW_WITH_ESTIMATES.filled(total=format_decimal(sheet.total), codes=codes)
    if sheet.unknown:
        return texts.NOW_IN_PART.filled(total=format_decimal(sheet.total), known=format_number(sheet.known_weight))
    return texts.NOW.filled(total=format_decimal(sheet.total))


def _with_proof(outlook: Outlook) -> Iterator[LocalizedText]:
    now, proven = outlook.now.total, outlook.proven.total
    if now is None or proven is None:
        return
    if round_score(proven) > round_score(now):
        yield texts.WITH_PROOF.filled(total=format_decimal(proven))
    else:
        yield texts.ALL_PROVEN


def _likely(sheet: ScoreSheet, uncertainty: ScoreUncertainty | None) -> Iterator[LocalizedText]:
    if not sheet.estimated and not sheet.unknown:
        yield texts.ALL_PUBLISHED
    elif uncertainty is not None:
        low, high = whole_interval(uncertainty.total)
        yield (texts.LIKELY if low != high else texts.LIKELY_ONE).filled(low=low, high=high)


def whole_interval(interval: Interval) -> tuple[str, str]:
    """An interval in whole points that holds at least as much: rounded outwards."""
    low = interval.low.to_integral_value(ROUND_FLOOR)
    high = interval.high.to_integral_value(ROUND_CEILING)
    return f"{low:f}", f"{high:f}"


def format_interval(interval: Interval) -> str:
    """An interval with two places; the one score where it has no width."""
    low, high = format_decimal(interval.low), format_decimal(interval.high)
    return f"{low}" if low == high else f"{low}–{high}"


def _kpi_clause(kpi: KpiResult | None, chances: KpiChances | None) -> Iterator[LocalizedText]:
    if kpi is None or kpi.unknown is not None:
        yield from _unknown_kpi(kpi)
    elif chances is None:
        yield texts.KPI_NOW.filled(**_points(kpi, kpi.points))
    else:
        step = find_kpi_step(kpi)
        chance = format_chance(chance_of_points(chances, step))
        # Thai sets a number apart by a space, words not.
        spaced = LocalizedText(f" {chance.th}" if chance.th[0].isdigit() else chance.th, f" {chance.en}")
        yield texts.KPI_CHANCE.filled(chance=spaced, **_points(kpi, step))


def _unknown_kpi(kpi: KpiResult | None) -> Iterator[LocalizedText]:
    if kpi is not None and kpi.unknown is not None:
        yield texts.KPI_UNKNOWN.filled(why=kpi.unknown)


def _points(kpi: KpiResult, points: Decimal | None) -> dict[str, object]:
    percent = None if points is None else points * 100 / kpi.weight
    return {
        "points": format_number(points),
        "weight": format_number(kpi.weight),
        "percent": format_number(percent),
    }


def find_kpi_step(kpi: KpiResult) -> Decimal:
    """The points worth asking the chance of: the lowest step above what the sheet gives now, else the highest."""
    steps = [kpi.weight * percent / 100 for percent in ATTAINMENTS]
    return next((step for step in steps if kpi.points is None or step > kpi.points), steps[-1])


def chance_of_points(chances: KpiChances, points: Decimal) -> Decimal:
    """The probability, 0 to 1, of so many points or more."""
    return min(
        ONE, sum((chance for reached, chance in chances.points_chances.items() if reached >= points), Decimal(0))
    )


def format_chance(chance: Decimal) -> LocalizedText:
    """A probability as people say it: whole per cent, and never certain where it is not."""
    percent = chance * 100
    if percent < 1:
        return texts.BELOW_ONE_PERCENT
    if percent > 99:
        return texts.ABOVE_99_PERCENT
    return LocalizedText(f"{percent.to_integral_value():f} %", f"{percent.to_integral_value():f} %")


def describe_level_chance(level: int | None, chances: Mapping[int, Decimal]) -> LocalizedText:
    """How probable a level is, with the likeliest level where that is another one; empty where it is not known."""
    if level is None or level not in chances:
        return LocalizedText()
    likeliest = max(chances, key=lambda one: (chances[one], one == level))
    own = format_chance(chances[level])
    if likeliest == level:
        return own
    return texts.LEVEL_OTHER.filled(chance=own, level=likeliest, likeliest=format_chance(chances[likeliest]))
