"""The figures of a report one by one, as every output lists them: page, paper, workbook, CSV and JSON. PURE.

An output that shows a figure takes it from here or from the report's own JSON, so that none can tell another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from dgready.localized_text import LocalizedText
from nation.facts.types import NO_TEXT, FactBlock, FactRow, NationalReport
from scoring.engine.as_json import format_decimal

FRONT: Final = "front"  # the address of the section "" of blocks
NO_FIGURE: Final = "–"


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A row of a block, or one part of a stacked row.

    `base`: what the share is of, or how many a sum is over; `of_all`: the share of all provinces counted, where fewer
    of them were asked.
    """

    row: str
    part: str
    label: LocalizedText
    part_label: LocalizedText
    count: int | None
    percent: Decimal | None
    base: int | None
    value: Decimal | None
    before: Decimal | None
    of_all: Decimal | None
    hidden: bool

    @property
    def change(self) -> Decimal | None:
        """In percentage points since the year before; None where it is not comparable."""
        return None if self.percent is None or self.before is None else self.percent - self.before


def figure_lines(block: FactBlock) -> Iterator[FigureLine]:
    """Every figure of a block, a row's own before those of its parts."""
    for row in block.rows:
        yield _line(block, row)
        for part in row.parts:
            yield _line(block, row, part, row.base)


def _line(block: FactBlock, row: FactRow, part: FactRow | None = None, base: int | None = None) -> FigureLine:
    told = row if part is None else part
    whole = told.base if told.base is not None else base
    return FigureLine(
        row=row.key,
        part=part.key if part else "",
        label=row.label,
        part_label=part.label if part else NO_TEXT,
        count=told.count,
        percent=told.percent,
        base=block.n if whole is None and told.percent is not None else whole,
        value=told.value,
        before=told.before,
        of_all=told.of_all,
        hidden=told.hidden,
    )


def without_hidden(report: NationalReport) -> NationalReport:
    """The report without any figure that is not to be told, whatever its rows still hold."""
    blocks = (replace(block, rows=tuple(map(_told, block.rows))) for block in report.blocks)
    return replace(report, blocks=tuple(blocks))


def _told(row: FactRow) -> FactRow:
    if row.hidden:
        return FactRow(key=row.key, label=row.label, hidden=True)
    return replace(row, parts=tuple(map(_told, row.parts))) if row.parts else row


@dataclass(frozen=True, slots=True)
class Section:
    """The blocks of a pillar, of the questions before the pillars, or of the front ("")."""

    key: str
    blocks: tuple[FactBlock, ...]

    @property
    def address(self) -> str:
        """Its key in addresses."""
        return self.key or FRONT


def list_sections(blocks: Iterable[FactBlock]) -> tuple[Section, ...]:
    """The sections in the order in which they begin, each with all its blocks."""
    found: dict[str, list[FactBlock]] = {}
    for block in blocks:
        found.setdefault(block.section, []).append(block)
    return tuple(Section(key, tuple(blocks)) for key, blocks in found.items())


def split_by_size(blocks: Sequence[FactBlock], most: int) -> list[tuple[FactBlock, ...]]:
    """Blocks in order on as many pages as they need, each of about `most` bytes of HTML; a block is never split."""
    pages: list[list[FactBlock]] = []
    left = 0
    for block in blocks:
        size = _html_size(block)
        if not pages or size > left:
            pages.append([])
            left = most
        pages[-1].append(block)
        left -= size
    return [tuple(page) for page in pages]


# What templates/nation/national/_block.html takes, measured: of a block, of a figure, of a letter (its text stands in
# chart and table).
_BLOCK_BYTES, _ROW_BYTES, _PART_BYTES, _TEXTS = 2200, 950, 480, 2


def _html_size(block: FactBlock) -> int:
    texts = [
        block.title,
        block.title,
        block.sentence,
        block.note,
        *(row.label for row in block.rows for _ in range(_TEXTS)),
    ]
    parts = sum(len(row.parts) for row in block.rows)
    letters = sum(max(len(text.th.encode()), len(text.en.encode())) for text in texts)
    return _BLOCK_BYTES + _ROW_BYTES * len(block.rows) + _PART_BYTES * parts + letters


def has_figure(row: FactRow) -> bool:
    """Whether a row tells a figure, or that one is not told; else it is a text."""
    return row.hidden or any(one is not None for one in (row.count, row.percent, row.value))


def count_uncounted(report: NationalReport) -> int:
    """How many answers of the population are approved (or submitted) and have no figures yet."""
    rates = report.block("rates")
    states = ("approved", "submitted") if report.population.submitted else ("approved",)
    answered = sum(row.count or 0 for row in rates.rows if row.key in states) if rates else 0
    return max(0, answered - len(report.provinces))


def part_kind(row: FactRow, part: FactRow) -> tuple[str, str]:
    """What makes parts of several rows the same: their key without that of their row, and their label."""
    return part.key.removeprefix(f"{row.key}:"), part.label.th


def address_part(key: str) -> str:
    """A key of a block or row as a part of an address: a slash would begin another part."""
    return key.replace("/", "~")


def find_figure(block: FactBlock, row: str, part: str = "") -> tuple[FactRow, FactRow | None] | None:
    """The row with that part of an address, and the part of it that is named; None where there is none."""
    for one in block.rows:
        if address_part(one.key) == row:
            if not part:
                return one, None
            for piece in one.parts:
                if address_part(piece.key) == part:
                    return one, piece
    return None


def format_percent(percent: Decimal | None) -> str:
    """A share with two places; a dash for none."""
    return format_decimal(percent) or NO_FIGURE


def format_value(value: Decimal | None) -> str:
    """A sum or mean with as many places as it has, thousands apart; a dash for none."""
    if value is None:
        return NO_FIGURE
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_change(change: Decimal | None) -> str:
    """A change with its sign and two places; "" where years cannot be compared."""
    if change is None:
        return ""
    return f"{change:+.2f}".replace("-", "−") if change else "0.00"
