"""Importing national figures (how many gave an answer or are at a level) from tables."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from scoring.models import Benchmark, OfficialResult
from scoring.results.actions.cells import CellReader, TableRejected, read_header, read_lines
from scoring.results.actions.tables import (
    FigureKind,
    ImportOutcome,
    PreviewOutdated,
    check_duplicates,
    figure_facts,
    record_import,
    save_figures,
)
from scoring.results.published_table import PublishedTable

COLUMNS = tuple("framework kind code option label_th label_en percent count n unit from source".split())
OPTIONAL_COLUMNS = ("relation", "note")
LINKED_COLUMN = re.compile(r"code_(\d{4})")
STORED_FIELDS = (
    "linked_year", "linked", "relation", "label_th", "label_en", "percent", "count", "base", "unit", "origin", "source",
    "note",
)  # fmt: skip


def is_benchmark_table(table: PublishedTable) -> bool:
    """Whether a table is one of these, by its columns."""
    return "option" in read_header(table)


def import_benchmarks(
    *, table: PublishedTable, store: bool = True, by: User | None = None, name: str = "", expected: str = ""
) -> ImportOutcome:
    """Imports (adds or corrects) the figures of a table, all or none; without `store` only says what it would do.

    The column `code_YEAR` names the codes or items of another year's form, several with ";". `expected`: the
    digest of what was looked at. Raises TableRejected, PreviewOutdated.
    """
    linked_columns = [c for c in read_header(table) if LINKED_COLUMN.fullmatch(c)]
    lines = read_lines(table, COLUMNS, {*OPTIONAL_COLUMNS, *linked_columns[:1]})
    faults: list[str] = []
    rows = [
        (line, _build_benchmark(CellReader(line, faults), linked_columns[0] if linked_columns else ""))
        for line in lines
    ]
    if not faults:
        check_duplicates([(line, _benchmark_key(row)) for line, row in rows], faults)
    if faults:
        raise TableRejected(faults[:200])
    new_rows = [row for _line, row in rows]
    with transaction.atomic():
        known = {_benchmark_key(b): b for b in Benchmark.objects.filter(year__in={row.year for row in new_rows})}
        outcome = save_figures(BENCHMARKS, new_rows, known, store=store)
        if outcome.changes and expected not in ("", outcome.digest):
            raise PreviewOutdated
        if store and outcome.changes:
            record_import(by=by, verb="import_benchmarks", name=name, table=table, outcome=outcome, province=None)
    return outcome


def benchmark_facts(row: Benchmark) -> dict[str, Any]:
    """What the account log tells of a national figure."""
    return {"id": row.pk, **figure_facts(row, ("year", "kind", "code", "option", *STORED_FIELDS))}


def _benchmark_key(row: Benchmark) -> tuple[Any, ...]:
    return row.year, row.kind, row.code, row.option


def _format_figure(row: Benchmark, _other: Benchmark | None = None) -> str:
    return str(row.count) if row.percent is None else f"{row.percent:f} %"


def _name_figure(row: Benchmark) -> str:
    return f"{row.year} {row.kind} {row.code} {row.option}"


BENCHMARKS = FigureKind(Benchmark, STORED_FIELDS, _benchmark_key, _name_figure, _format_figure, benchmark_facts)


def _build_benchmark(cells: CellReader, linked_column: str) -> Benchmark:
    cell_texts = cells.line.cells
    kind = cells.choice("kind", Benchmark.Kind.values)
    row = Benchmark(
        year=cells.year("framework"),
        kind=kind,
        code=cells.text("code", 20, needed=kind != Benchmark.Kind.RESPONSE),
        option=cells.text("option", 60),
        linked_year=int(linked_column.removeprefix("code_")) if linked_column and cell_texts[linked_column] else None,
        linked=[code.strip() for code in cell_texts[linked_column].split(";")]
        if linked_column and cell_texts[linked_column]
        else [],
        relation=cells.choice("relation", Benchmark.Relation.values) if cell_texts["relation"] else "",
        label_th=cells.text("label_th", 300),
        label_en=cells.text("label_en", 300),
        percent=cells.percent("percent", needed=False),
        count=cells.whole("count", 0, 1_000_000),
        base=cells.whole("n", 0, 1_000_000),
        unit=cells.text("unit", 20),
        origin=cells.choice("from", OfficialResult.Origin.values),
        source=cells.text("source", 500),
        note=cells.text("note", 500, needed=False),
    )
    if not cell_texts["percent"] and not cell_texts["count"]:
        cells.fault("percent", _("ต้องมี percent หรือ count"))
    elif row.count is not None and row.base is not None and row.count > row.base:
        cells.fault("count", _("มากกว่า n"))
    return row
