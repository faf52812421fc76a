"""The document "result and answers": cover, score, every item of the form with its answer and evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from reports.content.report import ResponseReport
from reports.content.scorecard import Scorecard
from reports.content.structure import ReportContent, ReportLine, ReportSection
from reports.documents.render import write_pdf
from scoring.engine import charts
from scoring.scheme.registry import get_level_names

TEMPLATE = "reports/documents/result.html"
LINES_PER_PAGE = 9  # for the progress bar only
LAYOUT_PERCENT, DRAWING_PERCENT = 75, 92  # of 100, where the bar stands after laying out and after drawing

BlockKind = Literal["question", "group", "field", "table", "entry"]


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table with its cells, and what is printed below it over the whole width."""

    line: ReportLine
    below: tuple[Block, ...] = ()

    @property
    def has_below(self) -> bool:
        """Whether something is printed below it: opened items, evidence, picked options."""
        return bool(self.below) or any(cell.places or cell.picked for cell in self.cells)

    @property
    def cells(self) -> tuple[ReportLine, ...]:
        """Its cells in the order of the columns."""
        return tuple(c for c in self.line.children if c.kind == "cell")


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a page: a line, or a whole table."""

    kind: BlockKind
    line: ReportLine
    columns: tuple[str, ...] = ()
    rows: tuple[TableRow, ...] = ()

    @property
    def indent(self) -> int:
        """How far it is moved in, 0–6."""
        return min(self.line.depth, 6)


def line_blocks(line: ReportLine) -> Iterator[Block]:
    """A line and all below it as blocks, in order."""
    if line.kind == "table":
        rows = tuple(_table_row(child) for child in line.children if child.kind in ("row", "heading"))
        columns = next((tuple(c.label for c in row.cells) for row in rows if row.cells), ())
        yield Block("table", line, columns, rows)
    else:
        yield Block(_block_kind(line), line)
    for child in line.children:
        if child.kind not in ("row", "heading"):
            yield from line_blocks(child)


def _table_row(line: ReportLine) -> TableRow:
    return TableRow(line, tuple(b for c in line.children if c.kind != "cell" for b in line_blocks(c)))


def _block_kind(line: ReportLine) -> BlockKind:
    if line.is_question or (line.kind == "group" and line.depth == 0):
        return "question"
    if line.kind in ("group", "entry"):
        return "group" if line.kind == "group" else "entry"
    return "field"


@dataclass(frozen=True, slots=True)
class PrintedSection:
    """A section as printed; `starts_pillar`: the heading of its pillar is printed above it."""

    section: ReportSection
    blocks: tuple[Block, ...]
    starts_pillar: bool


def printed_sections(content: ReportContent) -> list[PrintedSection]:
    """All sections in the order of the form."""
    printed: list[PrintedSection] = []
    pillar_number = None
    for section in content.sections:
        starts_pillar = bool(section.pillar_number) and section.pillar_number != pillar_number
        pillar_number = section.pillar_number
        blocks = tuple(block for line in section.lines for block in line_blocks(line))
        printed.append(PrintedSection(section, blocks, starts_pillar))
    return printed


def result_html(report: ResponseReport) -> str:
    """The document as HTML."""
    with translation.override(report.language):
        context = {
            "report": report,
            "sections": printed_sections(report.content),
            "score": report.score,
            "levels": {level: name.name.to(report.language) for level, name in get_level_names().items()},
            **(_charts(report.score) if report.score else {}),
        }
        return render_to_string(TEMPLATE, context)


def _charts(score: Scorecard) -> dict[str, charts.RadarChart | charts.BarChart]:
    """Charts of the pillars' scores; the table beside them holds the same numbers."""
    pillars = score.pillars
    codes, names = [p.code for p in pillars], [p.name for p in pillars]
    series = charts.ChartSeries(_("คะแนน"), [p.score for p in pillars])
    bars = [(p.code, p.name, p.score, p.level, None) for p in pillars]
    ranges = [(p.low, p.high) if p.low is not None and p.high is not None and p.is_open else None for p in pillars]
    return {
        "radar": charts.build_radar_chart(_("แผนภาพใยแมงมุมของคะแนนรายตัวชี้วัด ตัวเลขอยู่ในตาราง"), codes, names, [series]),
        "bars": charts.build_bar_chart(_("แผนภาพแท่งของคะแนนและระดับรายตัวชี้วัด ตัวเลขอยู่ในตาราง"), bars, ranges=ranges),
    }


def write_result_pdf(
    report: ResponseReport, path: Path, progress: Callable[[int, int], None] = lambda done, total: None
) -> None:
    """Writes the PDF to `path`. Raises ReportError."""
    html = result_html(report)
    expected = max(1, sum(1 for _line in report.content.walk()) // LINES_PER_PAGE)

    def laid_out(number: int) -> None:
        progress(10 + (LAYOUT_PERCENT - 10) * min(number, expected) // expected, 100)

    progress(10, 100)
    write_pdf(html, path, laid_out=laid_out, drawn=lambda: progress(DRAWING_PERCENT, 100))
