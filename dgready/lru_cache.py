"""A thread-safe in-process cache of the least-recently-used kind, keyed by the state a result was read in."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

ResultT = TypeVar("ResultT")


class LruCache(Generic[ResultT]):
    """Cache of at most `size` results; the least recently used one is dropped first. Thread-safe."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._results: OrderedDict[Hashable, ResultT] = OrderedDict()
        self._lock = Lock()

    def knows(self, key: Hashable | None) -> bool:
        """Whether the result of `key` is cached."""
        return key is not None and key in self._results

    def get(self, key: Hashable | None, make: Callable[[], ResultT]) -> ResultT:
        """The cached result of `key`, else the result of `make`, cached. Key None: nothing is cached."""
        if key is None:
            return make()
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
                return self._results[key]
        result = make()
        with self._lock:
            self._results[key] = result
            while len(self._results) > self._size:
                self._results.popitem(last=False)
        return result
