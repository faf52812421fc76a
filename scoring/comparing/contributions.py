"""The agencies' contributions of a round, each scored by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, partial
from typing import Final

from django.db.models import Q

from dgready.lru_cache import LruCache
from dgready.prepared_select import PreparedSelect
from evidence.attaching.queries import marked_addresses_by_response
from scoring.engine.facts import ResponseFacts
from scoring.engine.range_types import SheetRanges
from scoring.engine.score import compute_score_sheet
from scoring.engine.score_range import compute_sheet_ranges
from scoring.scheme.queries import get_round_scheme
from survey.answering.queries import response_state_key
from survey.instrument.path import resolve_path
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import AnswerValue
from survey.models import Answer, Response


@dataclass(frozen=True, slots=True)
class ScoredContribution:
    """An agency's contribution scored alone: score by sub-pillar (None: scored from outside), and its ranges."""

    response: Response
    ranges: SheetRanges
    sub_pillars: Mapping[str, Decimal | None]


_CONTRIBUTIONS: Final[PreparedSelect[Response]] = PreparedSelect(
    lambda round_: (
        Response.objects.filter(Q(round=round_) & ~Q(agency=None))
        .select_related("agency")
        .defer("open_points")
        .order_by("agency__sort_key")
    )
)
_Scores = tuple[SheetRanges, Mapping[str, Decimal | None]]
_kept_scores: Final[LruCache[_Scores]] = LruCache(512)


def score_contributions(response: Response) -> list[ScoredContribution]:
    """The agencies' contributions of a round, each scored by itself.

    Three queries, one where no answer or mark changed since the last time.
    """
    rows = _CONTRIBUTIONS.all(response.round_id)
    scheme = get_round_scheme(response.round)

    @cache
    def read_answers() -> tuple[Mapping[int, dict[str, AnswerValue]], Mapping[int, Collection[str]]]:
        values: dict[int, dict[str, AnswerValue]] = defaultdict(dict)
        answers = Answer.objects.filter(response__in=rows, question__instrument=response.round.instrument_id)
        for pk, value in answers.values_list("response_id", "value"):
            values[pk].update(value)
        return values, marked_addresses_by_response([r.pk for r in rows])

    def score(row: Response) -> _Scores:
        values, marked = read_answers()
        instrument = compiled_instrument(response.round.instrument)
        path = resolve_path(instrument, values.get(row.pk, {}))
        facts = ResponseFacts(path, frozenset(marked.get(row.pk, ())), {})
        sheet = compute_score_sheet(instrument, scheme.scheme, facts)
        ranges = compute_sheet_ranges(instrument, scheme.scheme, facts, sheet)
        return ranges, {s.code: s.score for s in sheet.sub_pillars}

    scored_contributions = []
    for row in rows:
        state = response_state_key(row)
        key = (*state, response.round.instrument_id, scheme.checksum) if state else None
        scored_contributions.append(ScoredContribution(row, *_kept_scores.get(key, partial(score, row))))
    return scored_contributions
