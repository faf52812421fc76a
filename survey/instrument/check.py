"""Consistency checks across the items of an instrument file; reports every fault with its place. PURE."""

from __future__ import annotations

from collections.abc import Iterator

from survey.instrument.addresses import item_id_of
from survey.instrument.builder import InstrumentBuilder
from survey.instrument.schema import AnswerValue, CompiledInstrument, Item
from survey.instrument.source import Fault, SourceError, SourceNode, read_yaml
from survey.instrument.tree import ancestor_ids


def check_instrument(text: str) -> tuple[CompiledInstrument | None, list[Fault]]:
    """Parse and check an instrument file: the instrument (None with any fault) and all faults in line order."""
    try:
        data = read_yaml(text)
    except SourceError as error:
        return None, [Fault(0, "file", str(error))]
    return check_instrument_data(data)


def check_instrument_data(data: SourceNode) -> tuple[CompiledInstrument | None, list[Fault]]:
    """Like `check_instrument`, for data already read."""
    builder = InstrumentBuilder(data)
    instrument = builder.build()
    faults = sorted({*builder.faults, *_cross_reference_faults(instrument, builder)})
    return (None if faults else instrument), faults


def _cross_reference_faults(instrument: CompiledInstrument, builder: InstrumentBuilder) -> Iterator[Fault]:
    def fault(item: Item, message: str) -> Fault:
        return Fault(builder.lines.get(item.id, 0), item.id, message)

    for item in instrument.items.values():
        yield from (fault(item, message) for message in _condition_faults(instrument, item))
        yield from (fault(item, message) for message in _table_faults(item))
        if _is_unreachable(instrument, item):
            yield fault(item, "can never be reached: its conditions contradict each other")
    section_ids: set[str] = set()
    for section in instrument.sections:
        if section.id in section_ids:
            yield Fault(0, section.id, "section id is used twice")
        section_ids.add(section.id)
    yield from _unused_definitions(instrument, builder)
    for check in instrument.checks:
        for address in (check.address, *check.condition.addresses()):
            if item_id_of(address) not in instrument.items:
                yield Fault(0, f"check {check.id}", f"unknown answer {address!r}")


def _unused_definitions(instrument: CompiledInstrument, builder: InstrumentBuilder) -> Iterator[Fault]:
    used = {d.key for s in instrument.sections for d in s.definitions}
    for definition in instrument.definitions:
        if definition.words and definition.key not in used:
            where = f"definition {definition.key}"
            yield Fault(builder.lines.get(where, 0), where, "no page of the form uses this term")


def _condition_faults(instrument: CompiledInstrument, item: Item) -> Iterator[str]:
    for address, keys in item.when.references() if item.when else ():
        target = instrument.items.get(item_id_of(address))
        if target is None:
            yield f"the condition reads an unknown answer {address!r}"
            continue
        if target.order >= item.order:
            yield f"the condition reads {address!r}, which is not earlier"
        known_keys = set(target.by_key) | {o.key for c in target.columns for o in c.options}
        yield from (f"the condition reads option {k!r}, which {address!r} lacks" for k in keys if k not in known_keys)


def _table_faults(item: Item) -> Iterator[str]:
    options_by_column = {c.key: {o.key for o in c.options} for c in item.columns}
    references = [reference for _, row in item.answer_rows for reference in row.then]
    references += [column.when for column in item.columns if column.when]
    for reference in references:
        column, _, option = reference.partition("=")
        if option not in options_by_column.get(column, ()):
            yield f"{reference!r} names no column and option of this table"


def _is_unreachable(instrument: CompiledInstrument, item: Item) -> bool:
    """Whether an item can never open: the options that must be picked for it make one of its conditions false."""
    required_picks: dict[str, AnswerValue] = {}
    item_and_ancestors = [item, *(instrument.items[item_id] for item_id in ancestor_ids(instrument.items, item))]
    for ancestor in item_and_ancestors:
        if ancestor.opened_by:
            address, _, option = ancestor.opened_by.partition("=")
            required_picks.setdefault(address, option)
    for ancestor in item_and_ancestors:
        if ancestor.when and ancestor.when.evaluate(required_picks.get) is False:
            return True
        if any(required_picks.get(s.source) == s.option for s in instrument.skips.get(ancestor.id, ())):
            return True
    return False
