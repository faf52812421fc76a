"""Criteria that a plan excludes, each with the reason, so that the plan is not taken for all work. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring.engine.shares import compute_score_shares
from scoring.engine.sheet import CriterionScore, ScoreSheet
from scoring.planning.optimum.ratio_steps import get_ratio_numbers
from scoring.scheme.measure_types import Ratio
from scoring.scheme.types import Criterion, ScoringScheme
from survey.instrument.schema import LocalizedText

EXTERNAL_REASON = LocalizedText(
    "คะแนนมาจากภายนอกจังหวัด ไม่มีคำตอบในแบบให้ปรับ",
    "The score comes from outside the province: no answer of the form moves it.",
)
MISSING_NUMBER_REASON = LocalizedText(
    "ยังไม่มีจำนวนทั้งหมด จึงคิดไม่ได้ว่าต้องทำอีกเท่าไร ใส่จำนวนที่คาดไว้เพื่อรวมในแผน",
    "The whole is not counted yet, so nobody can say how much work it is. Give the number you expect to include it.",
)
NO_WORK_REASON = LocalizedText("ไม่มีงานที่ระบบวางแผนได้พาไปถึงคะแนนเต็ม", "No work that can be planned leads to full points.")


@dataclass(frozen=True, slots=True)
class ExcludedCriterion:
    """A criterion that no action can bring to full points. `lost`: of the total (None: its score is not entered yet).

    `asks`: the numbers of the form that would let it be planned.
    """

    criterion: str
    sub_pillar: str
    name: LocalizedText
    why: LocalizedText
    lost: Decimal | None
    asks: tuple[str, ...] = ()


def list_excluded_criteria(
    scheme: ScoringScheme, best_sheet: ScoreSheet, expected: Mapping[str, Decimal]
) -> tuple[ExcludedCriterion, ...]:
    """The criteria that still lose points once all work that can be planned is done. `best_sheet`: the score then."""
    shares, criteria = compute_score_shares(best_sheet), {c.id: c for c in scheme.criteria}
    excluded = []
    for sub in best_sheet.sub_pillars:
        for criterion_score in sub.walk():
            share = shares.get(criterion_score.id)
            if share is not None and not share.lost:
                continue
            why = _explain_exclusion(criteria[criterion_score.id], criterion_score, expected)
            asks = _ratio_addresses(criteria[criterion_score.id]) if why is MISSING_NUMBER_REASON else ()
            excluded.append(
                ExcludedCriterion(
                    criterion_score.id, sub.code, criterion_score.name, why, share.lost if share else None, asks
                )
            )
    return tuple(excluded)


def list_numbers_to_ask(scheme: ScoringScheme, sheet: ScoreSheet) -> Iterator[str]:
    """Addresses of numbers not answered yet that a plan can be told to expect: the whole of a share, then the part."""
    criteria = {c.id: c for c in scheme.criteria}
    for criterion_score in sheet.criteria:
        addresses = _ratio_addresses(criteria[criterion_score.id])
        if addresses and criterion_score.points != criterion_score.maximum:
            part, whole = criterion_score.trace.parts
            yield from (
                a for a, trace in zip(addresses, (whole, part), strict=True) if trace.value is None and whole.value != 0
            )


def _ratio_addresses(criterion: Criterion) -> tuple[str, ...]:
    measure = criterion.measure
    return (measure.whole, measure.part) if isinstance(measure, Ratio) else ()


def _explain_exclusion(
    criterion: Criterion, criterion_score: CriterionScore, expected: Mapping[str, Decimal]
) -> LocalizedText:
    if criterion.external:
        return EXTERNAL_REASON
    if isinstance(criterion.measure, Ratio) and get_ratio_numbers(criterion, criterion_score, expected) is None:
        return MISSING_NUMBER_REASON
    return NO_WORK_REASON
