"""Two web machines, two workers and two databases in namespaces of their own: whatever is killed, nothing is lost."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings

from dgready import limits
from tests.at_work import make_worker_trial
from tests.installation import _database_url, until
from tests.nodes.cluster import cluster
from tests.nodes.databases import make_pair
from tests.nodes.drill import Drill
from tests.nodes.network import network

pytestmark = [
    pytest.mark.slow, pytest.mark.once, pytest.mark.postgres, pytest.mark.redis, pytest.mark.usefixtures("reachable"),
]  # fmt: skip


def test_whatever_is_killed_nothing_is_lost(transactional_db: None, folder: Path) -> None:
    trials = [make_worker_trial() for _ in range(3)]
    with cluster(folder, _database_url()) as at:
        outcome = Drill(at).run(trials)
    print(f"\n{outcome.report()}\nprocessor seconds: {sum(os.times()[2:4]):.0f}")
    assert outcome.faults == [], outcome.report()


def test_without_the_standby_a_save_waits_and_no_time_limit_acknowledges_it(folder: Path) -> None:
    """PostgreSQL lets a commit that is cancelled while it waits pass as done; ours must not be cancelled."""
    with network("first", "second") as machines:
        content = os.environ["DGREADY_TEST_DATABASE_URL"]
        primary, standby = make_pair(machines["first"], machines["second"], folder, content)
        primary.ask("CREATE TABLE saved (n int)")
        standby.machine.kill_all()
        short = limits.DatabaseTimes(connect=5, lock=1, statement=1, idle=1, silence=20)
        options = limits.database_options({"ENGINE": settings.DATABASES["default"]["ENGINE"]}, short)
        acknowledged = threading.Event()

        def save() -> None:
            with psycopg2.connect(primary.url, **options) as line, line.cursor() as cursor:
                cursor.execute("INSERT INTO saved VALUES (1)")
            acknowledged.set()
            line.close()

        thread = threading.Thread(target=save)
        thread.start()
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
        until(lambda: primary.ask(waiting) == "1", "the save waits")
        assert not acknowledged.wait(3)  # the limits above are over
        primary.ask("ALTER SYSTEM SET synchronous_standby_names = ''")  # as docs/several-machines.md says
        primary.ask("SELECT pg_reload_conf()")
        assert acknowledged.wait(60)
        thread.join()
        assert primary.ask("SELECT count(*) FROM saved") == "1"
