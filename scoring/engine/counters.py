"""Measures compiled against an instrument: closures over prepared tuples, so that a score costs little. PURE."""

from __future__ import annotations

from decimal import Decimal

from scoring.engine.counted_options import prepare_counted_options, prepare_option
from scoring.engine.facts import CountedOption, ResponseFacts, build_leaves
from scoring.engine.repeat_counter import MeasureCounter, RepeatRowCounter
from scoring.engine.trace import LeafState, MeasureTrace, TraceLeaf
from scoring.scheme.lookup import HUNDRED, InstrumentLookup, is_counted
from scoring.scheme.measure_types import (
    AnsweredFieldCount,
    CombinedMeasure,
    Measure,
    NumberValue,
    OptionCount,
    Ratio,
    TableRowCount,
)
from scoring.scheme.sourced import Quantity
from survey.instrument.addresses import cell_address
from survey.instrument.schema import CompiledInstrument, Item

UNPICKED_STATES = ("not_given", "other")


class MeasureCompiler:
    """Compiles measures for one instrument. `inside`: the repeats whose row prefix a counter is given."""

    def __init__(self, instrument: CompiledInstrument) -> None:
        self.lookup = InstrumentLookup(instrument)
        self.items = instrument.items

    def compile(self, measure: Measure, inside: tuple[str, ...] = ()) -> MeasureCounter:
        """The counter of a measure."""
        if isinstance(measure, CombinedMeasure):
            return self.compile_combined(measure, inside)
        if isinstance(measure, Ratio):
            return self.compile_ratio(measure)
        if isinstance(measure, NumberValue):
            return self.compile_number(measure)
        if isinstance(measure, OptionCount):
            return self.compile_options(measure, inside)
        if isinstance(measure, TableRowCount):
            return self.compile_rows(measure)
        if isinstance(measure, AnsweredFieldCount):
            return self.compile_answered(measure, inside)
        return RepeatRowCounter(self, measure, inside)

    def compile_options(self, measure: OptionCount, inside: tuple[str, ...]) -> MeasureCounter:
        prepared = []
        for address in measure.addresses:
            item = self.lookup.find_field(address)[0]
            options = prepare_counted_options(self.lookup, address, measure)
            prepared.append((address, item.id, item.repeat, self.lookup.enclosing_repeats(item, inside), options))
        name, proof, full = (
            measure.name,
            measure.evidence_rule == "marked_evidence",
            self.lookup.maximum(measure, inside),
        )

        def count(facts: ResponseFacts, prefix: str) -> MeasureTrace:
            leaves: list[TraceLeaf] = []
            values, items_on_path = facts.path.values, facts.path.on_items
            total = 0
            for address, ident, repeat, chain, options in prepared:
                if ident not in items_on_path:
                    leaves += [option.leaves["off"] for option in options]
                    continue
                for row_prefix in facts.row_prefixes(chain, prefix) if repeat else ("",):
                    value = values.get(row_prefix + address)
                    for option in [option.in_row(row_prefix) for option in options] if row_prefix else options:
                        leaf = option.evaluate(facts, value, proof)
                        total += leaf.state == "counted"
                        leaves.append(leaf)
            return MeasureTrace(total, full, tuple(leaves), (), name)

        return count

    def compile_rows(self, measure: TableRowCount) -> MeasureCounter:
        prepared = self._prepare_rows(measure)
        table, name, proof = measure.table, measure.name, measure.evidence_rule == "marked_evidence"
        full = self.lookup.maximum(measure)

        def count(facts: ResponseFacts, prefix: str) -> MeasureTrace:
            values, is_on_path = facts.path.values, table in facts.path.on_items
            leaves: list[TraceLeaf] = []
            total = 0
            for address, options, leaves_by_state in prepared:
                leaf = leaves_by_state["not_given" if is_on_path else "off"]
                value = values.get(address)
                for option in options if value is not None else ():
                    option_leaf = option.evaluate(facts, value, proof)
                    if option_leaf.state not in UNPICKED_STATES:
                        leaf = option_leaf
                    elif leaf.state == "not_given":
                        leaf = leaves_by_state["other"]
                    if option_leaf.state == "counted":
                        total += 1
                        break
                leaves.append(leaf)
            return MeasureTrace(total, full, tuple(leaves), (), name)

        return count

    def _prepare_rows(
        self, measure: TableRowCount
    ) -> list[tuple[str, list[CountedOption], dict[LeafState, TraceLeaf]]]:
        table = self.items[measure.table]
        column = next(c for c in table.columns if c.key == measure.column)
        prepared = []
        for key, row in table.answer_rows:
            if not is_counted(key, measure):
                continue
            address = cell_address(measure.table, key, column.key)
            answers = [o for o in column.options if o.key in measure.answers]
            options = [prepare_option(self.lookup, address, o, row.label) for o in answers]
            first = options[0].leaves["counted"]
            prepared.append(
                (address, options, build_leaves(address, row.label, first.evidence_places, first.answer_address))
            )
        return prepared

    def compile_answered(self, measure: AnsweredFieldCount, inside: tuple[str, ...]) -> MeasureCounter:
        name, full = measure.name, self.lookup.maximum(measure, inside)
        prepared = [self._prepare_field(address, measure, inside) for address in measure.addresses]

        def count(facts: ResponseFacts, prefix: str) -> MeasureTrace:
            leaves: list[TraceLeaf] = []
            total = 0
            for address, item, chain, needs_evidence, leaves_by_state in prepared:
                if item.id not in facts.path.on_items:
                    leaves.append(leaves_by_state["off"])
                    continue
                for row_prefix in facts.row_prefixes(chain, prefix) if item.repeat else ("",):
                    field_address = row_prefix + address
                    state: LeafState = "not_given"
                    if field_address in facts.contradicted:
                        state = "contradicts"
                    elif field_address in facts.path.values:
                        state = "no_evidence" if needs_evidence and not facts.has_evidence(field_address) else "counted"
                    total += state == "counted"
                    leaves.append(
                        TraceLeaf(
                            field_address,
                            state,
                            leaves_by_state[state].label,
                            field_address,
                            (field_address,) if needs_evidence else (),
                        )
                        if row_prefix
                        else leaves_by_state[state]
                    )
            return MeasureTrace(total, full, tuple(leaves), (), name)

        return count

    def _prepare_field(
        self, address: str, measure: AnsweredFieldCount, inside: tuple[str, ...]
    ) -> tuple[str, Item, tuple[Item, ...], bool, dict[LeafState, TraceLeaf]]:
        """Address, item, repeats around it, whether it needs evidence, its leaves."""
        item, column, _ = self.lookup.find_field(address)
        needs_evidence = measure.evidence_rule == "marked_evidence" and (column or item).evidence == "required"
        label = column.label if column else item.ask
        leaves_by_state = build_leaves(address, label, (address,) if needs_evidence else ())
        return address, item, self.lookup.enclosing_repeats(item, inside), needs_evidence, leaves_by_state

    def compile_number(self, measure: NumberValue, *, judge_contradictions: bool = True) -> MeasureCounter:
        """The counter of a number. A share says itself that its numbers contradict each other."""
        item, address, name = self.lookup.find_field(measure.address)[0], measure.address, measure.name
        needs_evidence = item.evidence == "required" and measure.evidence_rule == "marked_evidence"
        leaves_by_state = build_leaves(address, item.ask, (address,) if needs_evidence else ())

        def count(facts: ResponseFacts, prefix: str) -> MeasureTrace:
            value = facts.number(address)
            state: LeafState = "counted"
            if value is None:
                state = "not_given" if item.id in facts.path.on_items else "off"
            elif needs_evidence and not facts.has_evidence(address):
                value, state = None, "no_evidence"
            elif judge_contradictions and address in facts.contradicted:
                value, state = None, "contradicts"
            return MeasureTrace(value, None, (leaves_by_state[state],), (), name)

        return count

    def compile_ratio(self, measure: Ratio) -> MeasureCounter:
        part_of, whole_of = (
            self.compile_number(NumberValue(address=a, evidence_rule="answer"), judge_contradictions=False)
            for a in (measure.part, measure.whole)
        )
        name = measure.name

        def count(facts: ResponseFacts, prefix: str) -> MeasureTrace:
            part, whole = part_of(facts, prefix), whole_of(facts, prefix)
            value: Quantity = None
            # More than the whole, or less than nothing, contradicts itself: it is no share until somebody mends it.
            if part.value is not None and whole.value and 0 <= part.value <= whole.value:
                value = Decimal(part.value) * HUNDRED / Decimal(whole.value)
            return MeasureTrace(value, HUNDRED, (), (part, whole), name)

        return count

    def compile_combined(self, measure: CombinedMeasure, inside: tuple[str, ...]) -> MeasureCounter:
        parts = [(self.compile(p, inside), p.cap, p.need) for p in measure.parts]
        rule, name, full = measure.rule, measure.name, self.lookup.maximum(measure, inside)

        def count(facts: ResponseFacts, prefix: str) -> MeasureTrace:
            traces = []
            total: int | Decimal = 0
            held = 0
            for counter, cap, need in parts:
                trace = counter(facts, prefix)
                traces.append(trace)
                value = trace.value or 0
                total += value if cap is None or value < cap else cap
                held += value >= need
            if rule != "sum":
                total = int(held == len(parts) if rule == "all" else held > 0)
            return MeasureTrace(total, full, (), tuple(traces), name)

        return count
