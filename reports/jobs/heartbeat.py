"""The heartbeat of a job while its file is made, by a thread: a maker may work long without reporting progress."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error, connection
from django.utils import timezone

from reports.jobs.actions import running_attempt
from reports.models import Job

log = logging.getLogger(__name__)
BEAT_SECONDS = 10.0  # a few of them fit into reports.jobs.actions.STALE_AFTER


@contextmanager
def beating(job: Job) -> Iterator[None]:
    """Context manager that keeps the heartbeat of a job that is this worker's."""
    stopped = threading.Event()
    thread = threading.Thread(target=_beat, args=(job, stopped), name=f"heartbeat-{job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(BEAT_SECONDS)


def _beat(job: Job, stopped: threading.Event) -> None:
    beaten = False
    while not stopped.wait(BEAT_SECONDS):
        beaten = True
        try:
            if not running_attempt(job).update(beat_at=timezone.now()):
                break  # no longer this worker's: the maker finds out at its next step
        except Error:
            log.warning("job %s: no heartbeat written", job.public_id, exc_info=True)
            connection.close()  # a server that is gone may have a successor; the dead connection would never find it
    if beaten:
        connection.close()  # the thread's own
