"""How PostgreSQL carries out the queries of a page: whole tables that are read row by row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

LARGE: Final = 10_000  # rows; smaller tables are read at once whatever their indexes
READS: Final = ("SELECT", "EXECUTE", "WITH")


@dataclass(frozen=True, slots=True)
class Scan:
    """A step that reads a whole large table, or drops many rows that it read; `rows`: how many it looked at."""

    table: str
    kind: str
    rows: int
    ms: float
    sql: str


def find_scans(statements: Iterable[str], large: int = LARGE) -> list[Scan]:
    """The steps of these statements that look at many rows, each statement carried out once more."""
    found: list[Scan] = []
    for sql in dict.fromkeys(statements):
        if sql.lstrip("(").startswith(READS) and "pg_advisory" not in sql:
            found += _scans_of(sql, large)
    return found


def _scans_of(sql: str, large: int) -> Iterator[Scan]:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + sql.replace("%", "%%"), [])
        told = cursor.fetchone()[0]
    plan = (json.loads(told) if isinstance(told, str) else told)[0]
    for node in _nodes(plan["Plan"]):
        looked = _rows_looked_at(node)
        if looked >= large:
            name = str(node.get("Relation Name", node.get("Index Name", "")))
            yield Scan(name, str(node["Node Type"]), looked, float(plan["Execution Time"]), sql)


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for inner in node.get("Plans", ()):
        yield from _nodes(inner)


def _rows_looked_at(node: dict[str, Any]) -> int:
    """How many rows a step read from a table; 0 for steps that only work on what others read."""
    if "Scan" not in node["Node Type"] or "Relation Name" not in node:
        return 0
    thrown = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return int((node["Actual Rows"] + thrown) * node["Actual Loops"])
