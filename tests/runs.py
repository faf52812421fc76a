"""Which tests run where, and in what order, as far as measuring says it: tests/conftest.py reads it.

Whoever writes a test marks it (`slow`, `once`, `any_database`); here is what was found by measuring the whole suite.

FIRST_RUN_ONLY  is about what a page, a paper or a file is made of. What these tests ask the database is asked in the
                second run too, by others, statement by statement (tests/statements.py compares); so SQLite is enough
                for the rest. tests/test_runs.py holds that none of them is about what databases do differently.
NOT_QUICK       takes 0.3 seconds or more of processor time: left out of `make quick`, which is for daily work.
LONGEST         takes 20 seconds or more: begun first, or at the end of a run one core waits for another.
"""

from __future__ import annotations

from pathlib import Path

import pytest


def _named(file: str) -> frozenset[str]:
    """The tests that a list beside this file names, `file::test`."""
    text = (Path(__file__).parent / file).read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if not line.startswith("#"))


FIRST_RUN_ONLY = _named("first_run_only.txt")
NOT_QUICK = _named("not_quick.txt")
# The browser's in the order in which they are begun; the others before everything.
LONGEST = (
    "tests/browser/test_year_real.py",
    "tests/browser/test_year.py",
    "tests/browser/test_demonstration.py",
    "tests/nation/scale/test_nation_size.py",
    "tests/survey/consolidating/test_consolidation_played.py",
    "tests/demo/test_nation.py",
    "tests/demo/test_demo.py",
    "tests/migrations/test_dump.py",
    "tests/evidence/uploading/test_real.py",
    "tests/frame/serving/test_frozen_store.py",
    "tests/drill/test_drill.py",
    "tests/nodes/test_nodes.py",
)


def place_of(item: pytest.Item) -> tuple[str, str]:
    """The file of a test, from the root of the checkout, and its name without parameters."""
    file, _, name = item.nodeid.partition("::")
    return file, name.partition("[")[0]


def mark_measured(item: pytest.Item) -> None:
    """Marks a test with what measuring says of it."""
    file, name = place_of(item)
    if f"{file}::{name}" in FIRST_RUN_ONLY:
        item.add_marker("any_database")
    if f"{file}::{name}" in NOT_QUICK:
        item.add_marker("slow")


def begin_with_longest(items: list[pytest.Item]) -> None:
    """Puts what takes long before everything, and of the browser's tests before those.

    The browser's come late: from the first of them on its driver's event loop runs, and others need their own.
    """
    longest = [item for file in LONGEST for item in items if place_of(item)[0] == file]
    others = [item for item in items if place_of(item)[0] not in LONGEST]
    late = [item for item in longest if item.get_closest_marker("browser")]
    first = next((n for n, item in enumerate(others) if item.get_closest_marker("browser")), len(others))
    items[:] = [*(item for item in longest if item not in late), *others[:first], *late, *others[first:]]
