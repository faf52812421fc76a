"""The share of a web process's threads that may wait for the store."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from dgready import page_threads
from dgready.page_threads import PREFIX, PageThreads, ThreadsTakenError


@pytest.fixture
def pool() -> Any:
    with ThreadPoolExecutor(8, thread_name_prefix=PREFIX) as made:
        yield made


def hold(share: PageThreads, until: threading.Event) -> str:
    with share.waiting():
        until.wait(20)
    return "done"


def begin(pool: ThreadPoolExecutor, share: PageThreads, count: int, until: threading.Event) -> list[Future[str]]:
    started = [pool.submit(hold, share, until) for _ in range(count)]
    end = time.monotonic() + 10
    while share.taken < count and time.monotonic() < end:
        time.sleep(0.005)
    return started


def test_half_of_the_threads_and_at_least_one() -> None:
    sizes = {}
    for threads in (1, 2, 4, 8):
        share = PageThreads()
        share.share_of(threads)
        sizes[threads] = share.size
    assert sizes == {1: 1, 2: 1, 4: 2, 8: 4}


def test_a_thread_waits_a_moment_for_its_turn(pool: ThreadPoolExecutor) -> None:
    share, until = PageThreads(2), threading.Event()
    held = begin(pool, share, 2, until)
    third = pool.submit(hold, share, until)
    time.sleep(0.1)
    assert share.taken == 2
    until.set()
    assert [future.result(10) for future in [*held, third]] == ["done"] * 3
    assert share.taken == 0


def test_it_is_refused_when_its_patience_ends(pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_threads, "PATIENCE", 0.1)
    share, until = PageThreads(2), threading.Event()
    held = begin(pool, share, 2, until)
    with pytest.raises(ThreadsTakenError):
        pool.submit(hold, share, until).result(10)
    until.set()
    assert [future.result(10) for future in held] == ["done"] * 2


def test_behind_a_call_that_hangs_nobody_waits(pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_threads, "PATIENCE", 15.0)
    monkeypatch.setattr(page_threads, "SLUGGISH", 0.1)
    share, until = PageThreads(2), threading.Event()
    begin(pool, share, 2, until)
    time.sleep(0.15)
    started = time.monotonic()
    with pytest.raises(ThreadsTakenError):
        pool.submit(hold, share, until).result(10)
    assert time.monotonic() - started < 5
    until.set()


def test_a_call_that_fails_gives_its_place_back(pool: ThreadPoolExecutor) -> None:
    share = PageThreads(1)

    def fail() -> None:
        with share.waiting():
            raise ValueError("fault")

    for _ in range(3):
        with pytest.raises(ValueError, match="fault"):
            pool.submit(fail).result(10)
    assert share.taken == 0


def test_jobs_and_processes_without_pages_are_not_counted(pool: ThreadPoolExecutor) -> None:
    until = threading.Event()
    until.set()
    no_web = PageThreads()
    assert pool.submit(hold, no_web, until).result(10) == "done"
    share = PageThreads(1)
    waiting = threading.Event()
    held = begin(pool, share, 1, waiting)
    assert hold(share, until) == "done"  # the main thread is no page's
    waiting.set()
    assert held[0].result(10) == "done"
