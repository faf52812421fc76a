"""The web process, and the worker beside it until it makes a paper, hold nothing that only papers need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.bare_environment import bare_environment

ROOT = Path(__file__).resolve().parents[2]
HEAVY = "weasyprint pyhanko pikepdf pypdfium2 pythainlp openpyxl icalendar"  # together 90 MB and a second
LOAD = f"""
import importlib, sys
import django
from django.apps import apps
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
heavy = "{HEAVY}".split()
print(*(name for name in heavy if name in sys.modules))
from dgready.celery import app
app.loader.import_default_modules()
app.autodiscover_tasks(force=True)
assert "reports.tasks" in sys.modules
print(*(name for name in heavy if name in sys.modules))
"""


def test_pages_and_tasks_load_no_library_of_papers() -> None:
    """A web process stays below 200 MB while 200 MB are sent to it; a second is saved at each start."""
    loaded = subprocess.run(
        [sys.executable, "-c", LOAD],
        cwd=ROOT,
        env=bare_environment(DJANGO_SETTINGS_MODULE="tests.settings", PYTHONPATH=str(ROOT)),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    pages, tasks = loaded.stdout.splitlines()
    assert pages == ""
    assert tasks == ""
