"""Counting the rows of repeats: complete, proven, and with what is asked for inside them. PURE."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from scoring.engine.facts import PLAIN_KINDS, ResponseFacts
from scoring.engine.trace import LeafState, MeasureTrace, TraceLeaf
from scoring.scheme.lookup import InstrumentLookup
from scoring.scheme.measure_types import (
    Measure,
    RepeatRowCount,
)
from survey.instrument.addresses import repeat_row_address
from survey.instrument.schema import Item, LocalizedText

MeasureCounter = Callable[[ResponseFacts, str], MeasureTrace]


MAX_LABEL_LENGTH = 120  # characters of a row's own text


class Compiler(Protocol):
    """What compiles the measure inside a row (scoring.engine.counters.MeasureCompiler, which knows this module)."""

    lookup: InstrumentLookup
    items: Mapping[str, Item]

    def compile(self, measure: Measure, inside: tuple[str, ...] = ()) -> MeasureCounter:
        """The counter of a measure."""


class RepeatRowCounter:
    """Counts the rows of repeats: complete, proven, and with what `having` asks for inside."""

    __slots__ = ("having_need", "maximum", "measure", "prepared", "proof")

    def __init__(self, compiler: Compiler, measure: RepeatRowCount, inside: tuple[str, ...]) -> None:
        self.measure = measure
        self.proof = measure.evidence_rule == "marked_evidence"
        self.maximum = compiler.lookup.maximum(measure, inside)
        self.having_need = measure.having.need if measure.having is not None else Decimal(1)
        self.prepared: list[tuple[Item, tuple[Item, ...], MeasureCounter | None]] = []
        for ident in measure.addresses:
            item = compiler.items[ident]
            chain = compiler.lookup.enclosing_repeats(item, inside)
            within = (*inside, *(r.id for r in chain), ident)
            having = compiler.compile(measure.having, within) if measure.having is not None else None
            self.prepared.append((item, chain, having))

    def __call__(self, facts: ResponseFacts, prefix: str) -> MeasureTrace:
        leaves: list[TraceLeaf] = []
        total = 0
        path = facts.path
        for item, chain, having in self.prepared:
            if item.id not in path.on_items:
                leaves.append(TraceLeaf(item.id, "off", item.ask, item.id))
                continue
            for row_prefix in facts.row_prefixes(chain, prefix if item.repeat else ""):
                address = row_prefix + item.id
                if address not in path.fields:
                    continue
                rows = path.values.get(address) or ()
                missing = [field.address for field in path.missing()] if rows else ()
                for row_id in rows[: item.max_rows]:
                    row = repeat_row_address(address, row_id)
                    evidence_places = _list_evidence_places(facts, item, row)
                    state = self.evaluate_row(facts, row, evidence_places, having, missing)
                    total += state == "counted"
                    leaves.append(TraceLeaf(row, state, _label_row(facts, item, row), row, tuple(evidence_places)))
                if item.max_rows is None or len(rows) < item.max_rows:
                    leaves.append(TraceLeaf(address, "not_given", item.ask, address))
        return MeasureTrace(total, self.maximum, tuple(leaves), (), self.measure.name)

    def evaluate_row(
        self,
        facts: ResponseFacts,
        row: str,
        proofs: list[str],
        having: MeasureCounter | None,
        missing: Sequence[str],
    ) -> LeafState:
        """Whether one row counts, and if not, why. `missing`: what is required and not answered, at any depth."""
        if any(address.startswith(f"{row}/") and "#" not in address[len(row) + 1 :] for address in missing):
            return "not_given"  # rows of lists inside are complete or not by themselves
        if self.proof:
            for place in proofs:
                if not facts.has_evidence(place):
                    return "no_evidence"
        if having is None:
            return "counted"
        inner = having(facts, row + "/")
        if (inner.value or 0) >= self.having_need:
            return "counted"
        return "no_evidence" if any(x.state == "no_evidence" for x in inner.walk()) else "not_given"


def _list_evidence_places(facts: ResponseFacts, item: Item, row: str) -> list[str]:
    """The evidence places of a row: its own, and those of its plain fields that are answered."""
    proofs = [row] if item.evidence == "required" else []
    for child in item.items:
        field_address = f"{row}/{child.id}"
        if child.kind in PLAIN_KINDS and child.evidence == "required" and field_address in facts.path.values:
            proofs.append(field_address)
    return proofs


def _label_row(facts: ResponseFacts, item: Item, row: str) -> LocalizedText:
    """What a row is called: its first text, else what the repeat asks for."""
    for child in item.items:
        if child.kind == "text":
            answer = facts.path.values.get(f"{row}/{child.id}")
            return LocalizedText(answer[:MAX_LABEL_LENGTH]) if isinstance(answer, str) and answer else item.ask
    return item.ask
