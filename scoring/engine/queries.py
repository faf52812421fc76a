"""Queries of scores: the score sheet of a response, its external scores, its snapshot for freezing."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet, Value

from dgready.lru_cache import LruCache
from dgready.prepared_select import PreparedSelect
from evidence.attaching.queries import attachment_summaries, claimed_addresses, marked_addresses
from scoring.engine.as_json import format_decimal, serialize_score_sheet
from scoring.engine.external_estimates import ExternalEstimate, PublishedFigure, estimate_external
from scoring.engine.facts import ResponseFacts
from scoring.engine.range_types import SheetRanges
from scoring.engine.review_standing import ReviewStanding, count_verdicts, serialize_review_standing
from scoring.engine.score import compute_score_sheet
from scoring.engine.score_range import compute_sheet_ranges
from scoring.engine.sheet import ScoreSheet
from scoring.models import ExternalScore, OfficialResult
from scoring.scheme.earlier import earlier_codes
from scoring.scheme.marked import mark_score
from scoring.scheme.queries import get_round_scheme
from scoring.scheme.types import ScoringScheme
from survey.answering.queries import response_path, response_state, response_state_key
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import AnswerValue
from survey.instrument.schema import CompiledInstrument as Compiled
from survey.models import Response

ENTERED = 0  # stands for the year of a score that somebody entered, beside the published ones


@dataclass(frozen=True, eq=False)
class ScoredResponse:
    """The score of a response in one state, with what it was made from. `ranges` is computed at first access.

    `values`: every stored answer, on the path or not.
    """

    instrument: Compiled
    scheme: ScoringScheme
    facts: ResponseFacts
    sheet: ScoreSheet
    values: Mapping[str, AnswerValue]

    @cached_property
    def ranges(self) -> SheetRanges:
        """The ranges of the sheet: lowest, best and highest."""
        return compute_sheet_ranges(self.instrument, self.scheme, self.facts, self.sheet)


# A sheet costs less to make than to pickle, so it is kept as it is rather than in the shared cache.
_recent_scores: LruCache[ScoredResponse] = LruCache(64)


def score_response(response: Response) -> ScoredResponse:
    """The score of a response: answers, evidence and outside scores in one query each, only the last when kept.

    Raises registry.MissingScheme, registry.FaultyScheme.
    """
    instrument = compiled_instrument(response.round.instrument)
    key = score_state_key(response)

    def make() -> ScoredResponse:
        loaded = get_round_scheme(response.round)
        facts = get_response_facts(response)
        sheet = compute_score_sheet(instrument, loaded.scheme, facts)
        return ScoredResponse(instrument, loaded.scheme, facts, sheet, response_state(response).values)

    return _recent_scores.get(key, make)


def score_state_key(response: Response, *more: Hashable) -> tuple[Hashable, ...] | None:
    """What names everything a score rests on; None where it cannot be kept. `more`: what else a kept value rests on.

    Every write moves the response's version and head on; published results change the estimates without one. Queries
    as `get_outside_scores`. Raises as `score_response`.
    """
    state = response_state_key(response)
    if state is None:
        return None
    outside = get_outside_scores(response)
    checksum = outside.scheme or get_round_scheme(response.round).checksum
    return (*state, checksum, *outside.estimates.values(), *more)


def score_claims(response: Response) -> ScoredResponse:
    """The score as if no reviewer had rejected any evidence; `score_response` itself where nothing is rejected.

    Queries and errors as `score_response`.
    """
    scored, claimed = score_response(response), claimed_addresses(response)
    if claimed == scored.facts.marked:
        return scored
    key = score_state_key(response, "claims")

    def make() -> ScoredResponse:
        facts = replace(scored.facts, marked=claimed)
        sheet = compute_score_sheet(scored.instrument, scored.scheme, facts)
        return ScoredResponse(scored.instrument, scored.scheme, facts, sheet, scored.values)

    return _recent_scores.get(key, make)


def get_review_standing(response: Response) -> ReviewStanding:
    """How far the evidence of a response is reviewed, with both scores. Queries and errors as `score_response`."""
    scored = score_response(response)
    summaries = attachment_summaries(response)
    open_places = (some for address, some in summaries.items() if address in scored.facts.path.places)
    counts = count_verdicts(one.verdict for some in open_places for one in some if one.claimed)
    return ReviewStanding(*counts, claimed=score_claims(response).sheet, reviewed=scored.sheet)


def get_score_json(response: Response, *, only_judged: bool = False) -> dict[str, Any]:
    """The score of a response as JSON, with how far its evidence is reviewed.

    `only_judged`: that only where there is a verdict, so that what is frozen without one says the same as ever.
    """
    scored, standing = score_response(response), get_review_standing(response)
    data = serialize_score_sheet(scored.sheet, scored.ranges)
    return data if only_judged and not standing.done else {**data, "review": serialize_review_standing(standing)}


def get_score_sheet(response: Response) -> ScoreSheet:
    """The ScoreSheet of a response; queries and errors as `score_response`."""
    return score_response(response).sheet


def get_response_facts(response: Response) -> ResponseFacts:
    """The facts of a response that the engine scores. Three queries."""
    outside = get_outside_scores(response)
    return ResponseFacts(response_path(response), marked_addresses(response), outside.entered, outside.estimates)


@dataclass(frozen=True, slots=True)
class OutsideScores:
    """The scores from outside of a provincial answer by sub-pillar: those entered, and what else stands for them.

    `scheme`: the checksum of the scheme that asks for them, which looks for files; of a contribution not read.
    """

    entered: Mapping[str, Decimal]
    estimates: Mapping[str, ExternalEstimate]
    scheme: str = ""


def get_outside_scores(response: Response) -> OutsideScores:
    """The outside scores of a response in its present state. One query, none when they were read before.

    Kept beside the row, as Django keeps a relation: a page asks for the score several times. Errors: `score_response`.
    """
    kept: tuple[int, OutsideScores] | None = response.__dict__.get("_outside_scores")
    if kept is None or kept[0] != response.version:
        response.__dict__["_outside_scores"] = kept = response.version, _read_outside_scores(response)
    return kept[1]


def _entered_scores(response: Any) -> QuerySet[ExternalScore, Any]:
    entered = ExternalScore.objects.filter(response=response).order_by()
    return entered.values_list(Value(ENTERED), Value(""), "sub_pillar", "score", "origin")


def _entered_and_published(response: Any, province: Any, year: Any) -> QuerySet[ExternalScore, Any]:
    """With the newest published figures of sub-pillars in earlier years, of a province and of the average."""
    subjects = Q(province=province) | Q(label=OfficialResult.Label.AVERAGE)
    published = OfficialResult.objects.newest().filter(subjects, kind=OfficialResult.Kind.SUB_PILLAR, year__lt=year)
    figures = published.order_by().values_list("year", "label", "code", "score", "origin")
    return _entered_scores(response).union(figures, all=True)


_Outside = tuple[int, str, str, Decimal, str]
_ENTERED: PreparedSelect[_Outside] = PreparedSelect(_entered_scores)
_ENTERED_AND_PUBLISHED: PreparedSelect[_Outside] = PreparedSelect(_entered_and_published)


def _read_outside_scores(response: Response) -> OutsideScores:
    if response.is_provincial:
        rows = _ENTERED_AND_PUBLISHED.all(response.pk, response.round.province_id, response.round.year)
    else:
        rows = _ENTERED.all(response.pk)
    scores: dict[str, Decimal] = {}
    figures = []
    for year, label, code, score, origin in rows:
        if year == ENTERED:
            scores[code] = mark_score(score, origin)
        else:
            figures.append(PublishedFigure(code, year, bool(label), score))
    if not response.is_provincial:
        return OutsideScores(scores, {})
    loaded, instrument = get_round_scheme(response.round), compiled_instrument(response.round.instrument)
    return OutsideScores(scores, estimate_externals(loaded.scheme, instrument, figures), loaded.checksum)


def estimate_externals(
    scheme: ScoringScheme, instrument: Compiled, figures: Iterable[PublishedFigure]
) -> dict[str, ExternalEstimate]:
    """The estimates of a scheme's outside scores by sub-pillar. `figures`: by the codes of their own years."""
    codes_by_year: dict[int, Mapping[str, str]] = {}
    comparable = []
    for figure in figures:
        codes = codes_by_year.setdefault(figure.year, earlier_codes(scheme, instrument, figure.year))
        codes_of_today = [code for code in scheme.externals if codes.get(code) == figure.code]
        comparable += [replace(figure, code=code) for code in codes_of_today]
    return {code: estimate_external(code, comparable) for code in scheme.externals}


def get_external_scores(response: Response) -> dict[str, ExternalScore]:
    """The outside scores of a response by sub-pillar, with who entered them. One query."""
    rows = ExternalScore.objects.filter(response=response).select_related("entered_by", "department")
    return {row.sub_pillar: row for row in rows}


def external_score_snapshot(row: ExternalScore) -> dict[str, Any]:
    """What a frozen response records of a score from outside."""
    told = {"method": row.method} if row.method else {}
    told |= {"department": row.department.code} if row.department else {}
    return {
        **told,
        "sub_pillar": row.sub_pillar,
        "score": format_decimal(row.score),
        "source": row.source,
        "from": row.origin,
        "dated": row.dated.isoformat(),
        "entered_by": row.entered_by_id,
    }


def build_score_snapshot(response: Response) -> dict[str, Any]:
    """What a frozen response records of scoring: the scheme with its text, outside scores, the whole sheet."""
    loaded = get_round_scheme(response.round)
    return {
        "scheme": {
            "key": loaded.scheme.key,
            "year": loaded.scheme.year,
            "version": loaded.scheme.version,
            "checksum": loaded.checksum,
            "source": loaded.text,
        },
        "external": [external_score_snapshot(row) for row in get_external_scores(response).values()],
        "score": get_score_json(response, only_judged=True),
    }
