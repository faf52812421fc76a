"""Reads of the headline: the sentence, what to do first, and what they are made of, kept by the response's state."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from accounts.models import Agency
from dgready.localized_text import LocalizedText
from dgready.lru_cache import LruCache
from scoring.comparing.like_with_like import LikeComparison
from scoring.comparing.own_result import compare_own_result, serialize_own_result
from scoring.comparing.queries import compare_with_last
from scoring.engine import queries
from scoring.engine.queries import ScoredResponse
from scoring.engine.recommendations import list_recommendations
from scoring.engine.sheet import ScoreSheet
from scoring.headline.first_steps import FirstStep, StepCase, list_first_steps
from scoring.headline.sentence import OfficialTotal, ScoreSentence, write_score_sentence
from scoring.kpi.queries import KpiRange, evaluate_kpi_range, evaluate_published_kpi
from scoring.planning.asking import list_answering_agencies
from scoring.planning.outlook import Outlook, serialize_outlook
from scoring.planning.queries import read_outlook
from scoring.results.queries import PROVINCE, PublishedResults, read_results
from scoring.uncertainty.as_json import serialize_uncertainty
from scoring.uncertainty.queries import get_uncertainty
from scoring.uncertainty.summary import ScoreUncertainty
from survey.models import Response


@dataclass(frozen=True, slots=True)
class YearResults:
    """Published results as a score is read beside them: of its own year (None until published) and those before."""

    own: PublishedResults | None
    past: list[PublishedResults]


@dataclass(frozen=True, slots=True)
class Headline:
    """What is said first about a score, with what it is made of."""

    scored: ScoredResponse
    sentence: ScoreSentence
    steps: tuple[FirstStep, ...]
    outlook: Outlook
    kpi: KpiRange | None
    uncertainty: ScoreUncertainty
    like: LikeComparison | None

    def json(self) -> dict[str, Any]:
        """As JSON shows it."""
        return {
            "sentence": self.sentence.json(),
            "first_steps": [step.json() for step in self.steps],
            "uncertainty": serialize_uncertainty(self.uncertainty),
            "compared": self.like.json() if self.like else None,
        }


def read_year_results(response: Response) -> YearResults:
    """The published results of the response's year and of those before. One query."""
    return YearResults(*read_results(response.round.province, response.round.year))


_headlines: LruCache[Headline] = LruCache(64)


def read_headline(response: Response, results: YearResults, *, name_agencies: bool = True) -> Headline:
    """The headline of a provincial response, kept by its state: one query. Errors as queries.score_response.

    Assignments are told of in the same journal, so that who is asked is of the same state. `name_agencies`: whether the
    steps say it, which takes a query more where nothing is kept.
    """
    scored = queries.score_response(response)
    rests_on = (_province_figures(results), response.is_editable, name_agencies)
    key = queries.score_state_key(response, *rests_on)
    return _headlines.get(key, lambda: _make_headline(response, scored, results, name_agencies))


def _province_figures(results: YearResults) -> tuple[Hashable, ...]:
    """What is published of the province, as a part of a key."""
    years = [*results.past, results.own] if results.own else results.past
    return tuple(
        (year.year, kind, code, row.score, row.origin, row.rank)
        for year in years
        for (subject, kind, code), row in year.figures.items()
        if subject == PROVINCE
    )


def _make_headline(response: Response, scored: ScoredResponse, results: YearResults, name_agencies: bool) -> Headline:
    outlook, province = read_outlook(response), response.round.province
    kpi = evaluate_kpi_range(province, scored, results.past)
    uncertainty = get_uncertainty(scored, province, results.past)
    official = _official_total(response, results)
    sentence = write_score_sentence(scored.sheet, outlook, uncertainty, kpi.best if kpi else None, official)
    steps = _first_steps(response, scored, outlook, name_agencies)
    return Headline(scored, sentence, steps, outlook, kpi, uncertainty, compare_with_last(scored, results.past))


def _official_total(response: Response, results: YearResults) -> OfficialTotal | None:
    total = results.own.total(PROVINCE) if results.own else None
    if results.own is None or total is None:
        return None
    kpi = evaluate_published_kpi(response.round.province, results.own, results.past)
    return OfficialTotal(results.own.year, total.marked_score, total.rank, kpi)


def _first_steps(
    response: Response, scored: ScoredResponse, outlook: Outlook, name_agencies: bool
) -> tuple[FirstStep, ...]:
    """The first steps with who is asked; none where nobody may change the answers any more."""
    if not response.is_editable:
        return ()
    steps = list_first_steps(StepCase(scored.scheme, scored.facts, scored.sheet, outlook))
    agencies = list_answering_agencies(response.round) if name_agencies and any(s.questions for s in steps) else {}
    return tuple(replace(step, asked=_names(agencies, step.questions)) for step in steps)


def _names(agencies: Mapping[str, Sequence[Agency]], questions: Sequence[str]) -> tuple[LocalizedText, ...]:
    """The names of the agencies that answer some questions, each once."""
    asked = dict.fromkeys(agency for question in questions for agency in agencies.get(question, ()))
    return tuple(LocalizedText(agency.name_th, agency.name_en) for agency in asked)


def get_full_score_json(response: Response, *, only_judged: bool = False) -> dict[str, Any]:
    """The score of a provincial response as JSON with its headline. Queries and errors as queries.score_response."""
    results = read_year_results(response)
    score = queries.get_score_json(response, only_judged=only_judged)
    return {**score, **read_headline(response, results).json()}


def get_response_json(response: Response) -> dict[str, Any]:
    """All that is said of the score of a provincial response, as JSON: command and API show the same.

    Errors as queries.score_response.
    """
    scored, results = queries.score_response(response), read_year_results(response)
    headline = read_headline(response, results)
    return {
        **queries.get_score_json(response),
        "recommendations": _recommendations(scored.sheet),
        "outlook": serialize_outlook(headline.outlook),
        "official": serialize_own_result(compare_own_result(scored, results.own)),
        **headline.json(),
    }


def _recommendations(sheet: ScoreSheet) -> dict[str, list[dict[str, Any]]]:
    """Recommendations by sub-pillar."""
    found = {sub.code: [one.json() for one in list_recommendations(sheet, sub)] for sub in sheet.sub_pillars}
    return {code: some for code, some in found.items() if some}
