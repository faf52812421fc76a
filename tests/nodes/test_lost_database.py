"""What goes on in a process whose connection to the database is ended under it, as at a failover."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from reports import tasks
from reports.jobs import actions as jobs
from reports.jobs import heartbeat, makers
from reports.models import Job, JobState
from tests.flow import make_flow
from tests.installation import until
from tests.people import make_people
from tests.reports.conftest import make_job

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.slow, pytest.mark.once]


@pytest.fixture
def job() -> Job:
    return make_job(make_flow(make_people()))


def end_all_lines() -> None:
    """Of everybody else; then of this one."""
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
    with connection.cursor() as cursor:
        cursor.execute(f"{others} pg_backend_pid()")


def end_own_line() -> None:
    with pytest.raises(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def test_a_job_goes_on_with_its_signs_of_life(job: Job, monkeypatch: Any) -> None:
    monkeypatch.setattr(heartbeat, "BEAT_SECONDS", 0.2)
    running = jobs.claim_job(job.pk)
    assert running is not None

    def beaten_since(moment: Any) -> bool:
        return Job.objects.get(pk=job.pk).beat_at > moment

    with heartbeat.beating(running):
        until(lambda: beaten_since(running.beat_at), "its first sign of life")
        end_all_lines()
        lost = timezone.now()
        until(lambda: beaten_since(lost), "a sign of life by another connection", 60)


def test_a_job_that_lost_its_connection_is_put_back(job: Job, monkeypatch: Any) -> None:
    def make(*args: Any) -> str:
        end_own_line()
        Job.objects.get(pk=job.pk)
        raise AssertionError("the connection is still there")

    monkeypatch.setattr(makers, "make_job_file", make)
    tasks.run(job.pk)
    again = Job.objects.get(pk=job.pk)
    assert (again.state, again.attempts) == (JobState.QUEUED, 1)
    assert again.next_try_at is not None
