"""Presence: which users are on a page of the form, cached for a minute; losing it harms nothing."""

from __future__ import annotations

import time
from collections.abc import Mapping

from django.core.cache import cache

PRESENCE_SECONDS = 60  # seconds since a user was last seen


def presence_cache_key(response: int, section: str) -> str:
    """The cache key of the users on a page."""
    return f"presence:{response}:{section}"


def record_presence(response: int, section: str, user: int, name: str) -> None:
    """Record that a user is on the page now."""
    key = presence_cache_key(response, section)
    now = time.time()
    people = {
        other: (seen_name, at) for other, (seen_name, at) in cache.get(key, {}).items() if now - at < PRESENCE_SECONDS
    }
    people[user] = (name, now)
    cache.set(key, people, PRESENCE_SECONDS)


def other_people_present(response: int, section: str, user: int) -> list[str]:
    """Names of the other users on the page. One cache read."""
    return present_names(cache.get(presence_cache_key(response, section)), user)


def present_names(people: Mapping[int, tuple[str, float]] | None, user: int) -> list[str]:
    """Names of the other users, from the cache entry under `presence_cache_key`."""
    now = time.time()
    return sorted(name for other, (name, at) in (people or {}).items() if other != user and now - at < PRESENCE_SECONDS)
