"""Who else is on a page, kept in the cache for a minute; losing it harms nothing."""

from __future__ import annotations

import time
from collections.abc import Mapping

from django.core.cache import cache

PRESENCE_SECONDS = 60  # seconds since the last word


def presence_cache_key(response: int, section: str) -> str:
    """Where the cache keeps who is on a page."""
    return f"presence:{response}:{section}"


def record_presence(response: int, section: str, user: int, name: str) -> None:
    """Notes that a person is on the page now."""
    place = presence_cache_key(response, section)
    now = time.time()
    people = {u: (n, at) for u, (n, at) in cache.get(place, {}).items() if now - at < PRESENCE_SECONDS}
    people[user] = (name, now)
    cache.set(place, people, PRESENCE_SECONDS)


def other_people_present(response: int, section: str, user: int) -> list[str]:
    """Names of the other people on the page."""
    return present_names(cache.get(presence_cache_key(response, section)), user)


def present_names(people: Mapping[int, tuple[str, float]] | None, user: int) -> list[str]:
    """The same, from what the cache keeps under `key`."""
    now = time.time()
    return sorted(n for u, (n, at) in (people or {}).items() if u != user and now - at < PRESENCE_SECONDS)
