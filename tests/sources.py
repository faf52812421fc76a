"""What each module of the house says, read once per process by the tests that look at its code."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

Import = ast.Import | ast.ImportFrom


@dataclass(frozen=True)
class Source:
    """A module's first words, all its imports, those that are not for types alone, and its calls."""

    words: str
    imports: tuple[Import, ...]
    running: tuple[Import, ...]
    calls: tuple[ast.Call, ...]


@cache
def read_source(path: Path) -> Source:
    """One walk for everything: the trees themselves would take a quarter of a gigabyte."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = [node for node in ast.walk(tree) if isinstance(node, Import | ast.Call | ast.If)]
    for_types = {
        id(inner)
        for node in nodes
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    imports = tuple(node for node in nodes if isinstance(node, Import))
    running = tuple(node for node in imports if id(node) not in for_types)
    return Source(ast.get_docstring(tree) or "", imports, running, tuple(n for n in nodes if isinstance(n, ast.Call)))
