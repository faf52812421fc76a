"""The filled questionnaire: score, every item of the form in its order, with its answer and evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final, Literal

from django.utils import translation
from django.utils.translation import gettext as _

from reports.content.imprint import report_imprint
from reports.content.report import ResponseReport
from reports.content.structure import ReportContent, ReportLine, ReportSection
from reports.documents.paper import Progress, no_progress, paper_html, write_paper

TEMPLATE = "reports/documents/questionnaire.html"

BlockKind = Literal["question", "group", "field", "table", "entry", "folded"]
SHUT: Final = ("off", "closed")


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table with its cells, and what is printed below it over the whole width."""

    line: ReportLine
    below: tuple[Block, ...] = ()

    @property
    def has_below(self) -> bool:
        """Whether something is printed below it: opened items, evidence."""
        return bool(self.below) or any(cell.places for cell in self.cells)

    @property
    def cells(self) -> tuple[ReportLine, ...]:
        """Its cells in the order of the columns."""
        return tuple(c for c in self.line.children if c.kind == "cell")


@dataclass(frozen=True, slots=True)
class Fold:
    """Items that are not asked for one reason, by name."""

    text: str
    reason: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a page: a line, a whole table, or what is not asked in a row, folded into one line."""

    kind: BlockKind
    line: ReportLine
    columns: tuple[str, ...] = ()
    rows: tuple[TableRow, ...] = ()
    folds: tuple[Fold, ...] = ()

    @property
    def indent(self) -> int:
        """How far it is moved in, 0–6."""
        return min(self.line.depth, 6)


def blocks_of(lines: Iterable[ReportLine]) -> Iterator[Block]:
    """Lines and all below them as blocks, in order; what is not asked is folded, so far as it stands together."""
    for is_shut, some in groupby(lines, lambda line: line.state in SHUT):
        if is_shut:
            shut = list(some)
            yield Block("folded", shut[0], folds=tuple(_folds(shut)))
        else:
            for line in some:
                yield from _line_blocks(line)


def _folds(lines: Iterable[ReportLine]) -> Iterator[Fold]:
    for (text, reason), some in groupby(lines, lambda line: (line.text, line.reason)):
        yield Fold(text, reason, tuple(_names(below for line in some for below in line.walk())))


def _names(lines: Iterable[ReportLine]) -> Iterator[str]:
    """The names of lines, each once; of lines that have one label in turn, the later ones by their code alone."""
    said: set[str] = set()
    label = ""
    for line in lines:
        name = f"{line.code} {line.label}".strip()
        if name and name not in said:
            said.add(name)
            yield line.code if line.code and line.label == label else name
        label = line.label


def _line_blocks(line: ReportLine) -> Iterator[Block]:
    if line.kind == "table":
        rows = tuple(_table_row(child) for child in line.children if child.kind in ("row", "heading"))
        columns = next((tuple(c.label for c in row.cells) for row in rows if row.cells), ())
        yield Block("table", line, columns, rows)
    else:
        yield Block(_block_kind(line), line)
    yield from blocks_of(child for child in line.children if child.kind not in ("row", "heading"))


def _table_row(line: ReportLine) -> TableRow:
    return TableRow(line, tuple(blocks_of(child for child in line.children if child.kind != "cell")))


def _block_kind(line: ReportLine) -> BlockKind:
    if line.is_question or (line.kind == "group" and line.depth == 0):
        return "question"
    if line.kind in ("group", "entry"):
        return "group" if line.kind == "group" else "entry"
    return "field"


@dataclass(frozen=True, slots=True)
class PrintedSection:
    """A section as printed; `starts_pillar`: the heading of its pillar is printed above it.

    `stands_alone`: it stands away from its pillar on the paper, so it has a heading of its own.
    """

    section: ReportSection
    blocks: tuple[Block, ...]
    starts_pillar: bool
    stands_alone: bool


def printed_sections(content: ReportContent) -> list[PrintedSection]:
    """All sections in the order of the form; a pillar has one heading, where most of its sections stand together."""
    runs = [list(some) for _number, some in groupby(content.sections, lambda section: section.pillar_number)]
    longest = {run[0].pillar_number: run for run in sorted(runs, key=len)}
    printed: list[PrintedSection] = []
    for run in runs:
        apart = bool(run[0].pillar_number) and longest[run[0].pillar_number] is not run
        for at, section in enumerate(run):
            starts = bool(section.pillar_number) and not apart and at == 0
            printed.append(PrintedSection(section, tuple(blocks_of(section.lines)), starts, apart))
    return printed


def questionnaire_html(report: ResponseReport) -> str:
    """The document as HTML."""
    with translation.override(report.language):
        imprint = report_imprint(report, _("แบบสำรวจพร้อมคำตอบ"))
    context = {"report": report, "sections": printed_sections(report.content), "score": report.score}
    return paper_html(TEMPLATE, imprint, context)


def write_questionnaire_pdf(report: ResponseReport, path: Path, progress: Progress = no_progress) -> None:
    """Writes the PDF to `path`. Raises ReportError."""
    write_paper(questionnaire_html(report), path, progress)
