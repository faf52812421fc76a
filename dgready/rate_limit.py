"""Limits on how often something is asked for, counted in the cache by whole periods.

While Redis is away each process counts by itself, so that a limit holds, if less exactly.
"""

from __future__ import annotations

import time
from hashlib import sha256
from typing import Final

from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache

_OWN: Final = LocMemCache("rate-limit", {"MAX_ENTRIES": 2000})


def seconds_to_wait(*, key: str, limit: int, period: int = 60) -> int:
    """Count a request under `key`; 0 if it is among the first `limit` of this period, else the seconds until the next.

    `period`: in seconds. No secret is kept: keys are hashed.
    """
    now = int(time.time())
    name = f"rate:{sha256(f'{key}:{now // period}'.encode()).hexdigest()}"
    return 0 if _count(name, period) <= limit else period - now % period


def _count(name: str, period: int) -> int:
    for store in (cache, _OWN):
        store.add(name, 0, timeout=period + 5)
        try:
            return int(store.incr(name))
        except ValueError:  # Redis is away
            continue
    return 1
