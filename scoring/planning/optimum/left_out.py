"""What a plan leaves out, and why: so that nobody takes it for all there is to do. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring.engine.shares import shares
from scoring.engine.sheet import CriterionScore, ScoreSheet
from scoring.planning.optimum.steps import whole_of
from scoring.scheme.types import Criterion, Ratio, Scheme
from survey.instrument.schema import Text

OUTSIDE = Text(
    "คะแนนมาจากภายนอกจังหวัด ไม่มีคำตอบในแบบให้ปรับ",
    "The score comes from outside the province: no answer of the form moves it.",
)
NOT_COUNTED = Text(
    "ยังไม่มีจำนวนทั้งหมด จึงคิดไม่ได้ว่าต้องทำอีกเท่าไร ใส่จำนวนที่คาดไว้เพื่อรวมในแผน",
    "The whole is not counted yet, so nobody can say how much work it is. Give the number you expect to include it.",
)
NO_WAY = Text("ไม่มีงานที่ระบบวางแผนได้พาไปถึงคะแนนเต็ม", "No work that can be planned leads to full points.")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A criterion that no action can bring to full points. `lost`: of the total (None: its score is not entered yet).

    `asks`: the numbers of the form that would let it be planned.
    """

    criterion: str
    sub_pillar: str
    name: Text
    why: Text
    lost: Decimal | None
    asks: tuple[str, ...] = ()


def left_out(scheme: Scheme, most: ScoreSheet, expected: Mapping[str, Decimal]) -> tuple[LeftOut, ...]:
    """What is still lost once all work that can be planned is done. `most`: the score as it then is."""
    kept, criteria = shares(most), {c.id: c for c in scheme.criteria}
    out = []
    for sub in most.sub_pillars:
        for now in sub.walk():
            share = kept.get(now.id)
            if share is not None and not share.lost:
                continue
            why = _why(criteria[now.id], now, expected)
            asks = _asks(criteria[now.id]) if why is NOT_COUNTED else ()
            out.append(LeftOut(now.id, sub.code, now.name, why, share.lost if share else None, asks))
    return tuple(out)


def to_ask(scheme: Scheme, sheet: ScoreSheet) -> Iterator[str]:
    """The numbers that the form does not have yet and somebody may expect: the whole of a share, then the part."""
    criteria = {c.id: c for c in scheme.criteria}
    for now in sheet.criteria:
        asked = _asks(criteria[now.id])
        if asked and now.points != now.maximum:
            part, whole = now.trace.parts
            yield from (
                a for a, trace in zip(asked, (whole, part), strict=True) if trace.value is None and whole.value != 0
            )


def _asks(criterion: Criterion) -> tuple[str, ...]:
    measure = criterion.measure
    return (measure.whole, measure.part) if isinstance(measure, Ratio) else ()


def _why(criterion: Criterion, now: CriterionScore, expected: Mapping[str, Decimal]) -> Text:
    if criterion.external:
        return OUTSIDE
    if isinstance(criterion.measure, Ratio) and whole_of(criterion, now, expected) is None:
        return NOT_COUNTED
    return NO_WAY
