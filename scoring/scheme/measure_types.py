"""Frozen types of measures: what of the answers a criterion counts. PURE.

The language is closed: `scoring.scheme.load_measures` reads it and docs/scheme.md tells it to people.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from scoring.scheme.sourced import NO_TEXT
from survey.instrument.schema import LocalizedText

EvidenceRule = Literal["marked_evidence", "answer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureBase:
    """What every measure may say: its name, the most it adds to a sum, and when it holds in all and any."""

    name: LocalizedText = NO_TEXT
    cap: int | None = None
    need: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionCount(MeasureBase):
    """How many options are picked in the fields (items or cells) `addresses`; only the keys `included`, if given."""

    addresses: tuple[str, ...]
    included: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    evidence_rule: EvidenceRule = "marked_evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRowCount(MeasureBase):
    """How many rows of a table have one of the answers `answers` in `column`."""

    table: str
    column: str
    answers: tuple[str, ...]
    included: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    evidence_rule: EvidenceRule = "marked_evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatRowCount(MeasureBase):
    """How many rows of repeats are complete and, with `having`, reach its `need` inside the row."""

    addresses: tuple[str, ...]
    having: Measure | None = None
    evidence_rule: EvidenceRule = "marked_evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredFieldCount(MeasureBase):
    """How many of the fields are answered."""

    addresses: tuple[str, ...]
    evidence_rule: EvidenceRule = "marked_evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberValue(MeasureBase):
    """The number given at a field; nothing when it is not given."""

    address: str
    evidence_rule: EvidenceRule = "marked_evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio(MeasureBase):
    """100 × part / whole, at most 100; nothing when a number is missing or the whole is zero."""

    part: str
    whole: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CombinedMeasure(MeasureBase):
    """Parts joined: `sum` adds them (each up to its `cap`); `all`, `any` give 1 or 0 by their `need`s."""

    rule: Literal["sum", "all", "any"]
    parts: tuple[Measure, ...]


Measure = OptionCount | TableRowCount | RepeatRowCount | AnsweredFieldCount | NumberValue | Ratio | CombinedMeasure


def list_measured_addresses(measure: Measure) -> Iterator[str]:
    """The item ids (or cell addresses) a measure reads."""
    if isinstance(measure, CombinedMeasure):
        for part in measure.parts:
            yield from list_measured_addresses(part)
    elif isinstance(measure, Ratio):
        yield from (measure.part, measure.whole)
    elif isinstance(measure, TableRowCount):
        yield measure.table
    elif isinstance(measure, NumberValue):
        yield measure.address
    else:
        yield from measure.addresses
        if isinstance(measure, RepeatRowCount) and measure.having is not None:
            yield from list_measured_addresses(measure.having)
