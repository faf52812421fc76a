"""Dates as written on papers."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.attaching.dates import format_document_date, parse_document_date


@pytest.mark.parametrize(
    "text",
    [
        "12/6/2568",
        "๑๒/๐๖/๒๕๖๘",
        "12-6-2025",
        "12.06.2568",
        "2025-06-12",
        "12 มิ.ย. 2568",
        "12 มิย 2568",
        "12 มิถุนายน พ.ศ. 2568",
        "12 June 2025",
    ],
)
def test_one_day_many_ways(text: str) -> None:
    assert parse_document_date(text) == date(2025, 6, 12)


def test_nothing_is_no_date() -> None:
    assert parse_document_date("  ") is None
    assert format_document_date(None) == ""


@pytest.mark.parametrize("text", ["x", "31/2/2568", "1/13/2568", "1/1/68", "32 มกราคม 2568", "1 ม.ค."])
def test_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_document_date(text)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1)))
def test_what_is_written_is_read(day: date) -> None:
    assert parse_document_date(format_document_date(day)) == day


@given(st.text(max_size=30))
def test_no_text_crashes(text: str) -> None:
    try:
        parse_document_date(text)
    except ValueError:
        return
