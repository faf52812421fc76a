"""The national report as CSV: a line for each figure, with everything that its block says of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final

from dgready.sheets.formulas import csv_text
from nation.facts.types import FactBlock, NationalReport
from nation.national.lines import FigureLine, figure_lines
from scoring.engine.as_json import format_decimal

COLUMNS: Final = (
    *("block", "kind", "section", "title_th", "title_en", "row", "part", "label_th", "label_en", "part_th", "part_en"),
    *("count", "percent", "base", "of_all", "value", "before", "hidden", "n", "asked", "answered"),
)


def national_csv(report: NationalReport) -> bytes:
    """Every figure in the order of the report, in UTF-8 with a mark that spreadsheets need."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for block in report.blocks:
        table.writerows(_rows(block))
    return out.getvalue().encode("utf-8-sig")


def _rows(block: FactBlock) -> Iterator[list[str]]:
    for line in figure_lines(block):
        yield [
            *map(csv_text, (block.key, block.kind.value, block.section, block.title.th, block.title.to("en"))),
            *map(csv_text, (line.row, line.part, line.label.th, line.label.to("en"))),
            *map(csv_text, (line.part_label.th, line.part_label.to("en"))),
            *_figures(line),
            *map(str, (block.n, block.asked, block.answered)),
        ]


def _figures(line: FigureLine) -> list[str]:
    return [
        "" if line.count is None else str(line.count),
        format_decimal(line.percent) or "",
        "" if line.base is None else str(line.base),
        format_decimal(line.of_all) or "",
        "" if line.value is None else f"{line.value:f}",
        format_decimal(line.before) or "",
        "1" if line.hidden else "",
    ]
