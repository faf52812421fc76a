"""How far a criterion is from level 5: read off its score, never computed anew. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring.engine.explain import format_number
from scoring.engine.sheet import CriterionScore, ScoreSheet
from scoring.scheme.level_five import LevelFiveAsk
from scoring.scheme.load_measures import UNIT_RATIO
from scoring.scheme.sourced import NO_TEXT, Quantity
from scoring.scheme.types import FULL_POINTS
from survey.instrument.schema import LocalizedText

REACHED = LocalizedText("ถึงระดับ 5 แล้ว", "Level 5 is reached.")
NOT_COUNTED = LocalizedText(
    "ยังไม่ถึงระดับ 5 ยังขาดคำตอบหรือหลักฐาน", "Not at level 5: the answer or its evidence is missing."
)
ONLY_EVIDENCE = LocalizedText("ตอบแล้ว ยังขาดหลักฐานที่ทำเครื่องหมาย", "Answered; marked evidence is missing.")
COUNTED = LocalizedText(
    "ตอนนี้นับได้ {value} จาก {full} {unit} ยังขาด {missing} {unit}", "Now {value} of {full} {unit}; {missing} missing."
)
UNPROVEN = LocalizedText(" (ตอบแล้วแต่ขาดหลักฐาน {n})", " ({n} answered without evidence)")
SHARE = LocalizedText("ตอนนี้ร้อยละ {value} ต้องถึงร้อยละ {full}", "Now {value} per cent of the {full} needed.")
NO_FIGURE = LocalizedText("ยังคิดสัดส่วนไม่ได้ เพราะยังไม่มีจำนวนครบ", "No share yet: a number is missing.")


@dataclass(frozen=True, slots=True)
class LevelFiveStanding:
    """What level 5 asks by a criterion, and how far the answers are from it. `missing` 0: reached; None: unknown."""

    ask: LevelFiveAsk
    missing: Quantity
    standing: LocalizedText = NO_TEXT

    @property
    def is_reached(self) -> bool:
        """Whether nothing is missing."""
        return self.missing == 0


def level_five_standing(ask: LevelFiveAsk, score: CriterionScore | None) -> LevelFiveStanding:
    """The standing of a criterion by its score; only the ask without one, or where it cannot reach it alone."""
    if score is None or score.kind == "external" or score.maximum != FULL_POINTS:
        return LevelFiveStanding(ask, None)
    if score.points == score.maximum:
        return LevelFiveStanding(ask, Decimal(0), REACHED)
    if score.kind == "choice":
        return LevelFiveStanding(ask, 1, ONLY_EVIDENCE if score.unproven else NOT_COUNTED)
    if score.value is None or score.full is None:
        return LevelFiveStanding(ask, None, NO_FIGURE)
    missing = score.full - score.value
    figures = {
        name: format_number(n) for name, n in (("value", score.value), ("full", score.full), ("missing", missing))
    }
    text = (SHARE if score.unit == UNIT_RATIO else COUNTED).filled(**figures, unit=score.unit)
    if unproven := len(score.unproven):
        more = UNPROVEN.filled(n=unproven)
        text = LocalizedText(text.th + more.th, text.en + more.en)
    return LevelFiveStanding(ask, missing, text)


def standings(asks: Iterable[LevelFiveAsk], sheet: ScoreSheet | None) -> tuple[LevelFiveStanding, ...]:
    """The standing of each ask by a sheet; without one only what is asked."""
    return standings_by_question({"": asks}, sheet)[""]


def standings_by_question(
    asks: Mapping[str, Iterable[LevelFiveAsk]], sheet: ScoreSheet | None
) -> dict[str, tuple[LevelFiveStanding, ...]]:
    """As `standings`, of many questions; the sheet is walked once."""
    scores: Mapping[str, CriterionScore] = {c.id: c for c in sheet.criteria} if sheet else {}
    return {
        question: tuple(level_five_standing(ask, scores.get(ask.criterion)) for ask in some)
        for question, some in asks.items()
    }
