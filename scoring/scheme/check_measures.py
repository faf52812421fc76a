"""Faults of measures and choices against the instrument they read. PURE."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.scheme.measure_types import (
    AnsweredFieldCount,
    CombinedMeasure,
    Measure,
    NumberValue,
    OptionCount,
    Ratio,
    RepeatRowCount,
    TableRowCount,
    list_measured_addresses,
)
from scoring.scheme.types import Criterion
from survey.instrument.addresses import item_id_of
from survey.instrument.schema import CompiledInstrument, Item, TableColumn

CHOICE_KINDS = frozenset({"single", "multi"})


def check_choice(criterion: Criterion, instrument: CompiledInstrument) -> Iterator[str]:
    owner = _find_field(criterion.choice or "", instrument)
    if owner is None:
        yield f"unknown field {criterion.choice!r}"
    elif owner.kind != "single":
        yield f"{criterion.choice!r} is not a single choice"
    else:
        if find_repeat(criterion.choice or "", instrument) is not None:
            yield f"{criterion.choice!r} is inside a repeat: count its rows"
        keys = {o.key for o in owner.options}
        yield from (f"{criterion.choice!r} has no option {k!r}" for k in criterion.points if k not in keys)
        yield from (f"no points for option {k!r}" for k in sorted(keys - set(criterion.points)))


def check_measure(measure: Measure, instrument: CompiledInstrument, inside: tuple[str, ...]) -> Iterator[str]:
    if isinstance(measure, CombinedMeasure):
        for part in measure.parts:
            yield from check_measure(part, instrument, inside)
    elif isinstance(measure, TableRowCount):
        yield from _check_table_rows(measure, instrument)
    elif isinstance(measure, RepeatRowCount):
        yield from _check_repeats(measure, instrument, inside)
    elif isinstance(measure, NumberValue | Ratio):
        for address in list_measured_addresses(measure):
            yield from _check_number(address, instrument)
    else:
        for address in measure.addresses:
            yield from _check_field(measure, address, instrument, inside)
        if isinstance(measure, OptionCount):
            yield from _check_option_keys(measure, instrument)


def _check_field(
    measure: OptionCount | AnsweredFieldCount, address: str, instrument: CompiledInstrument, inside: tuple[str, ...]
) -> Iterator[str]:
    owner = _find_field(address, instrument)
    if owner is None:
        yield f"unknown field {address!r}"
    elif isinstance(measure, OptionCount) and owner.kind not in CHOICE_KINDS:
        yield f"{address!r} has no options to count"
    elif owner.kind in ("group", "repeat", "table"):
        yield f"{address!r} is a {owner.kind}, not a field"
    repeat = find_repeat(address, instrument)
    if inside and repeat is not None and repeat != inside[-1]:
        yield f"{address!r} is not an item of {inside[-1]!r}"


def _check_option_keys(measure: OptionCount, instrument: CompiledInstrument) -> Iterator[str]:
    owners = [o for o in (_find_field(a, instrument) for a in measure.addresses) if o is not None]
    known = {o.key for owner in owners for o in owner.options}
    named = [*measure.included, *measure.excluded]
    yield from (f"no option {k!r} in {', '.join(measure.addresses)}" for k in named if owners and k not in known)


def _check_table_rows(measure: TableRowCount, instrument: CompiledInstrument) -> Iterator[str]:
    table = instrument.items.get(measure.table)
    if table is None or table.kind != "table":
        yield f"unknown table {measure.table!r}"
        return
    column = next((c for c in table.columns if c.key == measure.column), None)
    if column is None:
        yield f"{measure.table!r} has no column {measure.column!r}"
    else:
        keys = {o.key for o in column.options}
        yield from (f"column {measure.column!r} has no option {k!r}" for k in measure.answers if k not in keys)
    rows = {k for k, _ in table.answer_rows}
    named = [*measure.included, *measure.excluded]
    yield from (f"{measure.table!r} has no row {k!r}" for k in named if k not in rows)


def _check_repeats(measure: RepeatRowCount, instrument: CompiledInstrument, inside: tuple[str, ...]) -> Iterator[str]:
    for ident in measure.addresses:
        item = instrument.items.get(ident)
        if item is None or item.kind != "repeat":
            yield f"unknown repeat {ident!r}"
        elif measure.having is not None:
            yield from check_measure(measure.having, instrument, (*inside, ident))


def _check_number(address: str, instrument: CompiledInstrument) -> Iterator[str]:
    item = instrument.items.get(address)
    if item is None or item.kind != "number":
        yield f"unknown number {address!r}"
    elif item.repeat is not None:
        yield f"{address!r} is inside a repeat"


def _find_field(address: str, instrument: CompiledInstrument) -> Item | TableColumn | None:
    item = instrument.items.get(item_id_of(address))
    if item is None or item.kind != "table" or "/" not in address:
        return item if "/" not in address else None
    parts = address.split("/")
    if len(parts) != 3 or parts[1] not in {k for k, _ in item.answer_rows}:
        return None
    return next((c for c in item.columns if c.key == parts[2]), None)


def find_repeat(address: str, instrument: CompiledInstrument) -> str | None:
    item = instrument.items.get(item_id_of(address))
    return item.repeat if item is not None else None
