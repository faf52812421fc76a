"""The sheet of an uploaded table as plain cells, and what is wrong with it as a file. PURE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dgready.localized_text import LocalizedText
from dgready.sheets.names import column_letters
from dgready.typed.result import Understood
from dgready.typed.tables import SEARCHED_ROWS, ColumnHeadings, find_table

TOO_LARGE = LocalizedText("ไฟล์ใหญ่เกิน {limit} MB", "The file is larger than {limit} MB")
NOT_XLSX = LocalizedText(
    "ไม่ใช่ไฟล์ Excel (.xlsx) หรือ CSV ที่เปิดได้", "This is neither an Excel workbook (.xlsx) nor a CSV file that can be read"
)
MACROS = LocalizedText("ไฟล์มีมาโคร โปรดบันทึกเป็น .xlsx", "The file has macros; save it as .xlsx")
BOMB = LocalizedText("ไฟล์นี้ขยายแล้วใหญ่ผิดปกติ จึงไม่เปิด", "The file unpacks to more than is reasonable and was not opened")
TOO_MANY_ROWS = LocalizedText("มีมากกว่า {limit} แถว", "There are more than {limit} rows")
TOO_MANY_SHEETS = LocalizedText("ไฟล์มีมากกว่า {limit} แผ่นงาน", "There are more than {limit} sheets")
FORMULA = LocalizedText("ช่องนี้เป็นสูตร โปรดวางเป็นค่า", "This cell is a formula; paste it as a value")
BROKEN = LocalizedText("ช่องนี้มีข้อผิดพลาดของ Excel", "This cell shows an Excel error")


@dataclass(frozen=True, slots=True)
class SheetFault:
    """Something wrong in the workbook: the sheet and cell ("" for the whole file) and what."""

    sheet: str
    ref: str
    say: LocalizedText

    def __str__(self) -> str:
        return f"{self.sheet}!{self.ref}: {self.say.en}"


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell with something in it; a bad one has its fault already."""

    column: int
    row: int
    value: Any
    bad: bool = False

    @property
    def ref(self) -> str:
        """Its name in the sheet, as B7."""
        return f"{column_letters(self.column)}{self.row}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a sheet that have anything in them, each as cells by column number.

    `read_as`: how delimited text was read; empty for a workbook.
    """

    name: str
    rows: tuple[dict[int, SheetCell], ...]
    read_as: LocalizedText = LocalizedText()


@dataclass(frozen=True, slots=True)
class WantedHeadings:
    """The table that is looked for: the headings that each column may have, and the columns that it must have."""

    headings: ColumnHeadings
    required: Sequence[str]


def with_limit(text: LocalizedText, limit: int) -> LocalizedText:
    """The text with the number that was passed."""
    return LocalizedText(text.th.format(limit=limit), text.en.format(limit=limit))


def find_heading_row(rows: Sequence[Mapping[int, SheetCell]], wanted: WantedHeadings) -> int | None:
    """Which row (from 0) has all the headings that are needed, if one has."""
    result = find_table(row_texts(rows), wanted.headings, wanted.required)
    return result.value.heading_row if isinstance(result, Understood) else None


def row_texts(rows: Sequence[Mapping[int, SheetCell]]) -> list[list[str]]:
    """The first rows as texts, in which the heads of a table are looked for."""
    return [[str(row[n].value) if n in row else "" for n in range(1, max(row) + 1)] for row in rows[:SEARCHED_ROWS]]
