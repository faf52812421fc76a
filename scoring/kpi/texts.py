"""What the conditions of a KPI target ask for, in words. PURE."""

from __future__ import annotations

from collections.abc import Sequence

from dgready.localized_text import LocalizedText
from scoring.engine.explain import format_number
from scoring.kpi.types import TargetCondition

_TEXTS = {
    "fixed": LocalizedText("{n} ขึ้นไป", "{n} or more"),
    "above_best": LocalizedText("มากกว่าผลที่ดีที่สุด", "more than the best result"),
    "level4_pillars": LocalizedText("อยู่ในระดับ 4 ขึ้นไปอย่างน้อย {n} ตัวชี้วัดหลัก", "at least {n} pillars at level 4 or higher"),
    "none_below": LocalizedText("ไม่มีตัวชี้วัดหลักใดต่ำกว่าระดับ {n}", "no pillar below level {n}"),
}
_BEST = LocalizedText("ผลที่ดีที่สุด", "the best result")
_BEST_MORE = LocalizedText("ผลที่ดีที่สุด + {n}", "the best result + {n}")
_BEST_LESS = LocalizedText("ผลที่ดีที่สุด − {n}", "the best result − {n}")


def describe_conditions(conditions: Sequence[TargetCondition]) -> LocalizedText:
    """All conditions of a target, which must all hold."""
    said = [_describe_condition(condition) for condition in conditions]
    return LocalizedText(" และ".join(one.th for one in said), " and ".join(one.en for one in said))


def _describe_condition(condition: TargetCondition) -> LocalizedText:
    if condition.kind == "best_plus":
        text = _BEST if not condition.value else _BEST_MORE if condition.value > 0 else _BEST_LESS
        return text.filled(n=format_number(abs(condition.value)))
    return _TEXTS[condition.kind].filled(n=format_number(condition.value))
