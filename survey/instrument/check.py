"""What must hold across an instrument, beyond the shape of each item: every fault, with its place. PURE."""

from __future__ import annotations

from collections.abc import Iterator

from survey.instrument.addresses import item_id_of
from survey.instrument.builder import InstrumentBuilder
from survey.instrument.schema import AnswerValue, CompiledInstrument, Item
from survey.instrument.source import Fault, SourceError, SourceNode, read_yaml
from survey.instrument.tree import ancestor_ids


def check_instrument(text: str) -> tuple[CompiledInstrument | None, list[Fault]]:
    """The instrument of a file and all its faults in line order; no instrument if there is any."""
    try:
        data = read_yaml(text)
    except SourceError as error:
        return None, [Fault(0, "file", str(error))]
    return check_instrument_data(data)


def check_instrument_data(data: SourceNode) -> tuple[CompiledInstrument | None, list[Fault]]:
    """Like `check`, for data already read."""
    builder = InstrumentBuilder(data)
    instrument = builder.build()
    faults = sorted({*builder.faults, *_cross_reference_faults(instrument, builder)})
    return (None if faults else instrument), faults


def _cross_reference_faults(instrument: CompiledInstrument, builder: InstrumentBuilder) -> Iterator[Fault]:
    def fault(item: Item, message: str) -> Fault:
        return Fault(builder.lines.get(item.id, 0), item.id, message)

    for item in instrument.items.values():
        yield from (fault(item, m) for m in _condition_faults(instrument, item))
        yield from (fault(item, m) for m in _table_faults(item))
        if _is_unreachable(instrument, item):
            yield fault(item, "can never be reached: its conditions contradict each other")
    seen: set[str] = set()
    for section in instrument.sections:
        if section.id in seen:
            yield Fault(0, section.id, "section id is used twice")
        seen.add(section.id)
    for checked in instrument.checks:
        for address in (checked.at, *checked.rule.addresses()):
            if item_id_of(address) not in instrument.items:
                yield Fault(0, f"check {checked.id}", f"unknown answer {address!r}")


def _condition_faults(instrument: CompiledInstrument, item: Item) -> Iterator[str]:
    for address, keys in item.when.references() if item.when else ():
        target = instrument.items.get(item_id_of(address))
        if target is None:
            yield f"the condition reads an unknown answer {address!r}"
            continue
        if target.order >= item.order:
            yield f"the condition reads {address!r}, which is not earlier"
        known = set(target.by_key) | {o.key for c in target.columns for o in c.options}
        yield from (f"the condition reads option {k!r}, which {address!r} lacks" for k in keys if k not in known)


def _table_faults(item: Item) -> Iterator[str]:
    columns = {c.key: {o.key for o in c.options} for c in item.columns}
    places = [p for _, row in item.answer_rows for p in row.then]
    places += [c.when for c in item.columns if c.when]
    for place in places:
        column, _, option = place.partition("=")
        if option not in columns.get(column, ()):
            yield f"{place!r} names no column and option of this table"


def _is_unreachable(instrument: CompiledInstrument, item: Item) -> bool:
    """Whether what must be picked to open the item already decides one of its conditions as false."""
    forced: dict[str, AnswerValue] = {}
    chain = [item, *(instrument.items[a] for a in ancestor_ids(instrument.items, item))]
    for link in chain:
        if link.opened_by:
            address, _, option = link.opened_by.partition("=")
            forced.setdefault(address, option)
    for link in chain:
        if link.when and link.when.decided(forced.get) is False:
            return True
        if any(forced.get(s.source) == s.option for s in instrument.skips.get(link.id, ())):
            return True
    return False
