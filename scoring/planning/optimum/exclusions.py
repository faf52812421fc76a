"""What a plan leaves out, and why: so that nobody takes it for all there is to do. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring.engine.shares import compute_score_shares
from scoring.engine.sheet import CriterionScore, ScoreSheet
from scoring.planning.optimum.steps import get_ratio_numbers
from scoring.scheme.types import Criterion, Ratio, ScoringScheme
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
    scheme: ScoringScheme, most: ScoreSheet, expected: Mapping[str, Decimal]
) -> tuple[ExcludedCriterion, ...]:
    """What is still lost once all work that can be planned is done. `most`: the score as it then is."""
    kept, criteria = compute_score_shares(most), {c.id: c for c in scheme.criteria}
    out = []
    for sub in most.sub_pillars:
        for now in sub.walk():
            share = kept.get(now.id)
            if share is not None and not share.lost:
                continue
            why = _explain_exclusion(criteria[now.id], now, expected)
            asks = _ratio_addresses(criteria[now.id]) if why is MISSING_NUMBER_REASON else ()
            out.append(ExcludedCriterion(now.id, sub.code, now.name, why, share.lost if share else None, asks))
    return tuple(out)


def list_numbers_to_ask(scheme: ScoringScheme, sheet: ScoreSheet) -> Iterator[str]:
    """The numbers that the form does not have yet and somebody may expect: the whole of a share, then the part."""
    criteria = {c.id: c for c in scheme.criteria}
    for now in sheet.criteria:
        asked = _ratio_addresses(criteria[now.id])
        if asked and now.points != now.maximum:
            part, whole = now.trace.parts
            yield from (
                a for a, trace in zip(asked, (whole, part), strict=True) if trace.value is None and whole.value != 0
            )


def _ratio_addresses(criterion: Criterion) -> tuple[str, ...]:
    measure = criterion.measure
    return (measure.whole, measure.part) if isinstance(measure, Ratio) else ()


def _explain_exclusion(criterion: Criterion, now: CriterionScore, expected: Mapping[str, Decimal]) -> LocalizedText:
    if criterion.external:
        return EXTERNAL_REASON
    if isinstance(criterion.measure, Ratio) and get_ratio_numbers(criterion, now, expected) is None:
        return MISSING_NUMBER_REASON
    return NO_WORK_REASON
