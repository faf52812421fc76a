"""What a spreadsheet would compute stays text in a CSV file; numbers stay numbers."""

import pytest

from dgready.sheets.formulas import csv_text, looks_like_formula
from dgready.sheets.names import column_letters

COMPUTED = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "\u00a0=1",
    "\u200b=1",
    "\ufeff=1",
    "＝1",
    "＋1",
    "－cmd",
    "＠a",
]


@pytest.mark.parametrize("text", COMPUTED)
def test_what_would_be_computed_gets_an_apostrophe(text: str) -> None:
    assert looks_like_formula(text)
    assert csv_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "1", "-5", "+7.25", "ก=1", "a-b", "1.1", "2567", "  ก"])
def test_everything_else_stays_as_it_is(text: str) -> None:
    assert csv_text(text) == text


def test_columns_are_called_as_in_a_spreadsheet() -> None:
    from openpyxl.utils import get_column_letter

    for number in (1, 26, 27, 52, 53, 702, 703, 16384):
        assert column_letters(number) == get_column_letter(number)
