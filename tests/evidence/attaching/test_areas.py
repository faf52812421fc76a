"""Rectangles of marks: what is read and what is refused."""

from __future__ import annotations

import pytest

from evidence.attaching.areas import MOST_AREAS, Area, read_areas, write_areas


def test_rectangles_come_back_once_and_in_order() -> None:
    areas = read_areas("3:0,0,5000,900 2:1200,300,8000,350 2:1200,300,8000,350")
    assert areas == [Area(2, 1200, 300, 8000, 350), Area(3, 0, 0, 5000, 900)]
    assert read_areas(write_areas(areas)) == areas
    assert read_areas("  ") == []


@pytest.mark.parametrize(
    "text",
    ["x", "1:1,2,3", "0:0,0,9,9", "1:9,0,9,9", "1:0,9,9,9", "1:0,0,10001,9", "1:0,0,9,10001", "๑:0,0,9,9"],
)
def test_what_is_no_rectangle_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_areas(text)


def test_too_many_are_refused() -> None:
    with pytest.raises(ValueError):
        read_areas(" ".join(f"{page}:0,0,9,9" for page in range(1, MOST_AREAS + 2)))
