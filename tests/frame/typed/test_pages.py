"""Page references."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgready.typed.pages import MAX_REFERENCE_LENGTH, read_pages
from dgready.typed.result import Refusal, Understood


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("3", "3"), (" ๓ ", "3"), ("หน้า 3", "3"), ("หน้าที่ 1", "1"), ("หน้า ที่ 1", "1"), ("น. 1–3", "1-3"),
        ("น.1", "1"), ("น 4", "4"), ("p. 2", "2"), ("p.2", "2"), ("p2", "2"), ("pp. 2-4", "2-4"), ("Page 7", "7"),
        ("pages 7 to 9", "7-9"), ("3-5,8", "3-5, 8"), ("3 – 5 และ 8", "3-5, 8"), ("3 ถึง 5 8", "3-5, 8"), ("4-4", "4"),
        ("หน้า 1, หน้า 3", "1, 3"), ("หน้า 1 ถึงหน้า 3", "1-3"), ("น. ๑ ถึง น. ๓", "1-3"), ("หน้า ๒ กับ ๔", "2, 4"),
        ("\u20662\u2069", "2"), ("１－３", "1-3"), ("1 & 2", "1, 2"),
    ],
)  # fmt: skip
def test_one_spelling(text: str, pages: str) -> None:
    result = read_pages(text, last=10)
    assert isinstance(result, Understood), result
    assert result.value == pages
    assert result.words.th == "หน้า " + pages.replace("-", "–")


@pytest.mark.parametrize(
    ("text", "code"),
    [("x", "form"), ("1.5", "form"), ("หน้า", "form"), ("น.", "form"), ("-", "form"), ("1/10", "form"), ("0", "order"),
     ("5-3", "order"), ("11", "beyond"), ("2-99", "beyond"), ("1 " * 400, "long"), ("1, " * 90, "long")],
)  # fmt: skip
def test_refused(text: str, code: str) -> None:
    result = read_pages(text, last=10)
    assert isinstance(result, Refusal)
    assert result.code == code


def test_nothing_typed_is_nothing() -> None:
    assert read_pages(" \u200e ") is None


@given(st.text(max_size=60) | st.text("0123456789-– ,หน้าที่น.pag", max_size=30))
def test_what_is_understood_is_understood_again(text: str) -> None:
    result = read_pages(text)
    if isinstance(result, Understood):
        assert len(result.value) <= MAX_REFERENCE_LENGTH
        assert read_pages(result.value) == Understood(result.value, result.words)
        assert getattr(read_pages(result.words.th), "value", None) == result.value
