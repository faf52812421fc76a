"""A list of which only a slice is read, its length known: what a paginator asks of a list. PURE."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar, overload

RowT = TypeVar("RowT")


class CountedRows(Sequence[RowT]):
    """`total` rows; `read` is called with the start and the end of the slice that is wanted."""

    def __init__(self, total: int, read: Callable[[int, int], list[RowT]]) -> None:
        self._total, self._read = total, read

    def __len__(self) -> int:
        return self._total

    @overload
    def __getitem__(self, wanted: int) -> RowT: ...
    @overload
    def __getitem__(self, wanted: slice) -> list[RowT]: ...
    def __getitem__(self, wanted: int | slice) -> RowT | list[RowT]:
        if isinstance(wanted, int):
            place = range(self._total)[wanted]
            return self._read(place, place + 1)[0]
        start, stop, step = wanted.indices(self._total)
        return self._read(start, stop)[::step] if start < stop else []
