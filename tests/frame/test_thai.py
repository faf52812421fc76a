"""Thai text, dates and order."""

import datetime as dt

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from dgready import thai

THAI = st.text(
    alphabet=[chr(c) for c in range(0x0E01, 0x0E5C) if c not in range(0x0E3B, 0x0E3F)] + [*" \uf701\uf70a\uf711a1"]
)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("ท\uf70aี", "ที่"),
        ("ท่ี", "ที่"),
        ("การส ารวจ", "การสารวจ".replace("สา", "ส า")),  # a lost nikhahit cannot be known
        ("การส ำรวจ", "การสำรวจ"),
        ("การส\u0e4dารวจ", "การสำรวจ"),
        ("น\u0e4d้า", "น้ำ"),
        ("น้\u0e4dา", "น้ำ"),
        ("นำ้", "น้ำ"),
        ("น ้ำ", "น้ำ"),
        ("ผ\uf705าน", "ผ่าน"),
        ("\uf700าน", "ฐาน"),
        ("\uf70fาติ", "ญาติ"),
        ("ป\uf702", "ปี"),
        ("ส\uf710ญ", "สัญ"),
        ("พันธ์ุ", "พันธุ์"),
        ("เเผน", "แผน"),
        ("ก\u200bข\u00a0ค", "กข ค"),
        ("ข้อ ๑", "ข้อ ๑"),
    ],
)
def test_normalise(raw: str, clean: str) -> None:
    assert thai.normalise_text(raw) == clean


def test_every_glyph_variant_is_known() -> None:
    variants = "".join(chr(c) for c in range(0xF700, 0xF71B))
    assert thai.normalise_text(" ".join(variants)).split() == [*"ฐิีึื่้๊๋์่้๊๋์ญัํ็่้๊๋์ฺุู"]


@given(st.one_of(st.text(), THAI))
def test_normalise_twice_is_once(text: str) -> None:
    once = thai.normalise_text(text)
    assert thai.normalise_text(once) == once


@given(st.text(alphabet="0123456789ก. "))
def test_digits_both_ways(text: str) -> None:
    assert thai.arabic_digits(thai.thai_digits(text)) == text


def test_fold_makes_one_number_of_both_digits() -> None:
    assert thai.fold_text("ปี  ๒๕๖๘\nABC") == thai.fold_text("ปี 2568 abc")


DAY = dt.date(2024, 6, 12)


@pytest.mark.parametrize(
    ("language", "style", "text"),
    [
        ("th", "long", "12 มิถุนายน 2567"),
        ("th", "short", "12 มิ.ย. 67"),
        ("en", "long", "12 June 2567 BE"),
        ("en", "short", "12 Jun 2567 BE"),
    ],
)
def test_format_date(language: str, style: thai.Style, text: str) -> None:
    assert thai.format_date(DAY, language, style) == text


def test_short_year_keeps_two_digits() -> None:
    assert thai.format_date(dt.date(1957, 1, 2), "th", "short") == "2 ม.ค. 00"


def test_format_month_and_time() -> None:
    assert thai.format_month(2024, 6) == "มิถุนายน 2567"
    assert thai.format_month(2024, 6, "en") == "June 2567 BE"
    assert thai.format_time(dt.time(9, 5)) == "09:05 น."


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("th", "13 มิถุนายน 2567 01:30 น.|13 มิ.ย. 67|มิถุนายน 2567|มกราคม 2568|2567|"),
        ("en", "13 June 2567 BE, 01:30|13 Jun 2567 BE|June 2567 BE|January 2568 BE|2567|"),
    ],
)
def test_filters_follow_language_and_time_zone(language: str, text: str) -> None:
    page = Template(
        "{% load thai %}{{ m|thai_datetime }}|{{ m|thai_date:'short' }}|{{ m|thai_month }}|{{ s|thai_month }}"
        "|{{ m|be_year }}|{{ none|thai_date }}{{ none|thai_datetime }}{{ none|thai_month }}{{ none|be_year }}"
    )
    late = dt.datetime(2024, 6, 12, 18, 30, tzinfo=dt.UTC)  # already the 13th in Thailand
    with translation.override(language):
        assert page.render(Context({"m": late, "s": "2025-01", "none": None})) == text


def test_dictionary_order() -> None:
    ordered = "กระบี่ กรุงเทพมหานคร กา ก่า ก้า กาฬสินธุ์ แกง ไก่ ขอนแก่น เขต ชุมพร เชียงใหม่".split()
    assert sorted(set(ordered), key=thai.thai_sort_key) == ordered


def test_order_puts_numbers_and_latin_first() -> None:
    assert sorted(["ก", "b", "A", "๒", "1"], key=thai.thai_sort_key) == ["1", "๒", "A", "b", "ก"]


@given(st.one_of(st.text(), THAI))
def test_sort_key_is_plain(text: str) -> None:
    key = thai.thai_sort_key(text)
    assert key.isascii()
    assert key.replace("0", "a").isalnum()
    assert key == key.lower()
