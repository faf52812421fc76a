"""Celery tasks of nation: counting what has changed since it was last counted, acts for many provinces."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any, Final

from celery import shared_task

from dgready.celery import app
from dgready.database_locks import try_lock
from nation.agency_rounds.counting import count_agencies
from nation.bulk.actions import go_on_with_lost_acts, run_act
from nation.figures.actions import count_year
from nation.figures.queries import years_with_rounds

COUNT_SECONDS: Final = 60  # between counts
TURN_SECONDS: Final = 50  # of one count; the next goes on with the rest
REST: Final = timedelta(minutes=10)  # an answer that is being worked on is not counted after each save
SWEEP_SECONDS: Final = 30  # between looks for acts that nobody does
_TURN: Final = "nation:counting"


@shared_task
def count_figures() -> None:
    """Counts the answers that changed, newest year first, one worker at a time."""
    with try_lock(_TURN) as is_ours:
        if is_ours:
            _count()


def _count() -> None:
    until = time.monotonic() + TURN_SECONDS
    for year in years_with_rounds():
        if count_year(year, seconds=until - time.monotonic(), rest=REST).left:
            return
    count_agencies(seconds=until - time.monotonic())


@shared_task
def run_bulk_act(pk: int) -> None:
    """Does what waits of a started act. Does nothing when it is done."""
    run_act(pk)


@shared_task
def sweep_bulk_acts() -> None:
    """Goes on with acts whose worker died or whose message was lost."""
    go_on_with_lost_acts()


@app.on_after_finalize.connect
def _schedule_periodic_tasks(sender: Any, **kwargs: Any) -> None:
    sender.add_periodic_task(COUNT_SECONDS, count_figures.s(), name="nation: count figures", expires=COUNT_SECONDS)
    sender.add_periodic_task(
        SWEEP_SECONDS, sweep_bulk_acts.s(), name="nation: go on with lost acts", expires=SWEEP_SECONDS
    )
