"""Geometry of the score charts: plain numbers for the SVG templates, on screen and in print. PURE."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.engine.levels import round_score

# Colour, dash and marker tell the series apart without colour vision or in grey print.
SERIES_STYLES = (("#2c3a8c", "", "circle"), ("#0b6866", "7 4", "square"), ("#8a3b00", "2 4", "diamond"))
LEVEL_FILL = {1: "#c62828", 2: "#ef8a17", 3: "#f6c915", 4: "#6dbdf0", 5: "#1b6b3a"}
NO_LEVEL_FILL = "#8089a0"
CENTRE, RADIUS, LABEL_RADIUS = 160, 118, 138
RINGS = (20, 40, 60, 80, 100)
BAR_LEFT, BAR_WIDTH, BAR_ROW_HEIGHT = 44, 420, 34
TICKS = (0, 20, 40, 60, 80, 100)
AXIS_HEIGHT = 46  # below the bars: the numbers of the axis and its title


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """A named row of scores 0–100, one per axis; None where there is none."""

    name: str
    scores: Sequence[Decimal | None]


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """A place in the drawing, in whole units of the view box with one decimal."""

    x: str
    y: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class ChartLine:
    """A series as a closed line: its style, path and points."""

    name: str
    colour: str
    dash: str
    marker: str
    path: str
    points: tuple[ChartPoint, ...]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RadarChart:
    """A radar chart: rings, spokes with their labels, one closed line per series."""

    title: str
    axes: tuple[ChartPoint, ...]
    spokes: tuple[ChartPoint, ...]
    rings: tuple[str, ...]
    lines: tuple[ChartLine, ...]
    names: tuple[str, ...]

    @property
    def rows(self) -> list[tuple[str, tuple[str, ...]]]:
        """The table beside it: each axis with the value of every series."""
        return list(zip(self.names, zip(*(line.values for line in self.lines), strict=True), strict=True))


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: score, level colour, the mark of another score, its range (from `range_start`, `range_width` wide)."""

    label: str
    name: str
    y: int
    text_y: int
    width: str
    fill: str
    value: str
    level: int | None
    mark: str
    mark_value: str
    value_x: str
    range_start: str = ""
    range_width: str = ""
    range_text: str = ""


@dataclass(frozen=True, slots=True)
class LevelKey:
    """A level in the legend: its number, colour and name."""

    level: int
    fill: str
    name: str


@dataclass(frozen=True, slots=True)
class BarChart:
    """Horizontal bars over an axis of 0–100. `mark_name`: what the marked score is; `range_name`: what the ranges are.

    `axis_y`: the foot of the bars, where the axis is drawn; `levels`: the names of the colours.
    """

    title: str
    height: int
    bars: tuple[Bar, ...]
    mark_name: str
    range_name: str
    levels: tuple[LevelKey, ...]
    axis_y: int
    ticks: tuple[ChartPoint, ...]

    @property
    def has_ranges(self) -> bool:
        """Whether some bar has a range."""
        return any(bar.range_start for bar in self.bars)


def format_score(score: Decimal | None) -> str:
    """A score with two places, or a dash."""
    return "–" if score is None else f"{round_score(score):f}"


def build_radar_chart(
    title: str, labels: Sequence[str], names: Sequence[str], series: Sequence[ChartSeries]
) -> RadarChart:
    """A radar of up to three series over the same axes (`labels` short, `names` in full)."""
    count = len(labels)
    lines = []
    for (colour, dash, marker), row in zip(SERIES_STYLES, series, strict=False):
        points = tuple(
            _point_on_circle(index, count, RADIUS * float(score) / 100, format_score(score))
            for index, score in enumerate(row.scores)
            if score is not None
        )
        path = " ".join(f"{p.x},{p.y}" for p in points)
        lines.append(ChartLine(row.name, colour, dash, marker, path, points, tuple(map(format_score, row.scores))))
    return RadarChart(
        title=title,
        axes=tuple(_point_on_circle(i, count, LABEL_RADIUS, label) for i, label in enumerate(labels)),
        spokes=tuple(_point_on_circle(i, count, RADIUS) for i in range(count)),
        rings=tuple(_ring_points(count, ring) for ring in RINGS),
        lines=tuple(lines),
        names=tuple(names),
    )


def _point_on_circle(index: int, count: int, radius: float, text: str = "") -> ChartPoint:
    angle = 2 * math.pi * index / count - math.pi / 2
    return ChartPoint(f"{CENTRE + radius * math.cos(angle):.1f}", f"{CENTRE + radius * math.sin(angle):.1f}", text)


def _ring_points(count: int, ring: int) -> str:
    return " ".join(f"{p.x},{p.y}" for p in (_point_on_circle(i, count, RADIUS * ring / 100) for i in range(count)))


def build_bar_chart(
    title: str,
    rows: Sequence[tuple[str, str, Decimal | None, int | None, Decimal | None]],
    mark_name: str = "",
    ranges: Sequence[tuple[Decimal, Decimal] | None] = (),
    *,
    range_name: str = "",
    levels: Mapping[int, str] | None = None,
) -> BarChart:
    """Bars of (label, name, score, level, marked score).

    `ranges`: of each its lower and upper end, called `range_name`; `levels`: the names of the levels.
    """
    drawn = []
    for index, (label, name, score, level, mark) in enumerate(rows):
        top = 8 + index * BAR_ROW_HEIGHT
        low, high = (ranges[index] if index < len(ranges) else None) or (None, None)
        width = float(score or 0) * BAR_WIDTH / 100
        drawn.append(
            Bar(
                label=label,
                name=name,
                y=top,
                text_y=top + 15,
                width=f"{width:.1f}",
                fill=LEVEL_FILL.get(level or 0, NO_LEVEL_FILL),
                value=format_score(score),
                level=level,
                mark="" if mark is None else f"{BAR_LEFT + float(mark) * BAR_WIDTH / 100:.1f}",
                mark_value=format_score(mark),
                value_x=f"{BAR_LEFT + BAR_WIDTH + 8}",
                range_start="" if low is None else f"{BAR_LEFT + float(low) * BAR_WIDTH / 100:.1f}",
                range_width="" if low is None or high is None else f"{float(high - low) * BAR_WIDTH / 100:.1f}",
                range_text="" if low is None else f"{format_score(low)}–{format_score(high)}",
            )
        )
    foot = 8 + len(rows) * BAR_ROW_HEIGHT
    keys = tuple(LevelKey(level, LEVEL_FILL[level], name) for level, name in sorted((levels or {}).items()))
    ticks = place_ticks(BAR_LEFT, BAR_WIDTH)
    return BarChart(title, foot + AXIS_HEIGHT, tuple(drawn), mark_name, range_name, keys, foot, ticks)


def place_ticks(left: int, width: int) -> tuple[ChartPoint, ...]:
    """The numbers of an axis of 0–100 that begins at `left`: where each stands, and what it says."""
    return tuple(ChartPoint(f"{left + tick * width / 100:.1f}", "", str(tick)) for tick in TICKS)
