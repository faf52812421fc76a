"""The part of a file that a request asks for (RFC 9110, Range and If-Range): one range, else the whole. PURE."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_RANGE: Final = re.compile(r"bytes=\s*([0-9]{0,18})-([0-9]{0,18})\s*\Z")


class RangeNotSatisfiable(Exception):
    """A range that begins behind the end of the file."""


@dataclass(frozen=True, slots=True)
class ByteRange:
    """From `start` on, `length` bytes of `size`."""

    start: int
    length: int
    size: int

    @property
    def content_range(self) -> str:
        """The header of an answer with it."""
        return f"bytes {self.start}-{self.start + self.length - 1}/{self.size}"


def read_range(headers: Mapping[str, str], size: int, etag: str) -> ByteRange | None:
    """The range that is asked for; None for the whole file. Raises RangeNotSatisfiable.

    A client that holds the beginning of another file (If-Range) gets the whole one.
    """
    found = _RANGE.match(headers.get("Range", ""))
    if not found or not any(found.groups()) or headers.get("If-Range", etag) != etag:
        return None
    first, last = found.groups()
    if not first:
        length = min(int(last), size)
        if not length:
            raise RangeNotSatisfiable
        return ByteRange(size - length, length, size)
    start = int(first)
    if start >= size:
        raise RangeNotSatisfiable
    end = min(int(last), size - 1) if last else size - 1
    return ByteRange(start, end - start + 1, size) if end >= start else None
