"""Geometry of the charts of the national report, the same on screen and on paper. PURE.

Fills are patterns with a shade of their own each (templates/nation/national/_patterns.html), so that grey paper and
eyes that see no colour tell them apart; each chart has its table beside it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from dgready.localized_text import LocalizedText
from dgready.shorten import shorten
from nation.facts.types import BlockKind, ChartShape, FactBlock, FactRow
from nation.national.lines import format_percent, format_value, part_kind

WIDTH, BAR_WIDTH = 340, 270
ROW_HEIGHT, PARTS_HEIGHT, KEY_HEIGHT = 34, 48, 17
LABEL_LETTERS: Final = 56  # of a line as wide as the drawing
KEY_LETTERS: Final = 27
NARROWEST_TOLD: Final = 11  # per cent: a share whose figure has room below it
CENTRE, OUTER, INNER, RING_WIDTH = 66, 62, 34, 140
FILLS: Final = 8  # patterns that are not of levels
LEVELS: Final = frozenset("12345")
HUNDRED, NEARLY_ALL, MOST_WHOLE = Decimal(100), Decimal("99.5"), Decimal("100.5")


@dataclass(frozen=True, slots=True)
class ChartPiece:
    """A share of a stacked bar or a ring: where it begins, how wide it is; `path` of a ring's."""

    fill: str
    x: str = ""
    width: str = ""
    middle: str = ""
    text: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class ChartBar:
    """A bar under its label. `mark`: where the year before stood, "" for none."""

    label: str
    label_y: int
    y: int
    width: str = ""
    text: str = ""
    mark: str = ""
    pieces: tuple[ChartPiece, ...] = ()
    pieces_y: int = 0


@dataclass(frozen=True, slots=True)
class ChartKey:
    """What a fill means; `y` beside a ring, `x` too below bars."""

    fill: str
    label: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class BlockChart:
    """A chart: bars or a ring, with the keys of its fills. `marked`: some bar has the mark of the year before."""

    height: int
    bars: tuple[ChartBar, ...] = ()
    ring: tuple[ChartPiece, ...] = ()
    keys: tuple[ChartKey, ...] = ()
    marked: bool = False

    @property
    def fills(self) -> str:
        """Whose fills it uses: those of "levels", or of other "shares"."""
        return "levels" if any(key.fill.startswith("level") for key in self.keys) else "shares"


def block_chart(block: FactBlock, language: str, *, compare: bool, before: LocalizedText) -> BlockChart | None:
    """The chart of a block; None for one that is not drawn. `compare`: with the year before, named `before`."""
    if block.shape is ChartShape.DONUT:
        return _ring(block, language)
    if block.shape is ChartShape.STACKED:
        return _stacked(block, language, before.to(language) if compare else "")
    return _bars(block, language, compare) if block.shape is ChartShape.BARS else None


def _bars(block: FactBlock, language: str, compare: bool) -> BlockChart | None:
    rows = [row for row in block.rows if not row.hidden]
    if block.kind is BlockKind.SCORES:
        rows = [row for row in rows if row.value is not None]  # what nobody answered is no bar of 0
    if shares := any(row.percent is not None for row in rows):
        rows = [row for row in rows if row.percent is not None]  # a total has no place among shares
    most = max((_plain_figure(row) for row in rows), default=Decimal(0))
    whole = HUNDRED if shares or block.kind is BlockKind.SCORES else most
    if not rows or not whole:
        return None
    bars = []
    for index, row in enumerate(rows):
        figure = (row.percent or Decimal(0)) if shares else _plain_figure(row)
        width = min(figure, whole) * BAR_WIDTH / whole
        mark = row.before if compare and shares else None
        bars.append(
            ChartBar(
                label=shorten(row.label.to(language), LABEL_LETTERS),
                label_y=index * ROW_HEIGHT + 12,
                y=index * ROW_HEIGHT + 17,
                width=f"{width:.1f}",
                text=_figure_text(row, shares),
                mark="" if mark is None else f"{mark * BAR_WIDTH / HUNDRED:.1f}",
            )
        )
    return BlockChart(len(rows) * ROW_HEIGHT + 4, bars=tuple(bars), marked=any(bar.mark for bar in bars))


def _plain_figure(row: FactRow) -> Decimal:
    """What a bar that is no share is as long as."""
    return row.value if row.value is not None else Decimal(row.count or 0)


def _figure_text(row: FactRow, shares: bool) -> str:
    if shares:
        return f"{format_percent(row.percent)} %"
    return format_value(_plain_figure(row))


@dataclass(frozen=True, slots=True)
class _Stack:
    """The shares of a stacked bar, each with what makes it the same in another bar."""

    label: LocalizedText
    parts: tuple[tuple[tuple[str, str], FactRow], ...]

    @property
    def is_whole(self) -> bool:
        """Whether the shares are of one whole; of several choices they are more, and no bar of them would be true."""
        return sum((part.percent or Decimal(0) for _kind, part in self.parts), Decimal(0)) <= MOST_WHOLE


def _stacked(block: FactBlock, language: str, before: str) -> BlockChart | None:
    """A bar of shares for each row; of a block without parts one bar of all rows, and one of the year before."""
    stacks = _stacks(block, before)
    if not all(stack.is_whole for stack in stacks):
        return _bars(replace(block, rows=tuple(_single_rows(stacks))), language, bool(before))
    kinds = {kind: part.label.to(language) for stack in stacks for kind, part in stack.parts}
    fills = _fills(block.kind, list(kinds))
    bars = tuple(_stacked_bar(index, stack, language, fills) for index, stack in enumerate(stacks))
    if not any(bar.pieces for bar in bars):
        return None
    top = len(bars) * PARTS_HEIGHT + 8
    keys = tuple(
        ChartKey(fills[kind], shorten(label, KEY_LETTERS), WIDTH // 2 * (index % 2), top + KEY_HEIGHT * (index // 2))
        for index, (kind, label) in enumerate(kinds.items())
    )
    return BlockChart(top + KEY_HEIGHT * ((len(keys) + 1) // 2), bars=bars, keys=keys)


def _stacks(block: FactBlock, before: str) -> list[_Stack]:
    stacks = [
        _Stack(row.label, tuple((part_kind(row, part), part) for part in row.parts))
        for row in block.rows
        if row.parts and not row.hidden
    ]
    if stacks:
        return stacks
    own = _Stack(block.title, tuple(((row.key, row.label.th), row) for row in block.rows))
    earlier = tuple((kind, replace(row, percent=row.before)) for kind, row in own.parts if row.before is not None)
    last = _Stack(LocalizedText(before), earlier)
    known = len(earlier) == len(own.parts)  # a bar of some levels would stand where others belong
    return [own, last] if before and known and last.is_whole else [own]


def _single_rows(stacks: Sequence[_Stack]) -> Iterator[FactRow]:
    """Every part as a row of its own. The part is named whole, since it is what tells bars of a row apart."""
    for stack in stacks:
        for _kind, part in stack.parts:
            names = (_part_label(stack.label.to(language), part.label.to(language)) for language in ("th", "en"))
            yield replace(part, label=LocalizedText(*names))


def _part_label(whole: str, part: str) -> str:
    part = shorten(part, LABEL_LETTERS // 2)
    return f"{shorten(whole, LABEL_LETTERS - len(part) - 4)} – {part}"


def _stacked_bar(index: int, stack: _Stack, language: str, fills: dict[tuple[str, str], str]) -> ChartBar:
    begins, pieces = Decimal(0), []
    for kind, part in stack.parts:
        if not part.percent or part.hidden:
            continue
        width = part.percent * WIDTH / HUNDRED
        told = format_percent(part.percent) if part.percent >= NARROWEST_TOLD else ""
        pieces.append(ChartPiece(fills[kind], f"{begins:.1f}", f"{width:.1f}", f"{begins + width / 2:.1f}", text=told))
        begins += width
    top = index * PARTS_HEIGHT
    label = shorten(stack.label.to(language), LABEL_LETTERS)
    return ChartBar(label, top + 12, top + 17, pieces=tuple(pieces), pieces_y=top + 41)


def _fills(kind: BlockKind, kinds: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """A fill for each kind of part: a level has its own."""
    if kind is BlockKind.LEVELS and {key for key, _label in kinds} <= LEVELS:
        return {one: f"level-{one[0]}" for one in kinds}
    return {one: f"fill-{index % FILLS + 1}" for index, one in enumerate(kinds)}


def _ring(block: FactBlock, language: str) -> BlockChart | None:
    rows = [row for row in block.rows if row.percent and not row.hidden]
    if not rows:
        return None
    told = sum((row.percent or Decimal(0) for row in rows), Decimal(0))
    whole = told if told > NEARLY_ALL else HUNDRED  # what is not told stays a gap; rounding is none
    fills = _fills(block.kind, [(row.key, row.label.th) for row in block.rows])
    pieces, begins = [], Decimal(0)
    for row in rows:
        ends = begins + (row.percent or Decimal(0)) / whole
        pieces.append(ChartPiece(fills[row.key, row.label.th], path=_ring_path(float(begins), float(ends))))
        begins = ends
    top = max(0, (2 * CENTRE - KEY_HEIGHT * len(rows)) // 2)
    keys = tuple(
        ChartKey(
            fills[row.key, row.label.th],
            f"{format_percent(row.percent)} % {shorten(row.label.to(language), KEY_LETTERS - 4)}",
            RING_WIDTH,
            top + KEY_HEIGHT * index,
        )
        for index, row in enumerate(rows)
    )
    return BlockChart(max(2 * CENTRE, KEY_HEIGHT * len(rows) + 4), ring=tuple(pieces), keys=keys)


def _ring_path(begins: float, ends: float) -> str:
    """The outline of a share of the ring; a share of all is drawn in two halves."""
    if ends - begins > 0.999:
        return f"{_ring_path(0, 0.5)} {_ring_path(0.5, 0.998)}"
    large = 1 if ends - begins > 0.5 else 0
    return (
        f"M{_point(begins, OUTER)}A{OUTER} {OUTER} 0 {large} 1 {_point(ends, OUTER)}"
        f"L{_point(ends, INNER)}A{INNER} {INNER} 0 {large} 0 {_point(begins, INNER)}Z"
    )


def _point(share: float, radius: int) -> str:
    angle = 2 * math.pi * share - math.pi / 2
    return f"{CENTRE + radius * math.cos(angle):.1f} {CENTRE + radius * math.sin(angle):.1f}"
