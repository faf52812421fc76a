"""Counts figures of the national report anew, straight from stored answers and by other code than the report's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from nation.facts.types import BlockKind, FactBlock, FactRow

Stored = Sequence[Mapping[str, Any]]  # of each province: its values by address, as its answer rows hold them


def countable(blocks: Sequence[FactBlock]) -> Iterator[tuple[FactBlock, FactRow]]:
    """The figures that this module can count: options, cells, rows of repeats, sums."""
    for block in blocks:
        kind = block.key.partition(".")[0]
        if kind in ("question", "repeats") or (kind == "numbers" and block.rows[0].key == "sum"):
            for row in block.rows:
                yield from ((block, part) for part in row.parts or (row,) if ":" not in part.key or part is not row)


def recount(stored: Stored, block: FactBlock, row: FactRow) -> tuple[Any, Decimal | None]:
    """The count (or sum) and the share of one figure."""
    kind, _dot, item = block.key.partition(".")
    if kind == "numbers":
        if row.key != "sum":
            return None, None
        return sum(Decimal(one[item]) for one in stored if one.get(item)), None
    if kind == "repeats":
        lengths = [len(one.get(item, ())) for one in stored]
        if row.key == "total":
            return sum(lengths), None
        return lengths.count(int(row.key)), None
    *cell, option = row.key.split(":")
    address = "/".join([item, *cell])
    said = [one[address] for one in stored if one.get(address)]
    count = sum(option == value or (isinstance(value, list) and option in value) for value in said)
    several = block.kind is BlockKind.SEVERAL or (cell and isinstance(said[0] if said else None, list))
    return count, None if several or not said else _percent(count, len(said))


def _percent(count: int, base: int) -> Decimal:
    return (Decimal(count) / base * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


def check(stored: Stored, block: FactBlock, row: FactRow) -> None:
    """Asserts that the report says of a figure what the stored answers say."""
    count, percent = recount(stored, block, row)
    where = (block.key, row.key)
    if count is not None and row.key != "0":
        assert (where, row.value if row.count is None else row.count) == (where, count)
    if percent is not None:
        assert (where, row.percent) == (where, percent)
