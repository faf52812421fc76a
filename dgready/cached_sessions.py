"""Sessions in the database, with a copy in the cache for a minute: the cache may be lost, and may have been asleep."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.contrib.sessions.backends import cached_db
from django.core.cache import caches

CACHED_SECONDS: Final = 60
BEGAN_KEY: Final = "_began"  # in a session: when it began, seconds since 1970


class _ShortMemory:
    """The cache, keeping each entry for at most CACHED_SECONDS.

    Signing out deletes a session from database and cache. A cache that is frozen then and wakes up later would still
    know it: so no copy is older than this.
    """

    def __init__(self, cache: Any) -> None:
        self._cache = cache

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cache, name)

    def __contains__(self, key: str) -> bool:
        return key in self._cache

    def set(self, key: str, value: Any, timeout: float) -> None:
        """Keep an entry."""
        self._cache.set(key, value, min(timeout, CACHED_SECONDS))


class SessionStore(cached_db.SessionStore):
    """The session engine named in settings."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._cache: Any = _ShortMemory(caches[settings.SESSION_CACHE_ALIAS])
