"""The codes of published figures of a year, from their table: what a link file can say something of. PURE."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FigureCodes:
    """The options of published figures by question code, and the codes of sub-pillars that have figures."""

    questions: Mapping[str, frozenset[str]]
    sub_pillars: frozenset[str]


def read_figure_codes(text: str) -> FigureCodes:
    """The codes of a table as fixtures/benchmarks has them. Raises ValueError where a column is missing."""
    questions: dict[str, set[str]] = {}
    sub_pillars = set()
    try:
        for row in csv.DictReader(io.StringIO(text)):
            if row["kind"] == "question":
                questions.setdefault(row["code"], set()).add(row["option"])
            elif row["kind"] == "sub_pillar":
                sub_pillars.add(row["code"])
    except KeyError as error:
        raise ValueError(f"no column {error}") from error
    return FigureCodes({code: frozenset(options) for code, options in questions.items()}, frozenset(sub_pillars))
