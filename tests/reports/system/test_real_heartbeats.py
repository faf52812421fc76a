"""Worker and clock as production starts them write a sign of life into the database by themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from dgready.celery import app
from reports.system.heartbeats import last_heartbeats
from tests.clock import Clock
from tests.installation import Installation, free_port, until
from tests.smtp import MailServer


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.slow
def test_real_worker_and_clock_show_signs_of_life(transactional_db: None, tmp_path: Path) -> None:
    made = Installation(tmp_path, MailServer(), Clock(tmp_path / "clock"), free_port(), {})
    try:
        made.start_worker()
        made._start("beat", "celery", "-A", "dgready", "beat", "--loglevel", "WARNING")
        until(
            lambda: last_heartbeats().keys() >= {"worker", "beat"},
            lambda: f"both show a sign of life\n{made.log('worker')}{made.log('beat')}",
        )
    finally:
        made.stop()
        app.control.purge()
