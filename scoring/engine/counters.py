"""Measures compiled against an instrument: closures over prepared tuples, so that a score costs little. PURE."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from scoring.engine.counted_options import prepare_counted_options, prepare_option
from scoring.engine.facts import PLAIN_KINDS, CountedOption, ResponseFacts, build_leaves
from scoring.engine.sheet import LeafState, MeasureTrace, TraceLeaf
from scoring.scheme.lookup import HUNDRED, InstrumentLookup, is_counted
from scoring.scheme.types import (
    AnsweredFieldCount,
    CombinedMeasure,
    Measure,
    NumberValue,
    OptionCount,
    Quantity,
    Ratio,
    RepeatRowCount,
    TableRowCount,
)
from survey.instrument.addresses import cell_address, repeat_row_address
from survey.instrument.schema import CompiledInstrument, Item, LocalizedText

MeasureCounter = Callable[[ResponseFacts, str], MeasureTrace]
UNPICKED_STATES = ("not_given", "other")
MAX_LABEL_LENGTH = 120  # characters of a row's own text


class MeasureCompiler:
    """Compiles measures for one instrument. `inside`: the repeats whose row prefix a counter is given."""

    def __init__(self, instrument: CompiledInstrument) -> None:
        self.lookup = InstrumentLookup(instrument)
        self.items = instrument.items

    def compile(self, measure: Measure, inside: tuple[str, ...] = ()) -> MeasureCounter:
        """The counter of a measure."""
        if isinstance(measure, CombinedMeasure):
            return self.joined(measure, inside)
        if isinstance(measure, Ratio):
            return self.ratio(measure)
        if isinstance(measure, NumberValue):
            return self.number(measure)
        if isinstance(measure, OptionCount):
            return self.options(measure, inside)
        if isinstance(measure, TableRowCount):
            return self.rows(measure)
        if isinstance(measure, AnsweredFieldCount):
            return self.answered(measure, inside)
        return RepeatRowCounter(self, measure, inside)

    def options(self, measure: OptionCount, inside: tuple[str, ...]) -> MeasureCounter:
        prepared = []
        for address in measure.of:
            item = self.lookup.field(address)[0]
            picks = prepare_counted_options(self.lookup, address, measure)
            prepared.append((address, item.id, item.repeat, self.lookup.chain(item, inside), picks))
        name, proof, full = measure.name, measure.with_ == "marked_evidence", self.lookup.full(measure, inside)

        def count(facts: ResponseFacts, prefix: str) -> MeasureTrace:
            found: list[TraceLeaf] = []
            values, on = facts.path.values, facts.path.on_items
            total = 0
            for address, ident, repeat, chain, picks in prepared:
                if ident not in on:
                    found += [p.leaves["off"] for p in picks]
                    continue
                for here in facts.prefixes(chain, prefix) if repeat else ("",):
                    value = values.get(here + address)
                    for p in [p.at(here) for p in picks] if here else picks:
                        leaf = p.leaf(facts, value, proof)
                        total += leaf.state == "counted"
                        found.append(leaf)
            return MeasureTrace(total, full, tuple(found), (), name)

        return count

    def rows(self, measure: TableRowCount) -> MeasureCounter:
        prepared = self._rows(measure)
        table, name, proof = measure.of, measure.name, measure.with_ == "marked_evidence"
        full = self.lookup.full(measure)

        def count(facts: ResponseFacts, prefix: str) -> MeasureTrace:
            values, on = facts.path.values, table in facts.path.on_items
            found: list[TraceLeaf] = []
            total = 0
            for address, picks, own in prepared:
                leaf = own["not_given" if on else "off"]
                value = values.get(address)
                for p in picks if value is not None else ():
                    this = p.leaf(facts, value, proof)
                    if this.state not in UNPICKED_STATES:
                        leaf = this
                    elif leaf.state == "not_given":
                        leaf = own["other"]
                    if this.state == "counted":
                        total += 1
                        break
                found.append(leaf)
            return MeasureTrace(total, full, tuple(found), (), name)

        return count

    def _rows(self, measure: TableRowCount) -> list[tuple[str, list[CountedOption], dict[LeafState, TraceLeaf]]]:
        table = self.items[measure.of]
        column = next(c for c in table.columns if c.key == measure.column)
        prepared = []
        for key, row in table.answer_rows:
            if not is_counted(key, measure):
                continue
            address = cell_address(measure.of, key, column.key)
            answers = [o for o in column.options if o.key in measure.answers]
            picks = [prepare_option(self.lookup, address, o, row.label) for o in answers]
            first = picks[0].leaves["counted"]
            prepared.append((address, picks, build_leaves(address, row.label, first.places, first.thing)))
        return prepared

    def answered(self, measure: AnsweredFieldCount, inside: tuple[str, ...]) -> MeasureCounter:
        proof, name = measure.with_ == "marked_evidence", measure.name
        full = self.lookup.full(measure, inside)
        prepared = []
        for address in measure.of:
            item, column, _ = self.lookup.field(address)
            asks = proof and (column or item).evidence == "required"
            label = column.label if column else item.ask
            chain = self.lookup.chain(item, inside)
            prepared.append((address, item, chain, asks, build_leaves(address, label, (address,) if asks else ())))

        def count(facts: ResponseFacts, prefix: str) -> MeasureTrace:
            found: list[TraceLeaf] = []
            total = 0
            for address, item, chain, asks, own in prepared:
                if item.id not in facts.path.on_items:
                    found.append(own["off"])
                    continue
                for here in facts.prefixes(chain, prefix) if item.repeat else ("",):
                    at = here + address
                    state: LeafState = "not_given"
                    if at in facts.path.values:
                        state = "no_evidence" if asks and not facts.met(at) else "counted"
                    total += state == "counted"
                    found.append(
                        TraceLeaf(at, state, own[state].label, at, (at,) if asks else ()) if here else own[state]
                    )
            return MeasureTrace(total, full, tuple(found), (), name)

        return count

    def number(self, measure: NumberValue) -> MeasureCounter:
        item, address, name = self.lookup.field(measure.of)[0], measure.of, measure.name
        asks = item.evidence == "required" and measure.with_ == "marked_evidence"
        own = build_leaves(address, item.ask, (address,) if asks else ())

        def count(facts: ResponseFacts, prefix: str) -> MeasureTrace:
            value = facts.number(address)
            state: LeafState = "counted"
            if value is None:
                state = "not_given" if item.id in facts.path.on_items else "off"
            elif asks and not facts.met(address):
                value, state = None, "no_evidence"
            return MeasureTrace(value, None, (own[state],), (), name)

        return count

    def ratio(self, measure: Ratio) -> MeasureCounter:
        part_of, whole_of = (self.number(NumberValue(of=a, with_="answer")) for a in (measure.part, measure.whole))
        name = measure.name

        def count(facts: ResponseFacts, prefix: str) -> MeasureTrace:
            part, whole = part_of(facts, prefix), whole_of(facts, prefix)
            value: Quantity = None
            if part.value is not None and whole.value:
                share = Decimal(part.value) * HUNDRED / Decimal(whole.value)
                value = max(min(share, HUNDRED), Decimal(0))
            return MeasureTrace(value, HUNDRED, (), (part, whole), name)

        return count

    def joined(self, measure: CombinedMeasure, inside: tuple[str, ...]) -> MeasureCounter:
        parts = [(self.compile(p, inside), p.cap, p.need) for p in measure.parts]
        how, name, full = measure.how, measure.name, self.lookup.full(measure, inside)

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
            if how != "sum":
                total = int(held == len(parts) if how == "all" else held > 0)
            return MeasureTrace(total, full, (), tuple(traces), name)

        return count


class RepeatRowCounter:
    """Counts the rows of repeats: complete, proven, and with what `having` asks for inside."""

    __slots__ = ("full", "having_need", "measure", "prepared", "proof")

    def __init__(self, compiler: MeasureCompiler, measure: RepeatRowCount, inside: tuple[str, ...]) -> None:
        self.measure = measure
        self.proof = measure.with_ == "marked_evidence"
        self.full = compiler.lookup.full(measure, inside)
        self.having_need = measure.having.need if measure.having is not None else Decimal(1)
        self.prepared: list[tuple[Item, tuple[Item, ...], MeasureCounter | None]] = []
        for ident in measure.of:
            item = compiler.items[ident]
            chain = compiler.lookup.chain(item, inside)
            within = (*inside, *(r.id for r in chain), ident)
            having = compiler.compile(measure.having, within) if measure.having is not None else None
            self.prepared.append((item, chain, having))

    def __call__(self, facts: ResponseFacts, prefix: str) -> MeasureTrace:
        found: list[TraceLeaf] = []
        total = 0
        path = facts.path
        for item, chain, having in self.prepared:
            if item.id not in path.on_items:
                found.append(TraceLeaf(item.id, "off", item.ask, item.id))
                continue
            for here in facts.prefixes(chain, prefix if item.repeat else ""):
                address = here + item.id
                if address not in path.fields:
                    continue
                rows = path.values.get(address) or ()
                for row_id in rows[: item.max_rows]:
                    row = repeat_row_address(address, row_id)
                    asked = _list_evidence_places(facts, item, row)
                    state = self.state(facts, item, row, asked, having)
                    total += state == "counted"
                    found.append(TraceLeaf(row, state, _label_row(facts, item, row), row, tuple(asked)))
                if item.max_rows is None or len(rows) < item.max_rows:
                    found.append(TraceLeaf(address, "not_given", item.ask, address))
        return MeasureTrace(total, self.full, tuple(found), (), self.measure.name)

    def state(
        self, facts: ResponseFacts, item: Item, row: str, proofs: list[str], having: MeasureCounter | None
    ) -> LeafState:
        """How one row stands."""
        opened, values = facts.path.fields, facts.path.values
        for child in item.items:
            at = f"{row}/{child.id}"
            if child.required and at in opened and at not in values and child.kind != "repeat":
                return "not_given"
        if self.proof:
            for place in proofs:
                if not facts.met(place):
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
        at = f"{row}/{child.id}"
        if child.kind in PLAIN_KINDS and child.evidence == "required" and at in facts.path.values:
            proofs.append(at)
    return proofs


def _label_row(facts: ResponseFacts, item: Item, row: str) -> LocalizedText:
    """What a row is called: its first text, else what the repeat asks for."""
    for child in item.items:
        if child.kind == "text":
            said = facts.path.values.get(f"{row}/{child.id}")
            return LocalizedText(said[:MAX_LABEL_LENGTH]) if isinstance(said, str) and said else item.ask
    return item.ask
