"""Blocks of questions with options: one choice, several, tables, reasons for "none", due years. PURE."""

from __future__ import annotations

from dgready.localized_text import LocalizedText
from dgready.thai import BE_OFFSET
from nation.facts import sentences
from nation.facts.form_facts import negative_keys
from nation.facts.tally import (
    Answers,
    Tally,
    answered,
    picked_by,
    section_of,
    sum_of,
    title_of,
    unanswered_note,
)
from nation.facts.types import BlockKind, ChartShape, FactBlock, FactRow
from survey.instrument.addresses import cell_address
from survey.instrument.schema import Item, TableColumn, TableRow


def count_single(tally: Tally, item: Item) -> FactBlock:
    """One choice: shares of those who answered. "Unknown", "exempt" and "not relevant" are options: own rows."""
    answers = tally.answers(item.id)
    said = answered(answers)
    rows = tuple(tally.row(o.key, o.label, picked_by(said, o.key), len(said)) for o in item.options)
    return FactBlock(
        f"question.{item.id}",
        BlockKind.ONE,
        section_of(item),
        title_of(tally.instrument, item),
        len(answers),
        len(said),
        len(said),
        rows,
        sentences.say_choice(rows, len(said)),
        ChartShape.DONUT,
        unanswered_note(len(answers), len(said)),
    )


def count_multi(tally: Tally, item: Item) -> FactBlock:
    """Several choices: shares of those asked, so they may add up to more than 100."""
    answers = tally.answers(item.id)
    said, asked = answered(answers), len(answers)
    rows = tuple(tally.row(o.key, o.label, picked_by(said, o.key), asked) for o in item.options)
    return FactBlock(
        f"question.{item.id}",
        BlockKind.SEVERAL,
        section_of(item),
        title_of(tally.instrument, item),
        asked,
        len(said),
        asked,
        rows,
        sentences.say_choice(rows, asked, least=True),
        ChartShape.BARS,
        unanswered_note(asked, len(said)),
    )


def count_table(tally: Tally, item: Item) -> FactBlock | None:
    """A table: a stacked row for each row and column with options; numbers in cells are added up."""
    asked: set[str] = set()
    said: set[str] = set()
    rows: list[FactRow] = []
    for key, row in item.answer_rows:
        for column in item.columns:
            if column.kind not in ("single", "multi", "number"):
                continue
            answers = tally.cells(cell_address(item.id, key, column.key))
            asked |= answers.keys()
            said |= answered(answers).keys()
            rows.append(_cell_row(tally, item, (key, row), column, answers))
    if not rows:
        return None
    return FactBlock(
        f"question.{item.id}",
        BlockKind.TABLE,
        section_of(item),
        title_of(tally.instrument, item),
        len(asked),
        len(said),
        len(said),
        tuple(rows),
        sentences.say_missing(_most_missing(item, rows)),
        ChartShape.STACKED,
        unanswered_note(len(asked), len(said)),
    )


def _cell_row(tally: Tally, item: Item, keyed: tuple[str, TableRow], column: TableColumn, answers: Answers) -> FactRow:
    """A cell over all provinces. One choice is shared by those who answered it, several by those asked."""
    key, label = f"{keyed[0]}:{column.key}", _cell_label(item, keyed[1], column)
    said = answered(answers)
    if column.kind == "number":
        return FactRow(key, label, value=sum_of(said), base=len(said), provinces=tuple(said))
    base = len(said) if column.kind == "single" else len(answers)
    parts = tuple(tally.row(f"{key}:{o.key}", o.label, picked_by(said, o.key), base) for o in column.options)
    return FactRow(key, label, len(said), None, base, provinces=tuple(said), parts=parts)


def _cell_label(item: Item, row: TableRow, column: TableColumn) -> LocalizedText:
    counted = [c for c in item.columns if c.kind in ("single", "multi", "number")]
    if len(counted) == 1:
        return row.label
    return LocalizedText(f"{row.label.th} – {column.label.th}", f"{row.label.to('en')} – {column.label.to('en')}")


def _most_missing(item: Item, rows: list[FactRow]) -> tuple[FactRow, FactRow] | None:
    """The row where most provinces picked the option that says "none"; None where there is no such option."""
    negative = {(c.key, key) for c in item.columns if c.kind == "single" for key in negative_keys(c.options)}
    found = [
        (row, part)
        for row in rows
        for part in row.parts
        if tuple(part.key.rsplit(":", 2)[1:]) in negative and part.count
    ]
    return max(found, key=lambda pair: pair[1].percent or 0, default=None)


def count_years(tally: Tally, item: Item) -> FactBlock | None:
    """The years of the months that were answered: when those in progress expect to be done."""
    answers = tally.answers(item.id)
    said = answered(answers)
    years = sorted({str(value)[:4] for value in said.values()})
    rows = tuple(
        tally.row(str(year), LocalizedText(f"พ.ศ. {year}", f"B.E. {year}"), codes, len(said))
        for year, codes in (
            (int(ce) + BE_OFFSET, [code for code, value in said.items() if str(value).startswith(ce)]) for ce in years
        )
    )
    if not answers:
        return None
    return FactBlock(
        f"years.{item.id}",
        BlockKind.YEARS,
        section_of(item),
        title_of(tally.instrument, item),
        len(answers),
        len(said),
        len(said),
        rows,
        sentences.say_years(rows, len(said)),
        ChartShape.BARS,
        unanswered_note(len(answers), len(said)),
    )
