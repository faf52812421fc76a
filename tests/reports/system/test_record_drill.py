"""A drill is recorded in the installation that it was called from, and shown on the page of the state."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from reports.models import SystemRun
from tests.people import People

ROOT = Path(__file__).parents[3]
STARTED = ["--started", "2026-11-26T23:00:00+00:00"]


@pytest.mark.django_db
def test_the_outcome_is_kept_and_shown(people: People, capsys: pytest.CaptureFixture[str]) -> None:
    client = Client()
    client.force_login(people.who(Role.CENTRAL_ADMIN))
    url = reverse("reports:system")
    assert "ซ้อมกู้คืนข้อมูล" in client.get(url).content.decode()
    call_command("record_drill", *STARTED, "--faults", "0", "--figures", '{"saves": "640, 335"}')
    assert "0 difference(s)" in capsys.readouterr().out
    run = SystemRun.objects.get()
    assert (run.kind, run.ok, run.detail) == ("drill", True, {"faults": 0, "saves": "640, 335"})
    assert "ครั้งล่าสุดเมื่อ" in client.get(url).content.decode()
    call_command("record_drill", *STARTED, "--faults", "3")
    assert "พบ 3 รายการ" in client.get(url).content.decode()


@pytest.mark.parametrize("words", [["--started", "today"], ["--started", "2026-11-26T23:00:00"]])
def test_what_is_no_moment_is_refused(words: list[str]) -> None:
    with pytest.raises(CommandError, match="--started"):
        call_command("record_drill", *words, "--faults", "0")


@pytest.mark.slow
@pytest.mark.once
def test_a_checkout_without_a_database_gets_none(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "DGREADY_VAR": str(tmp_path)}
    command = [sys.executable, "manage.py", "record_drill", *STARTED, "--faults", "0"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "not recorded" in done.stderr
    assert not list(tmp_path.glob("*.sqlite3"))
