"""The house stays readable: no file over 400 lines, half of them at most 80, no function over 40; none generated."""

import ast
from collections.abc import Iterable
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = "accounts demo dgready evidence nation reports scoring scripts survey tests".split()
MAX_FILE, MAX_FUNCTION, MAX_MEDIAN = 400, 40, 80
FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py") if path.parent.name != "migrations")


def long_functions(path: Path) -> list[str]:
    """Functions of a file with more than MAX_FUNCTION lines, decorators apart."""
    return [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name} {lines} lines"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > MAX_FUNCTION
    ]


def lines_of(paths: Iterable[Path]) -> dict[Path, int]:
    """How many lines each file has."""
    return {path: len(path.read_text(encoding="utf-8").splitlines()) for path in paths}


def test_no_function_is_too_long() -> None:
    assert not [found for path in FILES for found in long_functions(path)]


def test_no_file_is_too_long() -> None:
    sizes = lines_of(FILES)
    assert len(sizes) > 1000, "the files are found"
    assert not [f"{path.relative_to(ROOT)} {lines}" for path, lines in sizes.items() if lines > MAX_FILE]


def test_half_of_the_files_are_short() -> None:
    """Of the product; a test may tell its story in one file."""
    assert median(lines_of(path for path in FILES if ROOT / "tests" not in path.parents).values()) <= MAX_MEDIAN


def test_a_long_function_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.test_sizes.ROOT", tmp_path)
    source = tmp_path / "long.py"
    source.write_text("def one():\n" + "    x = 1\n" * MAX_FUNCTION, encoding="utf-8")
    assert long_functions(source) == ["long.py:1 one 41 lines"]
