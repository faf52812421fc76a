"""Each worker of a whole run begins to import the files of tests at a place of its own.

pytest compiles each file of tests anew when it first imports it, so that a failed assert tells its values: two thirds
of what collecting takes in a new checkout. Workers collect in the same order and at the same pace, and so each would
compile all of them; from places of their own they find most of them compiled by another.
"""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def import_from_own_place(config: pytest.Config) -> None:
    """Imports the files of tests that are to be collected, if this is a worker of a whole run.

    A fault is left to the collection, which imports the file again.
    """
    worker = getattr(config, "workerinput", None)
    if worker is None or config.args != config.getini("testpaths"):
        return
    files = _files_to_collect(config)
    begin = int(worker["workerid"].removeprefix("gw")) * len(files) // worker["workercount"]
    for file in files[begin:] + files[:begin]:
        with suppress(Exception, pytest.skip.Exception):
            import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))


def _files_to_collect(config: pytest.Config) -> list[Path]:
    ignored = [ROOT / path for path in config.getoption("ignore") or ()]
    files = sorted(file for folder in config.args for file in (ROOT / folder).rglob("test_*.py"))
    return [file for file in files if not any(file.is_relative_to(path) for path in ignored)]
