"""Answers the rest of a table with "no" in one act, and takes exactly that back. PURE.

The button's value names the cells: TABLE/*/COLUMN=OPTION; taking back adds the rows: TABLE/*/COLUMN=OPTION:1,2,5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from survey.answering.option_layout import negative_option
from survey.instrument.addresses import cell_address, item_id_of
from survey.instrument.schema import Item, TableColumn

Fields = Mapping[str, Sequence[str]]


def rest_name(table_address: str, column: TableColumn) -> str:
    """The name of "all rows without an answer in this column"; empty where a column has no such option."""
    option = negative_option(column)
    return f"{table_address}/*/{column.key}={option.key}" if option else ""


def answer_rest(question: Item, fields: Fields, name: str) -> tuple[dict[str, Sequence[str]], list[str]]:
    """The posted fields with the unanswered rows of the named column answered, and the keys of those rows."""
    filled: dict[str, Sequence[str]] = dict(fields)
    rows: list[str] = []
    for row, cell, option in _named_cells(question, name):
        if not any(filled.get(cell, ())):
            filled[cell] = [option]
            rows.append(row)
    return filled, rows


def take_back_rest(question: Item, fields: Fields, name: str) -> dict[str, Sequence[str]]:
    """The posted fields without the answers that `answer_rest` gave; a row answered otherwise meanwhile stays."""
    name, _, listed = name.partition(":")
    rows, left = listed.split(","), dict(fields)
    for row, cell, option in _named_cells(question, name):
        if row in rows and list(left.get(cell, ())) == [option]:
            left.pop(cell)
    return left


def rest_from_query(values: Iterable[str]) -> dict[str, str]:
    """What was answered in one act, as an address of the page names it: the rows by name."""
    return {name: rows for name, _, rows in (value.partition(":") for value in values) if rows}


def _named_cells(question: Item, name: str) -> list[tuple[str, str, str]]:
    """Row key, address and option of each cell that the name stands for; none for a name that is not of this card."""
    table_address, _, rest = name.partition("/*/")
    column_key, _, option = rest.partition("=")
    table = next((i for i in question.card() if i.id == item_id_of(table_address) and i.kind == "table"), None)
    column = next((c for c in table.columns if c.key == column_key), None) if table else None
    if table is None or column is None or rest_name(table_address, column) != name or not option:
        return []
    return [(key, cell_address(table_address, key, column_key), option) for key, _row in table.answer_rows]
