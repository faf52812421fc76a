"""Redis frozen or killed: pages, saves, signing in and out, uploads and jobs go on, and nobody waits for it twice."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session

from dgready import cache as cache_module
from dgready import cached_sessions, limits
from dgready.cache import OUTDATED, REDIS, RedisCache
from dgready.publishing import publish
from reports.models import Job
from survey.models import Answer
from tests.at_work import AtWork, at_work, make_worker_trial
from tests.installation import free_port, served, until
from tests.trial import Trial

SHUT = 60.0  # seconds; what must not be waited for is longer, what may take a while is shorter


class OwnRedis:
    """A Redis that is frozen, killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Returns when it answers."""
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir"]
        self.process = subprocess.Popen([*command, str(self.folder)], stdout=subprocess.DEVNULL)
        until(lambda: cli(self.port, "ping") == "PONG", "Redis answers")

    def signal(self, number: int) -> None:
        assert self.process
        self.process.send_signal(number)

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


def cli(port: int, *words: str) -> str:
    """What redis-cli prints."""
    done = subprocess.run(
        ["redis-cli", "-p", str(port), *words], capture_output=True, text=True, check=False, timeout=SHUT
    )
    return done.stdout.strip()


@contextmanager
def own_redis(folder: Path) -> Iterator[OwnRedis]:
    made = OwnRedis(folder)
    try:
        yield made
    finally:
        made.kill()


@pytest.fixture
def redis(tmp_path: Path, settings: Any) -> Iterator[OwnRedis]:
    """One that this process's breaker looks at."""
    with own_redis(tmp_path) as made:
        settings.REDIS_URL = made.url
        REDIS.reset()
        OUTDATED.take()
        yield made
        made.kill()
        REDIS.reset()
        OUTDATED.take()


@pytest.fixture
def cache(redis: OwnRedis) -> Iterator[RedisCache]:
    """A cache on it, with the times that ship."""
    made = RedisCache(redis.url, {"OPTIONS": limits.redis_options(django_settings.CACHE_TIMES)})
    yield made
    for client in made._cache._clients.values():  # type: ignore[attr-defined]
        client.connection_pool.disconnect()


pytestmark = [pytest.mark.redis, pytest.mark.once, pytest.mark.slow]


@pytest.mark.parametrize("how", ["frozen", "killed"])
def test_the_cache_is_empty_and_takes_everything(redis: OwnRedis, cache: RedisCache, how: str) -> None:
    cache.set("kept", [1])
    cache.set("gone", [2])
    before = REDIS.failures
    redis.signal(signal.SIGSTOP if how == "frozen" else signal.SIGKILL)
    started = time.monotonic()
    assert cache.get("kept", "other") == "other"
    first = time.monotonic() - started
    for _ in range(200):
        assert cache.get_many(["kept"]) == {}
        assert cache.add("lock", 1)
        assert not cache.has_key("kept")
        cache.set_many({"a": 1})
        cache.touch("kept")
        cache.delete_many(["a", "b"])
        with pytest.raises(ValueError, match="not found"):
            cache.incr("count")
    cache.set("kept", [3])
    cache.delete("gone")
    assert REDIS.failures == before + 1  # asked once; the rest found that out
    print(f"the first call waited {first:.3f} s")
    assert first < 5
    if how == "frozen":
        redis.signal(signal.SIGCONT)
    else:
        redis.kill()
        redis.start()
    until(lambda: not REDIS.is_away, "Redis is found well")
    # What changed while it was away is not remembered as it was before.
    assert cache.get("kept") is None
    assert cache.get("gone") is None
    cache.set("kept", [4])
    assert cache.get("kept") == [4]


def test_cache_and_queue_wait_for_it_once(redis: OwnRedis, cache: RedisCache, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure that is found out by one is known to all."""
    redis.signal(signal.SIGSTOP)
    before = REDIS.failures
    cache.get("a")
    assert REDIS.is_away
    monkeypatch.setattr("celery.canvas.Signature.apply_async", lambda *words, **more: pytest.fail("it was asked"))
    assert not publish("survey.tasks.send_letters")
    assert REDIS.failures == before + 1


def test_a_child_process_finds_out_by_itself(redis: OwnRedis, cache: RedisCache) -> None:
    """A thread that looks after Redis does not live on in a forked worker."""
    redis.kill()
    cache.get("a")
    assert REDIS.is_away
    pid = os.fork()
    if not pid:
        os._exit(1 if REDIS.is_away else 0)
    assert os.waitpid(pid, 0)[1] == 0


@pytest.mark.django_db
def test_a_session_that_ended_while_the_cache_slept_is_over(
    redis: OwnRedis, cache: RedisCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dgready.cached_sessions.caches", {"default": cache})
    store = cached_sessions.SessionStore()
    store["who"] = "a"
    store.save()
    assert cached_sessions.SessionStore(store.session_key)["who"] == "a"
    ttl = int(cli(redis.port, "ttl", cache.make_key(store.cache_key)))
    assert 0 < ttl <= cached_sessions.CACHED_SECONDS
    redis.signal(signal.SIGSTOP)
    assert cached_sessions.SessionStore(store.session_key)["who"] == "a"  # by the database
    cached_sessions.SessionStore(store.session_key).delete()
    redis.signal(signal.SIGCONT)
    until(lambda: not REDIS.is_away, "Redis is found well")
    assert cached_sessions.SessionStore(store.session_key).get("who") is None


def test_module_has_no_other_way_to_redis() -> None:
    """Each operation of Django's client that a cache calls is one that fails open."""
    from django.core.cache.backends.redis import RedisCacheClient

    operations = {n for n, v in vars(RedisCacheClient).items() if callable(v) and not n.startswith("_")}
    assert operations - {"get_client"} <= set(vars(cache_module.ReusedRedisClient))


@pytest.mark.postgres
def test_work_goes_on(transactional_db: None, tmp_path: Path) -> None:
    trial = make_worker_trial()
    with own_redis(tmp_path) as redis, served(tmp_path / "var", {"REDIS_URL": redis.url}) as at:
        log = at.folder / "web.log"
        person = at_work(at.url, trial)
        warm_up(person)
        redis.signal(signal.SIGSTOP)
        work("frozen", person, trial)
        assert log.read_text().count("going on without it") <= 2, log.read_text()  # once for each process
        away = log.read_text().count("going on without it")
        redis.signal(signal.SIGCONT)
        until(lambda: log.read_text().count("Redis is back") == away, lambda: at.log("web"))
        warm_up(person)
        redis.signal(signal.SIGKILL)
        work("killed", person, trial)
        assert "Traceback" not in log.read_text(), log.read_text()
    assert Answer.objects.get(response=trial.response, question__item_id="T0.mail").revision == person.revision
    assert Job.objects.count() == 2  # an answer was saved between the two, so the second asks for another file


def warm_up(person: AtWork) -> None:
    """Both processes have connections that will be broken off."""
    for _ in range(4):
        person.page()
        person.save()
    person.times.clear()


def work(how: str, person: AtWork, trial: Trial) -> None:
    for _ in range(6):
        person.page()
        person.save()
    assert person.attach(how).status == 200
    made = person.caller.post(f"/r/{trial.response.pk}/reports/make/", [("kind", "result")])
    assert made.status == 200
    before = person.caller.cookie("sessionid")
    person.sign_out()
    assert not Session.objects.filter(session_key=before).exists()
    person.sign_in()
    person.page()
    print(how, {kind: round(seconds, 2) for kind, seconds in person.times.items()})
    assert {kind: seconds for kind, seconds in person.times.items() if seconds > 5} == {}
