"""The Celery app, and the worker and scheduler threads of the embedded installation.

Embedded, the broker is this process's memory and worker and scheduler are two of its threads: started by
`wsgi.py`, stopped with the process. Same tasks, same code as with Redis; what was unfinished at a stop is queued
again at the next start by functions that the apps register with `on_worker_start`.
"""

import atexit
import contextlib
import logging
import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

from celery import Celery
from celery.beat import EmbeddedService
from celery.worker import WorkController

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dgready.settings")
# Django's checks, whose messages Celery throws away: half of a worker's start went there, into pages it never shows.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

log = logging.getLogger(__name__)

app = Celery("dgready")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

_lock = threading.Lock()
_worker: WorkController | None = None
_thread: threading.Thread | None = None
_scheduler: Any = None
_start_hooks: list[Callable[[], object]] = []


def on_worker_start(requeue: Callable[[], object]) -> Callable[[], object]:
    """Decorator that registers a function to run once when the embedded worker starts (to requeue unfinished jobs)."""
    _start_hooks.append(requeue)
    return requeue


def is_worker_alive() -> bool:
    """Whether the embedded worker thread runs in this process."""
    return _thread is not None and _thread.is_alive()


def start_worker() -> None:
    """Start the embedded worker thread once; a second call does nothing."""
    global _worker, _thread
    with _lock:
        if is_worker_alive():
            return
        # In this order: tasks ask for their times when the app is finalized.
        app.loader.import_default_modules()
        app.finalize(auto=True)
        _worker = app.WorkController(
            app=app,
            pool_cls="threads",
            concurrency=1,
            without_heartbeat=True,
            without_mingle=True,
            without_gossip=True,
            quiet=True,
            loglevel="WARNING",
        )
        _thread = threading.Thread(target=_run_worker, args=(_worker,), name="dgready-worker", daemon=True)
        _thread.start()
    for requeue in _start_hooks:
        requeue()
    atexit.register(stop_worker)


def start_scheduler() -> None:
    """Start the thread that queues periodic tasks; with Redis a process of its own does that (celery beat).

    The schedule file under var/ records when each was last queued: tasks that fell due while the process was down
    are queued at once.
    """
    global _scheduler
    with _lock:
        if _scheduler is not None:
            return
        schedule = app.conf.beat_schedule_filename
        _scheduler = EmbeddedService(app, thread=True, schedule_filename=schedule)
        _scheduler.daemon = True
        _scheduler.start()
    atexit.register(stop_scheduler)


def stop_scheduler() -> None:
    """Stop the thread that queues periodic tasks."""
    global _scheduler
    with _lock:
        if _scheduler is None:
            return
        with contextlib.suppress(Exception):
            _scheduler.stop()
        _scheduler = None


def _run_worker(worker: WorkController) -> None:
    try:
        worker.start()
    except Exception:
        log.exception("the embedded worker stopped")


def stop_worker(timeout: float = 10.0) -> None:
    """Stop the worker thread, letting the running task finish (at most `timeout` seconds)."""
    global _worker, _thread
    with _lock:
        if _worker is None or _thread is None:
            return
        with contextlib.suppress(Exception):
            _worker.stop(in_sighandler=False)
        _thread.join(timeout)
        _worker = _thread = None


@contextlib.contextmanager
def embedded_worker() -> Iterator[None]:
    """Context manager that runs the worker thread for the length of a block (tests, commands)."""
    start_worker()
    try:
        yield
    finally:
        stop_worker()
