"""The glossary's names exist in the code, and each word stands there once."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| `([\w.]+)` \| ([^|]+) \|$", re.MULTILINE)
ROWS = ROW.findall((ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"))


def resolve(path: str) -> object:
    """The module, class or function of a dotted path."""
    parts = path.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found: object = import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for name in parts[cut:]:
            found = getattr(found, name)
        return found
    raise ModuleNotFoundError(path)


@pytest.mark.parametrize("path", [path for _thai, _english, path, _meaning in ROWS])
def test_a_name_of_the_glossary_exists(path: str) -> None:
    assert resolve(path) is not None


def test_every_row_is_read() -> None:
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| ") and not line.startswith("| Thai")]
    assert len(rows) == len(ROWS) > 80


def test_a_term_is_explained_once() -> None:
    terms = [english for _thai, english, _path, _meaning in ROWS]
    assert len(terms) == len(set(terms))
