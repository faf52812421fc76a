"""Looking up the fields that a scheme names in an instrument, and the most a measure can count. PURE."""

from __future__ import annotations

from decimal import Decimal

from scoring.scheme.measure_types import (
    CombinedMeasure,
    Measure,
    NumberValue,
    OptionCount,
    Ratio,
    RepeatRowCount,
    TableRowCount,
)
from scoring.scheme.sourced import Quantity
from survey.instrument.addresses import item_id_of
from survey.instrument.schema import CompiledInstrument, Item, Option, TableColumn

HUNDRED = Decimal(100)


class InstrumentLookup:
    """Finds what a scheme names in an instrument. The names must exist: `scoring.scheme.check` sees to that first."""

    def __init__(self, instrument: CompiledInstrument) -> None:
        self.items = instrument.items

    def find_field(self, address: str) -> tuple[Item, TableColumn | None, str | None]:
        """The item of a field address; of a cell (TABLE/ROW/COLUMN) also the column and row key."""
        item = self.items[item_id_of(address)]
        if item.kind != "table":
            return item, None, None
        _, row, key = address.split("/")
        return item, next(c for c in item.columns if c.key == key), row

    def enclosing_repeats(self, item: Item, inside: tuple[str, ...] = ()) -> tuple[Item, ...]:
        """The repeats around an item, outermost first, without those in `inside`."""
        repeats: list[Item] = []
        repeat = item.repeat
        while repeat is not None and repeat not in inside:
            repeats.append(self.items[repeat])
            repeat = repeats[-1].repeat
        return tuple(reversed(repeats))

    def opened_items(self, address: str, option: Option) -> tuple[Item, ...]:
        """What picking an option of a field or cell opens."""
        item, column, row = self.find_field(address)
        if column is None:
            return option.then
        table_row = next(r for k, r in item.answer_rows if k == row)
        return table_row.then.get(f"{column.key}={option.key}", ())

    def counted_options(self, address: str, measure: OptionCount) -> list[Option]:
        """The options of a field that the measure counts: never one that the paper lacks."""
        item, column, _ = self.find_field(address)
        return [o for o in (column or item).options if not o.own and is_counted(o.key, measure)]

    def maximum(self, measure: Measure, inside: tuple[str, ...] = ()) -> Quantity:
        """The most a measure can be; None: no limit."""
        if isinstance(measure, Ratio):
            return HUNDRED
        if isinstance(measure, CombinedMeasure):
            return self._full_joined(measure, inside)
        if isinstance(measure, NumberValue):
            most = self.items[measure.address].maximum
            return Decimal(most) if most is not None else None
        if isinstance(measure, TableRowCount):
            return sum(is_counted(k, measure) for k, _ in self.items[measure.table].answer_rows)
        return sum(self._full_at(address, measure, inside) for address in measure.addresses)

    def _full_at(self, address: str, measure: Measure, inside: tuple[str, ...]) -> int:
        item, column, _ = self.find_field(address)
        times = 1
        for repeat in self.enclosing_repeats(item, inside):
            times *= repeat.max_rows or 1
        if isinstance(measure, OptionCount):
            options = len(self.counted_options(address, measure))
            return times * (min(options, 1) if (column or item).kind == "single" else options)
        return times * (item.max_rows or 1) if isinstance(measure, RepeatRowCount) else times

    def _full_joined(self, measure: CombinedMeasure, inside: tuple[str, ...]) -> Quantity:
        if measure.rule != "sum":
            return 1
        total: int | Decimal = 0
        for part in measure.parts:
            limits = [x for x in (self.maximum(part, inside), part.cap) if x is not None]
            if not limits:
                return None
            total += min(limits)
        return total


def is_counted(key: str, measure: OptionCount | TableRowCount) -> bool:
    """Whether the measure counts this option or row."""
    return key not in measure.excluded and (not measure.included or key in measure.included)
