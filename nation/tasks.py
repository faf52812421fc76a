"""Celery task of nation: counting what has changed since it was last counted."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any, Final

from celery import shared_task
from django.core.cache import cache

from dgready.celery import app
from nation.figures.actions import count_year
from nation.figures.queries import years_with_rounds

COUNT_SECONDS: Final = 60  # between counts
TURN_SECONDS: Final = 50  # of one count; the next goes on with the rest
REST: Final = timedelta(minutes=10)  # an answer that is being worked on is not counted after each save
_TURN: Final = "nation:counting"


@shared_task
def count_figures() -> None:
    """Counts the answers that changed, newest year first, one worker at a time."""
    if not cache.add(_TURN, 1, TURN_SECONDS * 3):
        return
    try:
        until = time.monotonic() + TURN_SECONDS
        for year in years_with_rounds():
            if count_year(year, seconds=until - time.monotonic(), rest=REST).left:
                return
    finally:
        cache.delete(_TURN)


@app.on_after_finalize.connect
def _schedule_periodic_tasks(sender: Any, **kwargs: Any) -> None:
    sender.add_periodic_task(COUNT_SECONDS, count_figures.s(), name="nation: count figures", expires=COUNT_SECONDS)
