"""Redis cache that pages can do without: while Redis is away it is empty and takes everything, at no cost of time.

The client is reused: Django makes one per operation, which costs as much as the read.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.core.cache.backends.redis import RedisCache as DjangoRedisCache
from django.core.cache.backends.redis import RedisCacheClient
from redis import Redis, RedisError

from dgready import limits
from dgready.breaker import Breaker

FAULTS: Final = (RedisError, OSError)
MAX_OUTDATED: Final = 20_000  # keys


def _ping() -> None:
    with Redis.from_url(settings.REDIS_URL, **limits.redis_options(settings.CACHE_TIMES)) as client:
        client.ping()


REDIS: Final = Breaker("Redis", _ping)


class OutdatedKeys:
    """Keys that could not be written while Redis was away: what it holds under them is old, deleted once it is back."""

    def __init__(self) -> None:
        self._keys: set[str] = set()
        self._lock = threading.Lock()

    def add(self, keys: list[str]) -> None:
        """Remember keys, as Redis has them; beyond MAX_OUTDATED the time of each entry must do."""
        with self._lock:
            self._keys.update(keys[: MAX_OUTDATED - len(self._keys)])

    def take(self) -> list[str]:
        """All keys, which the caller now deletes or adds again."""
        if not self._keys:  # each call passes here; the lock is for the rare case
            return []
        with self._lock:
            keys, self._keys = list(self._keys), set()
        return keys


OUTDATED: Final = OutdatedKeys()


def _fails_open(name: str, otherwise: Callable[..., Any], written: Callable[..., list[str]] | None = None) -> Any:
    """The client's operation `name`; while Redis is away `otherwise` answers. `written`: the keys that it changes."""
    ask = getattr(RedisCacheClient, name)

    def operation(client: ReusedRedisClient, *args: Any) -> Any:
        try:
            with REDIS.calling(*FAULTS):
                client.delete_outdated()
                return ask(client, *args)
        except FAULTS:
            if written is not None:
                OUTDATED.add(written(*args))
            return otherwise(*args)

    return operation


def _one(key: str, *args: Any) -> list[str]:
    return [key]


def _many(keys: Any, *args: Any) -> list[str]:
    return list(keys)


def _no_counter(key: str, delta: int) -> int:
    raise ValueError(f"Key {key!r} not found.")  # as for a counter that has run out


class ReusedRedisClient(RedisCacheClient):
    """One redis client per server; redis clients are safe among threads, their pool hands out connections."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._clients: dict[int, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """The client of the server that the key is read from or written to."""
        index = self._get_connection_pool_index(write)  # type: ignore[attr-defined]
        client = self._clients.get(index)
        if client is None:
            client = self._clients[index] = super().get_client(key, write=write)
        return client

    def delete_outdated(self) -> None:
        """Delete what could not be written while Redis was away, before anything is read."""
        if keys := OUTDATED.take():
            try:
                self.get_client(None, write=True).delete(*keys)
            except BaseException:
                OUTDATED.add(keys)
                raise

    add = _fails_open("add", lambda *args: True, _one)
    get = _fails_open("get", lambda key, default: default)
    set = _fails_open("set", lambda *args: None, _one)
    touch = _fails_open("touch", lambda *args: False)
    delete = _fails_open("delete", lambda *args: False, _one)
    get_many = _fails_open("get_many", lambda keys: {})
    has_key = _fails_open("has_key", lambda key: False)
    incr = _fails_open("incr", _no_counter, _one)
    set_many = _fails_open("set_many", lambda *args: None, _many)
    delete_many = _fails_open("delete_many", lambda *args: None, _many)
    clear = _fails_open("clear", lambda: False)


class RedisCache(DjangoRedisCache):
    """The cache backend named in settings (CACHES)."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = ReusedRedisClient
