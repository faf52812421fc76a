"""Geometry of the chart of one score: its likely interval and named marks over an axis of 0–100. PURE."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.engine.charts import ChartPoint, format_score, place_ticks

LEFT, WIDTH = 20, 560
SHAPES = ("circle", "square", "diamond")  # told apart without colour


@dataclass(frozen=True, slots=True)
class RangeMark:
    """A named score on the axis."""

    name: str
    value: str
    x: str
    shape: str


@dataclass(frozen=True, slots=True)
class RangeChart:
    """A score on an axis: marks, and the interval it is likely to lie in (empty where there is none)."""

    title: str
    marks: tuple[RangeMark, ...]
    ticks: tuple[ChartPoint, ...]
    interval_name: str = ""
    interval_text: str = ""
    start: str = ""
    width: str = ""


def build_range_chart(
    title: str,
    marks: Sequence[tuple[str, Decimal | None]],
    interval_name: str = "",
    interval: tuple[Decimal, Decimal] | None = None,
) -> RangeChart:
    """A chart of up to three marks (name, score); what has no score is left out."""
    drawn = tuple(
        RangeMark(name, format_score(score), _place(score), shape)
        for (name, score), shape in zip(marks, SHAPES, strict=False)
        if score is not None
    )
    ticks = place_ticks(LEFT, WIDTH)
    if interval is None:
        return RangeChart(title, drawn, ticks)
    low, high = interval
    said = f"{format_score(low)}–{format_score(high)}"
    width = f"{max(float(high - low) * WIDTH / 100, 2.0):.1f}"
    return RangeChart(title, drawn, ticks, interval_name, said, _place(low), width)


def _place(score: Decimal) -> str:
    return f"{LEFT + float(score) * WIDTH / 100:.1f}"
