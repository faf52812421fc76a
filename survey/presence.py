"""Who else is on a page, kept in the cache for a minute; losing it harms nothing."""

from __future__ import annotations

import time

from django.core.cache import cache

STAYS = 60  # seconds since the last word


def _key(response: int, section: str) -> str:
    return f"presence:{response}:{section}"


def touch(response: int, section: str, user: int, name: str) -> None:
    """Notes that a person is on the page now."""
    key = _key(response, section)
    now = time.time()
    people = {u: (n, at) for u, (n, at) in cache.get(key, {}).items() if now - at < STAYS}
    people[user] = (name, now)
    cache.set(key, people, STAYS)


def others(response: int, section: str, user: int) -> list[str]:
    """Names of the other people on the page."""
    now = time.time()
    people = cache.get(_key(response, section), {})
    return sorted(n for u, (n, at) in people.items() if u != user and now - at < STAYS)
