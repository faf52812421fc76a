"""The agencies' contributions of a round, each scored by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from evidence.attaching.queries import marked_addresses_by_response
from scoring.engine.facts import ResponseFacts
from scoring.engine.range_types import SheetRanges
from scoring.engine.score import compute_score_sheet
from scoring.engine.score_range import compute_sheet_ranges
from scoring.scheme.queries import get_round_scheme
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


def score_contributions(response: Response) -> list[ScoredContribution]:
    """The agencies' contributions of a round, each scored by itself. Three queries."""
    rows = list(
        Response.objects.filter(Q(round=response.round) & ~Q(agency=None))
        .select_related("agency")
        .order_by("agency__sort_key")
    )
    instrument = compiled_instrument(response.round.instrument)
    scheme = get_round_scheme(response.round).scheme
    values: dict[int, dict[str, AnswerValue]] = defaultdict(dict)
    answers = Answer.objects.filter(response__in=rows, question__instrument=response.round.instrument_id)
    for pk, value in answers.values_list("response_id", "value"):
        values[pk].update(value)
    marked = marked_addresses_by_response([r.pk for r in rows])
    scored_contributions = []
    for row in rows:
        facts = ResponseFacts(resolve_path(instrument, values[row.pk]), frozenset(marked.get(row.pk, ())), {})
        sheet = compute_score_sheet(instrument, scheme, facts)
        ranges = compute_sheet_ranges(instrument, scheme, facts, sheet)
        scored_contributions.append(ScoredContribution(row, ranges, {s.code: s.score for s in sheet.sub_pillars}))
    return scored_contributions
