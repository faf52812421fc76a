"""Numbers: grouping is taken only where it is one, everything else is asked back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgready.typed.numbers import format_number, read_number
from dgready.typed.result import Refusal, Understood


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", "12"),
        ("1,234", "1234"),
        ("1,234,567.5", "1234567.5"),
        ("1 234 567", "1234567"),
        ("１２３", "123"),
        ("๑,๒๓๔", "1234"),
        ("\u2066\u200f4.5\u2069", "4.5"),
        ("−5", "-5"),
        ("007", "7"),
        (".5", "0.5"),
        ("4.50", "4.5"),
        ("0", "0"),
        ("-0", "0"),
        ("+3", "3"),
        ("1\u202f234", "1234"),
    ],
)
def test_numbers_are_understood(text: str, value: str) -> None:
    result = read_number(text)
    assert isinstance(result, Understood)
    assert format_number(result.value) == value


@pytest.mark.parametrize(
    ("text", "guesses"),
    [
        ("4,5", "4.5 หรือ 45"),
        ("๔,๕", "4.5 หรือ 45"),
        ("1,23", "1.23 หรือ 123"),
        ("0,234", "0.234 หรือ 0234"),
        ("12,3456", "12.3456 หรือ 123456"),
        ("1234,567", "1234.567 หรือ 1234567"),
        ("1.234,56", "1234.56"),
        ("1,23,456", "123456"),
        ("1.234.567", "1234567"),
        ("1 2", "12"),
        ("-4,5", "-4.5 หรือ -45"),
    ],
)
def test_a_separator_that_groups_nothing_is_asked_back(text: str, guesses: str) -> None:
    result = read_number(text)
    assert isinstance(result, Refusal)
    assert result.code == "separator"
    assert f"หมายถึง {guesses} โปรด" in result.reason.th


@pytest.mark.parametrize("text", ["abc", "1e5", "²", "-", "4.", "1..2", "๑๒ ถึง ๑๔", "1/2", "٪"])
def test_what_is_no_number_is_refused(text: str) -> None:
    result = read_number(text)
    assert isinstance(result, Refusal)
    assert result.code == "number"


def test_a_number_with_a_word_is_asked_back_with_the_number() -> None:
    result = read_number("12 คน")
    assert isinstance(result, Refusal)
    assert "12" in result.reason.en
    assert isinstance(read_number("12 คน", units=("คน",)), Understood)


@pytest.mark.parametrize(
    ("text", "code"), [("1.5", "whole"), ("-1", "minimum"), ("11", "maximum"), ("9" * 30, "long"), ("9" * 90, "long")]
)
def test_limits_are_named(text: str, code: str) -> None:
    result = read_number(text, whole=True, minimum=Decimal(0), maximum=Decimal(10))
    assert isinstance(result, Refusal)
    assert result.code == code


def test_places_are_limited() -> None:
    assert isinstance(read_number("1.234", places=2), Refusal)
    assert isinstance(read_number("1.230", places=2), Understood)


def test_only_a_changed_text_is_told() -> None:
    told = {text: getattr(read_number(text), "differs", None) for text in ("1,234", "1234", "๑๒๓๔", "1 234")}
    assert told == {"1,234": False, "1234": False, "๑๒๓๔": True, "1 234": True}


def test_nothing_typed_is_nothing() -> None:
    assert read_number(" \u200b\u2066 ") is None


@given(st.text(max_size=30) | st.text("0123456789,. -๑๒", max_size=14))
def test_what_is_understood_is_understood_again(text: str) -> None:
    result = read_number(text)
    if isinstance(result, Understood):
        assert read_number(format_number(result.value)) == Understood(result.value, result.words)
        assert getattr(read_number(result.words.th), "value", None) == result.value
    elif result is not None:
        assert result.reason.th
        assert result.reason.en


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**14), max_value=10**14, places=2))
def test_every_number_written_is_read(number: Decimal) -> None:
    result = read_number(format_number(number))
    assert isinstance(result, Understood)
    assert result.value == number


@pytest.mark.parametrize("text", ["40", "1,200", "100", "0", "2500000", "7.50"])
def test_a_number_read_is_sent_on_and_read_again(text: str) -> None:
    first = read_number(text, places=2)
    assert isinstance(first, Understood)
    again = read_number(f"{first.value}", places=2)
    assert isinstance(again, Understood)
    assert again.value == first.value
