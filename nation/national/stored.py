"""Reading a report back from its own JSON, as a release keeps it; without the provinces behind a figure. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from dgready.localized_text import LocalizedText
from nation.facts.types import (
    EACH_AGENCY,
    NO_TEXT,
    BlockKind,
    ChartShape,
    FactBlock,
    FactRow,
    NationalReport,
    Population,
)

_SUBMITTED: Final = "submitted"


def read_report(content: Mapping[str, Any]) -> NationalReport:
    """The report of a JSON as NationalReport.json tells it. Raises KeyError, ValueError where it is no such JSON."""
    population = Population(
        year=content["year"],
        group=content["group"],
        member=content["member"],
        submitted=_SUBMITTED in content["states"],
    )
    return NationalReport(
        population=population,
        provinces=("",) * content["provinces"],  # how many, not which
        invited=content["invited"],
        blocks=tuple(_block(block) for block in content["blocks"]),
        by_agencies=content.get("answered_by") == EACH_AGENCY,
    )


def _block(told: Mapping[str, Any]) -> FactBlock:
    return FactBlock(
        key=told["key"],
        kind=BlockKind(told["kind"]),
        section=told["section"],
        title=LocalizedText(**told["title"]),
        asked=told["asked"],
        answered=told["answered"],
        n=told["n"],
        rows=tuple(_row(row) for row in told["rows"]),
        sentence=_text(told["sentence"]),
        shape=ChartShape(told["chart"]),
        note=_text(told.get("note")),
    )


def _row(told: Mapping[str, Any]) -> FactRow:
    return FactRow(
        key=told["key"],
        label=_text(told["label"]),
        count=told["count"],
        percent=_number(told["percent"]),
        base=told.get("base"),
        value=_number(told.get("value")),
        before=_number(told.get("before")),
        of_all=_number(told.get("of_all")),
        parts=tuple(_row(part) for part in told.get("parts", ())),
        hidden=told.get("hidden", False),
    )


def _text(told: Mapping[str, str] | None) -> LocalizedText:
    return LocalizedText(**told) if told and told["th"] else NO_TEXT


def _number(told: str | None) -> Decimal | None:
    return None if told is None else Decimal(told)
