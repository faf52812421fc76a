"""/metrics: what it tells, and that nobody outside reads it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from accounts.roles import Role
from reports.models import FileFault, Job, JobState, ReportKind
from reports.system.heartbeats import record_heartbeat
from reports.system.runs import record_run
from tests.people import People

pytestmark = pytest.mark.django_db


def read(client: Client, **more: Any) -> dict[str, float]:
    """The values by name and label."""
    reply = client.get("/metrics", **more)
    assert reply.status_code == 200
    assert reply["Content-Type"].startswith("text/plain")
    families = text_string_to_metric_families(reply.content.decode())
    return {" ".join([s.name, *s.labels.values()]): s.value for family in families for s in family.samples}


def test_it_tells_heartbeats_queues_disks_and_runs(client: Client, people: People) -> None:
    people.who(Role.CENTRAL_ADMIN)
    record_heartbeat("worker")
    now = timezone.now()
    record_run(kind="verify", started=now - timedelta(seconds=30), ok=True, detail={"faults": 0})
    record_run(kind="verify", started=now, ok=False, detail={"faults": 4})
    Job.objects.create(kind=ReportKind.RESULT, state=JobState.QUEUED, created_at=now - timedelta(minutes=10))
    FileFault.objects.create(store="evidence", name="x", expected="0" * 64, first_at=now, last_at=now)
    values = read(client)
    assert values["dgready_heartbeat_age_seconds worker"] < 60
    assert "dgready_heartbeat_age_seconds beat" not in values
    assert values["dgready_queue_waiting jobs"] == 1
    assert 600 <= values["dgready_queue_oldest_seconds jobs"] < 700
    assert values["dgready_queue_waiting letters"] == 0
    assert values["dgready_letters_given_up"] == 0
    assert values["dgready_last_run_ok verify"] == 0
    assert values["dgready_last_run_faults verify"] == 4
    assert (
        values["dgready_last_good_run_timestamp_seconds verify"] <= values["dgready_last_run_timestamp_seconds verify"]
    )
    assert values["dgready_file_faults"] == 1
    assert values["dgready_part_level verify"] == 2
    assert values["dgready_part_level beat"] == 2
    assert values["dgready_disk_free_bytes var"] > 0


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "192.168.4.5", "::1", "fd00::1"])
def test_without_a_token_it_answers_inside(client: Client, address: str) -> None:
    assert read(client, REMOTE_ADDR=address)


@pytest.mark.parametrize(
    "who",
    [
        {"REMOTE_ADDR": "203.0.114.7"},
        {"REMOTE_ADDR": ""},
        {"REMOTE_ADDR": "10.1.2.3", "HTTP_X_FORWARDED_FOR": "203.0.114.7"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"},  # as an outsider would write it
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=203.0.114.7"},
    ],
)
def test_nobody_outside_reads_it(client: Client, who: dict[str, str], settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    assert client.get("/metrics", **who).status_code == 404


def test_with_a_token_only_who_knows_it(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = "long-and-random"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", HTTP_AUTHORIZATION="Bearer wrong").status_code == 404
    assert read(client, HTTP_AUTHORIZATION="Bearer long-and-random", REMOTE_ADDR="203.0.114.7")
    assert client.post("/metrics", HTTP_AUTHORIZATION="Bearer long-and-random").status_code == 405
