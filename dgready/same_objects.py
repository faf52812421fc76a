"""Comparing by the very same objects, for what is kept by things that are kept themselves. PURE."""

from __future__ import annotations

from typing import Any


class SameObjects:
    """Equal to another of the very same objects, which it keeps alive.

    A cache that gives the same object as long as nothing changed makes its object the cheapest of keys.
    """

    __slots__ = ("_objects",)

    def __init__(self, *objects: object) -> None:
        self._objects = objects

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SameObjects):
            return NotImplemented
        mine, others = self._objects, other._objects
        return len(mine) == len(others) and all(one is another for one, another in zip(mine, others, strict=True))

    def __hash__(self) -> int:
        return hash(tuple(map(id, self._objects)))

    def __reduce__(self) -> Any:
        raise TypeError("same objects are the same in this process only")
