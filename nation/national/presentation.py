"""How blocks of the national report are shown, on pages and on paper alike: chart, table, denominators, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Final

from django.utils.translation import gettext as _

from dgready.localized_text import LocalizedText
from nation.facts.departments import SECTION as DEPARTMENTS
from nation.facts.types import FactBlock, FactRow
from nation.national.charts import BlockChart, block_chart
from nation.national.lines import (
    NO_FIGURE,
    FigureLine,
    Section,
    address_part,
    figure_lines,
    format_change,
    format_percent,
    format_value,
    has_figure,
    part_kind,
)

MOST_COLUMNS: Final = 6  # of parts side by side; more do not fit on paper, and stand below each other
RowLink = Callable[[str, str, str], str]
"""The address of the provinces behind a figure: block, row and part as parts of an address."""


@dataclass(frozen=True, slots=True)
class FigureCell:
    """A cell of a table. `more`: what stands below it, smaller; `href`: the provinces behind the figure."""

    text: str
    href: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class FigureTable:
    """The table of a block: rows with a heading and a cell for each column."""

    first: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[FigureCell, ...]], ...]


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block in one language. `texts`: rows without figures, such as examples; `lists`: texts under a row."""

    key: str
    anchor: str
    title: str
    sentence: str
    note: str
    denominators: str
    chart: BlockChart | None
    table: FigureTable | None
    texts: tuple[str, ...]
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()


def before_label() -> LocalizedText:
    """What the bar of the year before is called."""
    return LocalizedText("ปีก่อน", "The year before")


def block_view(
    block: FactBlock,
    language: str,
    *,
    compare: bool = True,
    link: RowLink | None = None,
    by_agencies: bool = False,
) -> BlockView:
    """A block as it is shown. `compare`: with the year before; `link`: to the provinces behind a figure.

    `by_agencies`: it is of a report of averages, whose questions are on no path.
    """
    texts = tuple((row.label, row.parts) for row in block.rows if row.parts and not any(map(has_figure, row.parts)))
    counted = replace(block, rows=tuple(replace(row, parts=()) for row in block.rows)) if texts else block
    shown = any(has_figure(one) for row in counted.rows for one in (row, *row.parts))
    return BlockView(
        key=block.key,
        anchor=address_part(block.key),
        title=block.title.to(language),
        sentence=block.sentence.to(language),
        note=block.note.to(language),
        denominators=agency_denominators(block) if by_agencies else denominators(block),
        chart=block_chart(counted, language, compare=compare, before=before_label()) if shown else None,
        table=_table(counted, language, compare, link) if shown else None,
        texts=() if shown else tuple(row.label.to(language) for row in block.rows),
        lists=tuple((label.to(language), tuple(part.label.to(language) for part in parts)) for label, parts in texts),
    )


def denominators(block: FactBlock) -> str:
    """What shares are of: asked, answered, n."""
    text = _("อยู่ในเส้นทางคำตอบ {asked} · ตอบ {answered} · n = {n}")
    return text.format(asked=f"{block.asked:,}", answered=f"{block.answered:,}", n=f"{block.n:,}")


def agency_denominators(block: FactBlock) -> str:
    """What averages are of: agencies or provinces asked, answered, n."""
    text = _("ถาม {asked} · ตอบ {answered} · n = {n}")
    return text.format(asked=f"{block.asked:,}", answered=f"{block.answered:,}", n=f"{block.n:,}")


def _table(block: FactBlock, language: str, compare: bool, link: RowLink | None) -> FigureTable:
    lines = tuple(figure_lines(block))
    kinds = {part_kind(row, part) for row in block.rows for part in row.parts}
    if kinds and len(kinds) <= MOST_COLUMNS:
        return _parts_table(block, language, compare, link)
    return _rows_table(block, lines, language, compare, link)


def _rows_table(
    block: FactBlock, lines: Sequence[FigureLine], language: str, compare: bool, link: RowLink | None
) -> FigureTable:
    """Count, share, base, sum, year before, change: each column where some row has it; parts below their row."""
    compared = compare and any(line.before is not None for line in lines)
    columns = {
        _("จำนวน"): any(line.count is not None or line.hidden for line in lines),
        _("ร้อยละ"): any(line.percent is not None for line in lines),
        _("ของ"): any(line.base not in (None, block.n) for line in lines),
        _("ร้อยละของทุกจังหวัด"): any(line.of_all is not None for line in lines),
        _("ค่า"): any(line.value is not None for line in lines),
        _("ปีก่อน"): compared,
        _("ต่าง"): compared,
    }
    told = ((row, part) for row in block.rows for part in (None, *row.parts))
    rows = tuple(
        (
            f"– {line.part_label.to(language)}" if part else line.label.to(language),
            tuple(compress(_line_cells(block, line, row, part, link), columns.values())),
        )
        for line, (row, part) in zip(lines, told, strict=True)
    )
    return FigureTable(_("รายการ"), tuple(compress(columns, columns.values())), rows)


def _line_cells(
    block: FactBlock, line: FigureLine, row: FactRow, part: FactRow | None, link: RowLink | None
) -> tuple[FigureCell, ...]:
    """The cells of a figure; empty ones for a row that only names the parts below it."""
    if part is None and row.parts and not has_figure(row):
        return (FigureCell(""),) * 7
    return (
        FigureCell(_count(line), _href(block, row, part, link)),
        FigureCell(format_percent(line.percent)),
        FigureCell("" if line.base is None else f"{line.base:,}"),
        FigureCell(format_percent(line.of_all)),
        FigureCell(format_value(line.value)),
        FigureCell(format_percent(line.before)),
        FigureCell(_change(line)),
    )


def _parts_table(block: FactBlock, language: str, compare: bool, link: RowLink | None) -> FigureTable:
    """A column for each part, its share with the count; the base of rows before them where any has one of its own."""
    labels = {part_kind(row, part): part.label.to(language) for row in block.rows for part in row.parts}
    lines = {(line.row, line.part): line for line in figure_lines(block)}
    own = any(
        line.count is not None or line.value is not None or line.hidden for line in lines.values() if not line.part
    )
    based = any(row.base not in (None, block.n) for row in block.rows)
    rows = []
    for row in block.rows:
        parts = {part_kind(row, part): part for part in row.parts}
        cells = [_parts_cell(block, row, None, lines[row.key, ""], compare, link)] if own else []
        cells += [FigureCell(f"{block.n if row.base is None else row.base:,}")] if based else []
        cells += [
            _parts_cell(block, row, parts[kind], lines[row.key, parts[kind].key], compare, link)
            if kind in parts
            else FigureCell(NO_FIGURE)
            for kind in labels
        ]
        rows.append((row.label.to(language), tuple(cells)))
    columns = [*([_("รวม")] if own else []), *([_("ของ")] if based else []), *labels.values()]
    return FigureTable(_("รายการ"), tuple(columns), tuple(rows))


def _parts_cell(
    block: FactBlock, row: FactRow, part: FactRow | None, line: FigureLine, compare: bool, link: RowLink | None
) -> FigureCell:
    count, more = _count(line), ""
    if line.percent is not None:
        count = f"{format_percent(line.percent)} ({count})" if line.count is not None else format_percent(line.percent)
    elif line.value is not None:
        count = format_value(line.value)
    if line.of_all is not None:
        more = f"{_('ของทุกจังหวัด')} {format_percent(line.of_all)}"
    if compare and line.before is not None:
        more = f"{more} {_('ปีก่อน')} {format_percent(line.before)}".lstrip()
    return FigureCell(count, _href(block, row, part, link), more)


def _count(line: FigureLine) -> str:
    """A count; that a few are not told."""
    if line.hidden:
        return _("น้อยกว่า 3")
    return "–" if line.count is None else f"{line.count:,}"


def _href(block: FactBlock, row: FactRow, part: FactRow | None, link: RowLink | None) -> str:
    """The address of the provinces behind a figure, where there are any to see."""
    told = row if part is None else part
    if link is None or told.hidden or not told.provinces:
        return ""
    return link(address_part(block.key), address_part(row.key), address_part(part.key) if part else "")


def _change(line: FigureLine) -> str:
    """The change in percentage points, in words too."""
    if line.change is None:
        return "–"
    if not line.change:
        return _("เท่าเดิม")
    word = _("เพิ่ม") if line.change > 0 else _("ลด")
    return f"{word} {format_change(abs(line.change)).removeprefix('+')}"


def section_title(section: Section, titles: Mapping[str, LocalizedText], language: str) -> str:
    """What a section is called: a pillar with its number, the questions before the pillars, the front."""
    if not section.key:
        return _("ภาพรวม")
    if section.key == DEPARTMENTS:
        return _("ที่ส่วนราชการทำให้จังหวัด")
    name = titles.get(section.key)
    text = name.to(language) if name else _("คำถามทั่วไป") if not section.key.isdigit() else ""
    return f"{section.key} {text}".rstrip()
