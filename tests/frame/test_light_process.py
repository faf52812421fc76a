"""The web process, and the worker beside it until it makes a paper, hold nothing that only papers need."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

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


def test_delimited_text_is_read_without_the_library_of_workbooks(settings: Any) -> None:
    """It is half of what a reader of a table takes."""
    most = asdict(settings.WORKBOOK_LIMITS)
    script = f"""
import io, sys
sys.modules["openpyxl"] = None
from dgready.guard.readers import tables
print(len(tables.sheet(io.BytesIO(b"a,b"), {most}, None)["rows"]), tables.texts(io.BytesIO(b"a,b"), {most}, ["a"]))
"""
    surroundings = bare_environment(PYTHONPATH=str(ROOT))
    done = subprocess.run([sys.executable, "-c", script], env=surroundings, capture_output=True, text=True, check=False)
    assert done.stdout == "1 {'rows': [['a', 'b']]}\n", done.stderr
