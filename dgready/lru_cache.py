"""The last results of a costly read, kept by this process under a key that names the state they were read in."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

ResultT = TypeVar("T")


class LruCache(Generic[ResultT]):
    """At most `size` results, the least recently used one leaves first. Safe among threads."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[Hashable, ResultT] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable | None, make: Callable[[], ResultT]) -> ResultT:
        """The kept result of `key`, else a new one. No key: nothing is kept."""
        if key is None:
            return make()
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return made
