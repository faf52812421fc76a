"""The queue, embedded and on Redis."""

import threading
from typing import Any

import pytest
from celery import shared_task
from django.conf import settings

from dgready.celery import embedded_worker, is_worker_alive

done = threading.Event()


@shared_task
def ring() -> None:
    """Tell the test that the task has run."""
    done.set()


@pytest.mark.slow
def test_task_runs_in_a_worker(worker: None) -> None:
    done.clear()
    ring.delay()
    assert done.wait(10)


def test_eager_runs_at_once(eager: None) -> None:
    done.clear()
    ring.delay()
    assert done.is_set()


@pytest.mark.slow
@pytest.mark.skipif(not settings.EMBEDDED_WORKER, reason="Redis has workers of its own")
def test_embedded_worker_starts_and_stops(transactional_db: Any) -> None:
    for _ in range(2):
        with embedded_worker():
            assert is_worker_alive()
            done.clear()
            ring.delay()
            assert done.wait(10)
        assert not is_worker_alive()


@pytest.mark.redis
def test_queue_is_redis() -> None:
    assert settings.CELERY_BROKER_URL.startswith("redis://")
