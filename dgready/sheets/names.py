"""What workbooks are called: their media type, their columns. Without the library that writes them. PURE."""

from __future__ import annotations

from typing import Final

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def column_letters(number: int) -> str:
    """The letters of a column, from 1: A … Z, AA …"""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
