"""Rows of the table of tests/matrix_urls.py for the national report, and what its addresses name."""

from __future__ import annotations

from typing import Any

from accounts.roles import Capability as C  # noqa: N817
from nation.facts.types import Population
from nation.figures.actions import count_year
from nation.figures.national_queries import read_national
from nation.national.lines import address_part
from tests.matrix_arguments import of_round_year
from tests.matrix_rows import Row, central
from tests.matrix_world import World


def of_national_section(w: World) -> dict[str, Any]:
    return {**of_round_year(w), "section": "front"}


def of_national_row(w: World) -> dict[str, Any]:
    """Who has not submitted yet: the province of the round."""
    return {**of_round_year(w), "block": "rates", "row": "open"}


def of_national_part(w: World) -> dict[str, Any]:
    """The first part of a stacked row that any province is behind, of the approved answer."""
    w.frozen  # noqa: B018 - approves it
    year = w.trial.round.year
    count_year(year)
    for block in read_national(Population(year)).blocks:
        for row in block.rows:
            for part in row.parts:
                if part.provinces:
                    names = {"block": block.key, "row": row.key, "part": part.key}
                    return {"year": year, **{name: address_part(key) for name, key in names.items()}}
    raise AssertionError("no province is behind any part")


NATIONAL: dict[str, Row] = {
    "nation:report": central(C.NATION_READ, of_round_year),
    "nation:report-section": central(C.NATION_READ, of_national_section),
    "nation:report-row": central(C.NATION_READ, of_national_row),
    "nation:report-part": central(C.NATION_READ, of_national_part),
    "nation:report-csv": central(C.NATION_READ, of_round_year),
    "nation:report-json": central(C.NATION_READ, of_round_year),
    "nation:report-make": central(C.NATION_READ, of_round_year, method="post", data={"kind": "national_sheet"}),
}
