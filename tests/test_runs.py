"""What tests/runs.py says of tests: each of them exists, and none that leaves the second run is about a database."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.runs import FIRST_RUN_ONLY, LONGEST, NOT_QUICK, begin_with_longest

ROOT = Path(__file__).resolve().parents[1]
# Commits, locks and races, faults that a database reports, and what is told apart by the kind of database or service.
ABOUT_DATABASES = re.compile(
    r"transaction=True|transactional_db|worker: None|live_server|at_once|select_for_update|connection\.vendor"
    r"|on_postgres|IntegrityError|OperationalError|DataError|mark\.(postgres|redis)|DGREADY_TEST_"
)
COMMITTING = {"transactional_db", "live_server", "worker", "bucket", "object_store"}
# Rooms and kinds of tests that stay in both whatever they say.
STAY = re.compile(
    r"tests/(hostile|migrations|frame)/|quer(y|ies)\.py|search|races|constraint|models|journal|chain|backup"
)


@cache
def functions(file: str) -> dict[str, str]:
    """The tests of a file by name, each with its decorators and text."""
    text = (ROOT / file).read_text(encoding="utf-8")
    lines = text.splitlines()
    return {
        node.name: "\n".join(lines[min([node.lineno, *(d.lineno for d in node.decorator_list)]) - 1 : node.end_lineno])
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def named() -> list[str]:
    """All tests that are named."""
    return [*FIRST_RUN_ONLY, *NOT_QUICK]


def test_each_named_test_exists() -> None:
    files = [*LONGEST, *(name.partition("::")[0] for name in named())]
    assert [file for file in files if not (ROOT / file).is_file()] == []
    pairs = (name.split("::") for name in named())
    assert [f"{file}::{name}" for file, name in pairs if name not in functions(file)] == []


@pytest.mark.parametrize("file", sorted({name.partition("::")[0] for name in FIRST_RUN_ONLY}))
def test_what_leaves_the_second_run_is_about_no_database(file: str) -> None:
    assert not STAY.search(file)
    left = {name: text for name, text in functions(file).items() if f"{file}::{name}" in FIRST_RUN_ONLY}
    assert [name for name, text in left.items() if ABOUT_DATABASES.search(text)] == []
    marks = re.search(r"^pytestmark\b.*", (ROOT / file).read_text(encoding="utf-8"), re.M)
    assert not (marks and ABOUT_DATABASES.search(marks[0]))


def test_the_marks_are_given(request: pytest.FixtureRequest) -> None:
    """Of those that were collected along with this one."""
    for item in request.session.items:
        file, _, name = item.nodeid.partition("::")
        name = name.partition("[")[0]
        if f"{file}::{name}" in FIRST_RUN_ONLY:
            assert item.get_closest_marker("any_database"), item.nodeid
            assert COMMITTING.isdisjoint(item.fixturenames), item.nodeid  # type: ignore[attr-defined]
        if f"{file}::{name}" in NOT_QUICK:
            assert item.get_closest_marker("slow"), item.nodeid


class Item:
    """As much of a test as its order asks for."""

    def __init__(self, nodeid: str) -> None:
        self.nodeid = nodeid

    def get_closest_marker(self, _name: str) -> bool:
        return "/browser/" in self.nodeid


def test_what_takes_long_is_begun_first_and_the_browsers_late() -> None:
    names = [f"{file}::test_x" for file in ("tests/a.py", "tests/browser/test_a.py", *reversed(LONGEST), "tests/z.py")]
    items = [Item(name) for name in names]
    begin_with_longest(items)  # type: ignore[arg-type]
    found = [item.nodeid.partition("::")[0] for item in items]
    late = [file for file in LONGEST if "/browser/" in file]
    early = [file for file in LONGEST if file not in late]
    assert found == [*early, "tests/a.py", *late, "tests/browser/test_a.py", "tests/z.py"]
