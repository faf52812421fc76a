"""A counted list gives a paginator its pages, each by one read of just that slice."""

from __future__ import annotations

import pytest
from django.core.paginator import Paginator

from dgready.counted_rows import CountedRows

pytestmark = pytest.mark.no_database


def test_each_page_is_one_read_of_its_slice() -> None:
    asked: list[tuple[int, int]] = []

    def read(start: int, stop: int) -> list[int]:
        asked.append((start, stop))
        return list(range(start, stop))

    pages = Paginator(CountedRows(7, read), 3)
    assert [list(page) for page in pages] == [[0, 1, 2], [3, 4, 5], [6]]
    assert asked == [(0, 3), (3, 6), (6, 7)]
    assert list(Paginator(CountedRows(0, read), 3).get_page("9")) == []
    assert len(asked) == 3
    rows = CountedRows(7, read)
    assert (rows[-1], rows[1:6:2], len(rows)) == (6, [1, 3, 5], 7)
