"""The score of a response in words and bars, beside the last published result."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from dgready.language import reader_language
from dgready.same_objects import SameObjects
from scoring.comparing.like_with_like import LikeComparison, LikeScores
from scoring.comparing.own_result import OwnResult, compare_own_result
from scoring.engine.explain import format_number
from scoring.engine.levels import round_score
from scoring.engine.queries import ScoredResponse, get_review_standing, score_response
from scoring.engine.review_standing import ReviewStanding
from scoring.engine.sheet import ScoreSheet
from scoring.headline.presentation import (
    EstimateView,
    HeadlineView,
    KpiPartRow,
    list_estimates,
    list_kpi_rows,
    show_headline,
)
from scoring.headline.queries import Headline, YearResults, read_headline, read_year_results
from scoring.headline.sentence import describe_level_chance, format_interval
from scoring.kpi.types import KpiResult
from scoring.results.queries import PROVINCE, PublishedResults
from scoring.scheme import registry
from scoring.scheme.wording import format_marked
from survey.models import Response


@dataclass(frozen=True, slots=True)
class PillarBar:
    """A pillar's bar: its score, level, likely interval, and change from the last result, like with like."""

    number: str
    name: str
    weight: str
    score: str
    likely: str
    chance: str
    range: str
    width: str
    level: int | None
    change: str
    better: bool


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """The score of a response and its pillars, formatted for the page."""

    sheet: ScoreSheet
    headline: HeadlineView
    total: str
    level_name: str
    last: PublishedResults | None
    last_total: str
    like: LikeComparison | None
    change: str
    range: tuple[str, str] | None
    estimates: tuple[EstimateView, ...]
    bars: tuple[PillarBar, ...]
    kpi: KpiResult | None
    kpi_rows: list[KpiPartRow]
    review: ReviewStanding
    own: OwnResult | None = None
    own_level_name: str = ""


@dataclass(frozen=True, slots=True)
class CardBasis:
    """What the card of a response is made of."""

    response: Response
    scored: ScoredResponse
    headline: Headline
    results: YearResults

    @property
    def state(self) -> Hashable:
        """The card is the same as long as this is: all three are kept by what they rest on."""
        return SameObjects(self.scored, self.headline, self.results.own, *self.results.past), self.response.pk


def read_card_basis(response: Response) -> CardBasis | None:
    """What a card is made of, or None where this year has no scoring scheme. Two queries."""
    results = read_year_results(response)
    try:
        scored = score_response(response)
    except (registry.MissingScheme, registry.FaultyScheme):
        return None
    # The brief is for who decides, not who asks.
    return CardBasis(response, scored, read_headline(response, results, name_agencies=False), results)


def score_card(response: Response, *, may_enter: bool = False) -> ScoreCard | None:
    """The score beside last year's, or None where this year has no scoring scheme."""
    basis = read_card_basis(response)
    return make_card(basis, may_enter=may_enter) if basis else None


def make_card(basis: CardBasis, *, may_enter: bool = False) -> ScoreCard:
    """The card, in the reader's language."""
    response, scored, headline, results = basis.response, basis.scored, basis.headline, basis.results
    language, sheet, spread = reader_language(), scored.sheet, scored.ranges.total
    last = next((y for y in results.past if y.total(PROVINCE) is not None), None)
    like, own = headline.like, compare_own_result(scored, results.own)
    return ScoreCard(
        sheet=sheet,
        headline=show_headline(response, headline, results, may_enter=may_enter),
        total=_score_text(sheet.total),
        level_name=_level_name(sheet.level, language),
        own=own,
        own_level_name=_level_name(own.level if own else None, language),
        last=last,
        last_total=_score_text(last.score(PROVINCE, "total", "total") if last else None),
        like=like,
        change=_change_text(like.total if like else None),
        range=(_score_text(spread.low), _score_text(spread.high)) if spread.is_open else None,
        estimates=list_estimates(sheet),
        bars=tuple(_pillar_bars(headline, language)),
        kpi=headline.kpi.best if headline.kpi else None,
        kpi_rows=list_kpi_rows(headline),
        review=get_review_standing(response),
    )


def _pillar_bars(headline: Headline, language: str) -> Iterator[PillarBar]:
    scored, uncertainty = headline.scored, headline.uncertainty
    for pillar in scored.sheet.pillars:
        span, likely = scored.ranges.pillars[pillar.number], uncertainty.pillars.get(pillar.number)
        chance = describe_level_chance(pillar.level, uncertainty.pillar_level_chances.get(pillar.number, {}))
        like = headline.like.pillars.get(pillar.number) if headline.like else None
        yield PillarBar(
            number=pillar.number,
            name=pillar.name.to(language),
            weight=format_number(pillar.weight.value),
            score=_score_text(pillar.score),
            likely=format_interval(likely) if likely else "",
            chance=chance.to(language),
            range=f"{_score_text(span.low)}–{_score_text(span.high)}" if span.is_open else "",
            width=f"{round_score(pillar.score or Decimal(0)):f}",
            level=pillar.level,
            change=_change_text(like),
            better=like is not None and like.change >= 0,
        )


def _level_name(level: int | None, language: str) -> str:
    name = registry.get_level_names().get(level) if level else None
    return name.short.to(language) if name else ""


def _score_text(value: Decimal | None) -> str:
    return format_marked(value)


def _change_text(like: LikeScores | None) -> str:
    if like is None:
        return ""
    return "0.00" if not like.change else f"{like.change:+f}".replace("-", "−")
