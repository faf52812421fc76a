"""Putting tasks into the queue in a way that never fails what asks for it.

What is to be done is in the database; the message only tells a worker early. One that could not be sent is made up for
by the periodic task that looks at the rows.
"""

from __future__ import annotations

import logging
from typing import Any

from celery import signature
from django.db import transaction
from kombu.exceptions import OperationalError

from dgready.breaker import ServiceAwayError
from dgready.cache import REDIS
from dgready.celery import app

log = logging.getLogger(__name__)


def publish(task: str, *args: Any, countdown: float | None = None) -> bool:
    """Put a task into the queue, by its name; False when the queue is away, which is logged."""
    try:
        with REDIS.calling(OperationalError):
            signature(task, args, app=app).apply_async(retry=False, countdown=countdown)
    except (OperationalError, ServiceAwayError) as fault:
        log.warning("%s%r is not in the queue yet: %r", task, args, fault)
        return False
    return True


def publish_on_commit(task: str, *args: Any) -> None:
    """Put a task into the queue once the transaction is over."""
    transaction.on_commit(lambda: publish(task, *args))
