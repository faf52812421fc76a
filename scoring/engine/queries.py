"""Queries of scores: the score sheet of a response, its external scores, its snapshot for freezing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dgready.lru_cache import LruCache
from evidence.attaching.queries import marked_addresses
from scoring.engine.as_json import format_decimal, serialize_score_sheet
from scoring.engine.facts import ResponseFacts
from scoring.engine.range_types import SheetRanges
from scoring.engine.score import compute_score_sheet
from scoring.engine.score_range import compute_sheet_ranges
from scoring.engine.sheet import ScoreSheet
from scoring.models import ExternalScore
from scoring.scheme.marked import mark_score
from scoring.scheme.queries import get_round_scheme
from scoring.scheme.types import ScoringScheme
from survey.answering.queries import response_path, response_state, response_state_key
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import AnswerValue
from survey.instrument.schema import CompiledInstrument as Compiled
from survey.models import Response


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
    """The score of a response: answers, evidence and outside scores in one query each, none when kept.

    Every write moves the response's version and head on, so these name its state.
    Raises registry.MissingScheme, registry.FaultyScheme.
    """
    instrument = compiled_instrument(response.round.instrument)
    loaded = get_round_scheme(response.round)
    state = response_state_key(response)
    key = (*state, loaded.checksum) if state else None

    def make() -> ScoredResponse:
        facts = get_response_facts(response)
        sheet = compute_score_sheet(instrument, loaded.scheme, facts)
        return ScoredResponse(instrument, loaded.scheme, facts, sheet, response_state(response).values)

    return _recent_scores.get(key, make)


def get_score_sheet(response: Response) -> ScoreSheet:
    """The ScoreSheet of a response; queries and errors as `score_response`."""
    return score_response(response).sheet


def get_response_facts(response: Response) -> ResponseFacts:
    """The facts of a response that the engine scores. Three queries."""
    rows = ExternalScore.objects.filter(response=response).values_list("sub_pillar", "score", "origin")
    external_scores = {code: mark_score(score, origin) for code, score, origin in rows}
    return ResponseFacts(response_path(response), marked_addresses(response), external_scores)


def get_external_scores(response: Response) -> dict[str, ExternalScore]:
    """The outside scores of a response by sub-pillar, with who entered them. One query."""
    rows = ExternalScore.objects.filter(response=response).select_related("entered_by")
    return {row.sub_pillar: row for row in rows}


def external_score_snapshot(row: ExternalScore) -> dict[str, Any]:
    """What a frozen response records of a score from outside."""
    return {
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
    scored = score_response(response)
    return {
        "scheme": {
            "key": loaded.scheme.key,
            "year": loaded.scheme.year,
            "version": loaded.scheme.version,
            "checksum": loaded.checksum,
            "source": loaded.text,
        },
        "external": [external_score_snapshot(row) for row in get_external_scores(response).values()],
        "score": serialize_score_sheet(scored.sheet, scored.ranges),
    }
