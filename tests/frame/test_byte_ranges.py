"""The part of a file that a request asks for."""

import pytest

from dgready.byte_ranges import ByteRange, RangeNotSatisfiable, read_range


@pytest.mark.parametrize(
    ("asked", "start", "length"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=2-4", 2, 3),
        ("bytes=5-", 5, 5),
        ("bytes=-3", 7, 3),
        ("bytes=-99", 0, 10),
        ("bytes=8-99", 8, 2),
    ],
)
def test_one_range(asked: str, start: int, length: int) -> None:
    part = read_range({"Range": asked}, 10, '"e"')
    assert part == ByteRange(start, length, 10)
    assert part.content_range == f"bytes {start}-{start + length - 1}/10"


@pytest.mark.parametrize(
    "asked", ["", "bytes=-", "bytes=0-1,3-4", "items=0-1", "bytes=a-b", "bytes=4-2", "bytes=" + "9" * 99]
)
def test_whatever_else_is_answered_whole(asked: str) -> None:
    assert read_range({"Range": asked}, 10, '"e"') is None


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=10-12", "bytes=-0"])
def test_behind_the_end(asked: str) -> None:
    with pytest.raises(RangeNotSatisfiable):
        read_range({"Range": asked}, 10, '"e"')


def test_of_another_file_it_is_the_whole() -> None:
    assert read_range({"Range": "bytes=1-", "If-Range": '"other"'}, 10, '"e"') is None
    assert read_range({"Range": "bytes=1-", "If-Range": '"e"'}, 10, '"e"') is not None
