"""Geometry of the printed charts: bars and a radar with the names of what they show. Each has its table beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from dgready.thai_words import cut_words
from reports.content.result_report import ResultRow

BAR_LEFT, BAR_WIDTH, ROW_HEIGHT, BAR_HEIGHT = 6, 420, 46, 15
CENTRE_X, CENTRE_Y, RADIUS, LABEL_RADIUS = 300, 190, 130, 142
LINE_HEIGHT, LABEL_LETTERS, LABEL_LINES = 13, 24, 3
RINGS: Final = (20, 40, 60, 80, 100)


@dataclass(frozen=True, slots=True)
class PrintedBar:
    """A bar under its name; `level` 0 has none. `average` and `best`: where their marks stand, "" for none."""

    name: str
    name_y: int
    y: int
    width: str
    level: int
    value: Decimal | None
    average: str
    best: str
    is_first: bool


@dataclass(frozen=True, slots=True)
class PrintedBars:
    """All bars, in a drawing of that height."""

    height: int
    bars: tuple[PrintedBar, ...]


@dataclass(frozen=True, slots=True)
class RadarLabel:
    """The name of an axis in lines, from `y` downwards."""

    x: str
    y: str
    anchor: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PrintedRadar:
    """Rings, spokes, names, and a closed line of each series."""

    rings: tuple[str, ...]
    spokes: tuple[tuple[str, str], ...]
    labels: tuple[RadarLabel, ...]
    own: str
    best: str
    average: str


def printed_bars(rows: Sequence[ResultRow]) -> PrintedBars:
    """A bar for each row, with the marks of the average and of the best."""
    bars = []
    for index, row in enumerate(rows):
        top = index * ROW_HEIGHT
        bars.append(
            PrintedBar(
                name=f"{row.code} {row.name}",
                name_y=top + 15,
                y=top + 22,
                width=f"{float(row.own or 0) * BAR_WIDTH / 100:.1f}",
                level=row.level or 0,
                value=row.own,
                average=_bar_place(row.average),
                best=_bar_place(row.best),
                is_first=index == 0,
            )
        )
    return PrintedBars(len(rows) * ROW_HEIGHT + 4, tuple(bars))


def _bar_place(score: Decimal | None) -> str:
    return "" if score is None else f"{BAR_LEFT + float(score) * BAR_WIDTH / 100:.1f}"


def printed_radar(rows: Sequence[ResultRow]) -> PrintedRadar | None:
    """The radar of at least three rows."""
    count = len(rows)
    if count < 3:
        return None
    return PrintedRadar(
        rings=tuple(" ".join(_point(i, count, RADIUS * ring / 100) for i in range(count)) for ring in RINGS),
        spokes=tuple((x, y) for x, y in (_point(i, count, RADIUS).split(",") for i in range(count))),
        labels=tuple(_label(row, i, count) for i, row in enumerate(rows)),
        own=_series([row.own for row in rows]),
        best=_series([row.best for row in rows]),
        average=_series([row.average for row in rows]),
    )


def _series(scores: Sequence[Decimal | None]) -> str:
    """The points of a series; "" where a score is missing, since a line through the middle would lie."""
    if any(score is None for score in scores):
        return ""
    return " ".join(_point(i, len(scores), RADIUS * float(score or 0) / 100) for i, score in enumerate(scores))


def _angle(index: int, count: int) -> float:
    return 2 * math.pi * index / count - math.pi / 2


def _point(index: int, count: int, radius: float) -> str:
    angle = _angle(index, count)
    return f"{CENTRE_X + radius * math.cos(angle):.1f},{CENTRE_Y + radius * math.sin(angle):.1f}"


def _label(row: ResultRow, index: int, count: int) -> RadarLabel:
    across, down = math.cos(_angle(index, count)), math.sin(_angle(index, count))
    lines = wrap_words(f"{row.code} {row.name}", LABEL_LETTERS, LABEL_LINES)
    height = LINE_HEIGHT * len(lines)
    top = CENTRE_Y + LABEL_RADIUS * down - (height if down < -0.5 else height / 2 if down < 0.5 else 0) + 10
    x = f"{CENTRE_X + LABEL_RADIUS * across:.1f}"
    anchor = "middle" if abs(across) < 0.2 else "start" if across > 0 else "end"
    return RadarLabel(
        x, f"{top:.1f}", anchor, tuple((f"{top + LINE_HEIGHT * n:.1f}", line) for n, line in enumerate(lines))
    )


def wrap_words(text: str, letters: int, most: int) -> list[str]:
    """A text in at most so many lines of about so many letters, cut between words; what is left over ends in "…"."""
    lines = [""]
    for word in cut_words(text):
        if lines[-1] and _width(lines[-1] + word) > letters:
            lines.append("")
        lines[-1] += word
    lines = [line.strip() for line in lines if line.strip()]
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1]}…"]


def _width(text: str) -> int:
    """Letters beside each other: Thai vowels and tone marks above and below take no room."""
    return sum(not ("\u0e34" <= c <= "\u0e3a" or "\u0e47" <= c <= "\u0e4e" or c == "\u0e31") for c in text)
