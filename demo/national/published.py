"""The published figures that a made-up nation answers to: the table, and what it leaves open. PURE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from dgready.localized_text import LocalizedText
from nation.facts.tally import CENT, share


@dataclass(frozen=True, slots=True)
class Figure:
    """A row of the table: how many of those asked gave an answer or stand at a level."""

    kind: str
    code: str
    option: str
    label: LocalizedText
    percent: Decimal | None
    count: int | None
    base: int | None
    unit: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it apart from the others."""
        return self.kind, self.code, self.option

    def count_of(self, asked: int) -> int | None:
        """How many provinces it says, of those asked where its base is not printed; None: no whole number."""
        if self.count is not None:
            return self.count
        base = self.base or asked
        if self.percent is None:
            return None
        count = int((self.percent * base / 100).to_integral_value())
        found = share(count, base)
        return count if found is not None and abs(found - self.percent) <= CENT else None


@dataclass(frozen=True, slots=True)
class OpenPoints:
    """What the table and the links leave open (fixtures/demo): see the file."""

    fields: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    together: Mapping[str, str] = field(default_factory=dict)
    cannot: Mapping[str, LocalizedText] = field(default_factory=dict)


def read_figures(table: Sequence[Sequence[str]]) -> list[Figure]:
    """The figures of a table as fixtures/benchmarks has them. Raises KeyError, ValueError where it is no such table."""
    header, *lines = table
    return [_read_figure(dict(zip(header, line, strict=False))) for line in lines]


def _read_figure(row: Mapping[str, str]) -> Figure:
    return Figure(
        row["kind"],
        row["code"],
        row["option"],
        LocalizedText(row["label_th"], row["label_en"]),
        Decimal(row["percent"]) if row["percent"] else None,
        int(row["count"]) if row["count"] else None,
        int(row["n"]) if row["n"] else None,
        row["unit"],
    )


def read_open_points(data: Mapping[str, Any]) -> OpenPoints:
    """The reviewed file beside a table."""
    cannot = {str(code): LocalizedText(**reason) for code, reason in data["cannot"].items()}
    return OpenPoints(data["fields"], data["counts"], data["together"], cannot)
