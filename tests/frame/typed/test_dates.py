"""Days in both eras, with months in words and two-digit years, and said back in full."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgready.typed.dates import describe_date, format_typed_date, read_date, read_date_cell
from dgready.typed.result import Refusal, Understood

NEAR = date(2026, 6, 1)
DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31))


ONE_DAY = """
7/12/2569|7/12/69|7/12/26|7.12.69|7-12-2026|7 12 2569|07 / 12 / 2569|2026-12-07|2569-12-07|2026/12/7|7-Dec-26
07122569|๐๗๑๒๒๕๖๙|07122026
๗ ธ.ค. ๒๕๖๙|7 ธ.ค. 69|7 ธ.ค. 26|7 ธค 2569|7 ธค. 69|7 ธ. ค. 2569|7 ธันวาคม พ.ศ. 2569|7 ธันวาคม พ.ศ.2569|7 ธันวา 69
7 ธันวาคม ค.ศ. 2026|7ธันวาคม2569|วันที่ 7 ธ.ค. 2569|วันที่ ๗ เดือนธันวาคม พุทธศักราช ๒๕๖๙|7 ธันวาคม ปี 2569
7/12/2569\u200b|\u20667/12/69\u2069|７／１２／２５６９|7–12–2569|2026-12-07 00:00:00|2026-12-07T00:00:00|7/12/2569 0:00
จันทร์ 7 ธันวาคม 2569|วันจันทร์ที่ 7 ธันวาคม 2569|จ. 7 ธ.ค. 69|Monday 7 December 2569 BE|Mon, 7 Dec 2026
7 December 2569 BE|7 Dec 2026|7th December 2026|December 7, 2026|Dec 7 2569|7 dec 2569 b.e.
"""


@pytest.mark.parametrize("text", ONE_DAY.strip().replace("\n", "|").split("|"))
def test_one_day_written_in_many_ways(text: str) -> None:
    result = read_date(text, near=NEAR)
    assert isinstance(result, Understood), result
    assert result.value == date(2026, 12, 7)
    assert result.words.th == "จันทร์ 7 ธันวาคม 2569"
    assert result.words.en == "Monday 7 December 2569 BE"


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("x", "date", "อ่านเป็นวันที่ไม่ได้"),
        ("7 ธ.ค.", "year", "ยังไม่มีปี"),
        ("7/12", "year", "ยังไม่มีปี"),
        ("31/2/2568", "day", "กุมภาพันธ์ 2568 มี 28 วัน"),
        ("0/2/2568", "day", "มี 28 วัน"),
        ("32 มกราคม 2568", "day", "มกราคม 2568 มี 31 วัน"),
        ("12/31/2568", "month", "หมายถึง 31 ธันวาคม 2568"),
        ("1/13/2568", "month", "หมายถึง 13 มกราคม 2568"),
        ("32/13/2568", "no_month", "ไม่มีเดือน 13"),
        ("7/12/569", "year_range", "ปี 569"),
        ("7/12/4000", "year_range", "ปี 4000"),
        ("7/12/25690", "date", "อ่านเป็นวันที่ไม่ได้"),
        ("อังคาร 7 ธันวาคม 2569", "weekday", "7 ธันวาคม 2569 เป็นวันจันทร์ ไม่ใช่วันอังคาร"),
        ("7 มมม 2569", "date", "อ่านเป็นวันที่ไม่ได้"),
        ("7 มี 2569", "date", "อ่านเป็นวันที่ไม่ได้"),
        ("9" * 200, "date", "อ่านเป็นวันที่ไม่ได้"),
    ],
)
def test_what_is_no_day_is_refused_with_a_reason(text: str, code: str, words: str) -> None:
    result = read_date(text, near=NEAR)
    assert isinstance(result, Refusal)
    assert result.code == code
    assert words in result.reason.th


@pytest.mark.parametrize(
    ("text", "year"),
    [("1/1/68", 2025), ("1/1/25", 2025), ("1/1/00", 2000), ("1/1/50", 2007), ("1/1/49", 2006), ("1/1/99", 2056),
     ("1 ม.ค. พ.ศ. 25", 1982), ("1 ม.ค. ค.ศ. 68", 2068)],
)  # fmt: skip
def test_two_digits_mean_the_era_that_comes_closest(text: str, year: int) -> None:
    result = read_date(text, near=NEAR)
    assert isinstance(result, Understood)
    assert result.value.year == year


def test_cells_of_either_era() -> None:
    buddhist, morning = (datetime.fromisoformat(t) for t in ("2569-12-07", "2026-12-07T09:30"))
    for cell in (date(2026, 12, 7), buddhist, "7 ธ.ค. 69", morning):
        assert getattr(read_date_cell(cell, near=NEAR), "value", None) == date(2026, 12, 7)
    assert isinstance(read_date_cell(date(2563, 2, 28), near=NEAR), Understood)
    assert isinstance(read_date_cell(date(1, 1, 1), near=NEAR), Refusal)
    assert isinstance(read_date_cell(3.5, near=NEAR), Refusal)
    assert read_date_cell(None, near=NEAR) is None
    assert read_date(" \u200e", near=NEAR) is None


@given(DAYS, DAYS)
def test_what_is_written_or_said_is_read(day: date, near: date) -> None:
    for text in (format_typed_date(day), describe_date(day).th, describe_date(day).en, day.isoformat()):
        result = read_date(text, near=near)
        assert isinstance(result, Understood)
        assert result.value == day


@given(st.text(max_size=40) | st.text("0123456789/.- ธ.คพศวันที่ จันทร์BEadT:", max_size=24))
def test_no_text_crashes(text: str) -> None:
    result = read_date(text, near=NEAR)
    assert result is None or (result.reason if isinstance(result, Refusal) else result.words).en
