"""Delimited text as rows of cells, whatever program saved it: encoding, separator, quotes. PURE."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from dgready.limits import WorkbookLimits
from dgready.localized_text import LocalizedText
from dgready.sheets.workbook import (
    TOO_LARGE,
    Sheet,
    SheetCell,
    SheetFault,
    WantedHeadings,
    find_heading_row,
    with_limit,
)
from dgready.typed.characters import clean_line
from dgready.typed.result import Refusal, Understood

MAX_ROWS: Final = 5000
MAX_COLUMNS: Final = 200
SAMPLED_ROWS: Final = 100  # rows that decide which separator it is
SEPARATORS: Final = ",;\t|"

# UTF-16 without its mark: every second byte of plain letters and signs is zero.
_NULS_NEEDED: Final = 0.2
_ENCODING_NAMES: Final = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp874": "Windows-874 (TIS-620)",
}
_SEPARATOR_NAMES: Final = {
    ",": LocalizedText("จุลภาค", "commas"),
    ";": LocalizedText("อัฒภาค", "semicolons"),
    "\t": LocalizedText("แท็บ", "tabs"),
    "|": LocalizedText("ขีดตั้ง", "bars"),
}

MESSAGES: Final = {
    "encoding": LocalizedText(
        "อ่านตัวอักษรในไฟล์ไม่ได้ บันทึกเป็น CSV UTF-8 แล้วส่งอีกครั้ง",
        "The characters of the file cannot be read; save it as CSV UTF-8 and send it again",
    ),
    "binary": LocalizedText("ไฟล์นี้ไม่ใช่ข้อความ CSV", "This file is no CSV text"),
    "quotes": LocalizedText("เครื่องหมายคำพูดในไฟล์ไม่ครบคู่", "A quotation mark in the file is not closed"),
    "empty": LocalizedText("ไฟล์ว่าง", "The file is empty"),
    "long": LocalizedText("มีมากกว่า {limit} แถว", "There are more than {limit} rows"),
    "wide": LocalizedText("แถว {row} มีมากกว่า {limit} ช่อง", "Row {row} has more than {limit} cells"),
    "read": LocalizedText("อ่านเป็น {encoding} คั่นด้วย{separator}", "Read as {encoding}, separated by {separator}"),
}


@dataclass(frozen=True, slots=True)
class DelimitedText:
    """The rows of a file as a spreadsheet would number them: a `sep=` line is none, an empty line is one."""

    rows: tuple[tuple[str, ...], ...]
    encoding: str
    separator: str


def read_csv(content: bytes, *, max_rows: int = MAX_ROWS) -> Understood[DelimitedText] | Refusal:
    """The rows of a delimited text, its cells cleaned, columns at the end that are empty in every row left out."""
    decoded = decode(content)
    return decoded if isinstance(decoded, Refusal) else split_rows(*decoded, max_rows=max_rows)


def decode(content: bytes) -> tuple[str, str] | Refusal:
    """The text and the name of its encoding: UTF-8 or UTF-16 with or without a mark, else Windows-874."""
    if not content.strip(b"\x00\t\r\n \xef\xbb\xbf\xff\xfe"):
        return _refuse("empty")
    candidates = _candidates(content)
    if "cp874" in candidates and b"\x00" in content:
        return _refuse("binary")
    for codec in candidates:
        try:
            text = content.decode(codec)
        except UnicodeError:
            continue
        if codec != "cp874" or _is_thai(content):
            return text.removeprefix("\ufeff"), _ENCODING_NAMES[codec]
    return _refuse("encoding")


def split_rows(text: str, encoding: str = "UTF-8", *, max_rows: int = MAX_ROWS) -> Understood[DelimitedText] | Refusal:
    """The rows of a text; the separator is the one its `sep=` line names, else the one that makes the best columns."""
    named, text = _sep_line(text)
    separator = named or _best_separator(text)
    rows: list[list[str]] = []
    try:
        for number, row in enumerate(_reader(text, separator), 1):
            if number > max_rows:
                return _refuse("long", limit=max_rows)
            if len(row) > MAX_COLUMNS:
                return _refuse("wide", row=number, limit=MAX_COLUMNS)
            rows.append([clean_line(cell) for cell in row])
    except csv.Error:
        return _refuse("quotes")
    width = max((_used(row) for row in rows), default=0)
    if not width:
        return _refuse("empty")
    words = MESSAGES["read"].filled(encoding=encoding, separator=_SEPARATOR_NAMES[separator])
    return Understood(
        DelimitedText(tuple(tuple(row[:width]) for row in rows), encoding, separator),
        words,
        differs=(encoding, separator) != ("UTF-8", ","),
    )


def _refuse(code: str, **values: object) -> Refusal:
    return Refusal(code, MESSAGES[code].filled(**values))


def _candidates(content: bytes) -> Sequence[str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    nuls = content.count(0)
    if nuls > _NULS_NEEDED * len(content):
        return ("utf-16-le",) if content[1::2].count(0) >= content[::2].count(0) else ("utf-16-be",)
    return ("utf-8-sig", "cp874")


def _is_thai(content: bytes) -> bool:
    """Whether bytes beyond ASCII look like Thai: most in the range of Thai letters, none a control character."""
    high = [byte for byte in content if byte >= 0x80]
    thai = sum(0xA1 <= byte <= 0xDA or 0xDF <= byte <= 0xFB for byte in high)
    return thai >= 0.8 * len(high)


def _sep_line(text: str) -> tuple[str, str]:
    first, _end, rest = text.partition("\n")
    marked = first.strip("\r\"' ")
    if marked[:4].casefold() == "sep=" and len(marked) <= 5:
        separator = marked[4:] or ","
        return (separator, rest) if separator in SEPARATORS else ("", rest)
    return ("\t", rest) if first.strip("\r").casefold() == "sep=\t" else ("", text)


def _reader(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False)


def _best_separator(text: str) -> str:
    """The separator that gives most rows one and the same number of columns."""

    def score(separator: str) -> tuple[int, int]:
        widths: Counter[int] = Counter()
        try:
            widths.update(len(row) for row in islice(_reader(text, separator), SAMPLED_ROWS) if len(row) > 1)
        except csv.Error:
            return 0, 0
        return max(((rows, width) for width, rows in widths.items()), default=(0, 0))

    return max(SEPARATORS, key=score)


def _used(row: Sequence[str]) -> int:
    """The number of cells up to the last one with something in it."""
    return max((at for at, cell in enumerate(row, 1) if cell), default=0)


def read_text_sheet(
    content: bytes, limits: WorkbookLimits, wanted: WantedHeadings | None = None
) -> tuple[Sheet | None, list[SheetFault]]:
    """The sheet from its headings on (from its first row where none has them), and what is wrong with the file."""
    if len(content) > limits.size:
        return None, [SheetFault("", "", with_limit(TOO_LARGE, limits.size // 1024**2))]
    # A row more for the headings, as in a workbook.
    result = read_csv(content, max_rows=limits.rows + 1)
    if isinstance(result, Refusal):
        return None, [SheetFault("", "", result.reason)]
    rows = tuple(
        cells
        for number, row in enumerate(result.value.rows, 1)
        if (cells := {n: SheetCell(n, number, text) for n, text in enumerate(row[: limits.columns], 1) if text})
    )
    head = find_heading_row(rows, wanted) if wanted else None
    return Sheet("", rows[head or 0 :], result.words), []
