"""What departments did for the provinces: of each table whose rows are provinces, "done for k of 76". PURE.

Part 8 of the national report is answered by departments; nothing of it is counted among the answers of provinces.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from dgready.localized_text import LocalizedText
from nation.facts.types import BlockKind, ChartShape, FactBlock, FactRow
from survey.instrument.schema import AnswerValue, CompiledInstrument, Item, TableColumn

HUNDREDTH: Final = Decimal("0.01")
PROVINCE_CODE: Final = re.compile(r"TH-[0-9]{2}\Z")  # as rows about provinces are keyed
SECTION: Final = "D"  # of the report
ALL: Final = "all"  # the row of all departments together
_ALL_LABEL: Final = LocalizedText("ทุกส่วนราชการ", "All departments")
_NOTE: Final = LocalizedText(
    "จากคำตอบของส่วนราชการที่อนุมัติแล้ว นับเป็นคู่ของส่วนราชการและจังหวัดที่ตอบ ไม่นับรวมกับคำตอบของจังหวัด",
    "From approved answers of departments, as pairs of a department and a province told; not counted among provinces",
)


@dataclass(frozen=True, slots=True)
class DepartmentAnswer:
    """An approved answer of a department along its path: flat values by address."""

    code: str
    name: LocalizedText
    values: Mapping[str, AnswerValue]


def department_blocks(form: CompiledInstrument, answers: Sequence[DepartmentAnswer]) -> tuple[FactBlock, ...]:
    """A block for each column of one choice in each table whose rows are keyed by codes of provinces.

    A department that was not asked a table, or answered none of it, has no row there; not answered is never "none".
    A column of which nobody told anything has no block.
    """
    blocks = (
        _block(item, column, answers)
        for item in form.items.values()
        if item.kind == "table" and _is_about_provinces(item)
        for column in item.columns
        if column.kind == "single"
    )
    return tuple(block for block in blocks if block.rows)


def _is_about_provinces(item: Item) -> bool:
    keys = [key for key, _row in item.answer_rows]
    return bool(keys) and all(PROVINCE_CODE.match(key) for key in keys)


def _block(item: Item, column: TableColumn, answers: Sequence[DepartmentAnswer]) -> FactBlock:
    keys = [key for key, _row in item.answer_rows]
    counted = [(answer, _count(item, column, keys, answer)) for answer in answers]
    told = [(answer, counts) for answer, counts in counted if counts]
    whole = sum((counts for _answer, counts in told), Counter[str]())
    rows = [_row(ALL, _ALL_LABEL, column, whole, len(keys) * len(told))] if told else []
    rows += [_row(answer.code, answer.name, column, counts, len(keys)) for answer, counts in told]
    title = LocalizedText(*(f"{item.ask.to(lang)}: {column.label.to(lang)}" for lang in ("th", "en")))
    return FactBlock(
        key=f"departments.{item.id}.{column.key}",
        kind=BlockKind.TABLE,
        section=SECTION,
        title=title,
        asked=len(answers),
        answered=len(told),
        n=whole.total(),
        rows=tuple(rows),
        sentence=_sentence(rows[0]) if rows else LocalizedText(""),
        shape=ChartShape.STACKED,
        note=_NOTE,
    )


def _count(item: Item, column: TableColumn, keys: Sequence[str], answer: DepartmentAnswer) -> Counter[str]:
    given = (answer.values.get(f"{item.id}/{key}/{column.key}") for key in keys)
    return Counter(value for value in given if isinstance(value, str) and value)


def _row(key: str, label: LocalizedText, column: TableColumn, counts: Counter[str], base: int) -> FactRow:
    """How many provinces were told of, and for how many each option was chosen; shares are of those told."""
    told = counts.total()
    parts = tuple(
        FactRow(f"{key}:{option.key}", option.title, counts[option.key], _share(counts[option.key], told), base=told)
        for option in column.options
    )
    return FactRow(key, label, told, base=base, parts=parts)


def _share(count: int, told: int) -> Decimal:
    return (Decimal(100 * count) / told).quantize(HUNDREDTH, ROUND_HALF_UP)


def _sentence(row: FactRow) -> LocalizedText:
    """What the report says of all departments, option by option."""
    th = (f"{part.label.th} {part.count} จาก {row.count} คู่ ({part.percent}%)" for part in row.parts)
    en = (f"{part.label.to('en')} {part.count} of {row.count} pairs ({part.percent}%)" for part in row.parts)
    return LocalizedText(" · ".join(th), " · ".join(en))
