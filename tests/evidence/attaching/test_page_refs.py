"""Page references."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.attaching.page_references import PageReferenceError, parse_page_reference


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("3", "3"),
        (" ๓ ", "3"),
        ("หน้า 3", "3"),
        ("3-5,8", "3-5, 8"),
        ("3 – 5 และ 8", "3-5, 8"),
        ("3 ถึง 5 8", "3-5, 8"),
        ("4-4", "4"),
    ],
)
def test_one_spelling(text: str, pages: str) -> None:
    assert parse_page_reference(text, 10) == pages
    assert parse_page_reference(pages, 10) == pages


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "form"),
        ("x", "form"),
        ("1.5", "form"),
        ("0", "order"),
        ("5-3", "order"),
        ("11", "beyond"),
        ("2-99", "beyond"),
    ],
)
def test_refused(text: str, reason: str) -> None:
    with pytest.raises(PageReferenceError) as caught:
        parse_page_reference(text, 10)
    assert caught.value.reason == reason


@given(st.text(max_size=60))
def test_no_text_crashes(text: str) -> None:
    try:
        pages = parse_page_reference(text)
    except PageReferenceError:
        return
    assert len(pages) <= 200
    assert parse_page_reference(pages) == pages
