"""The units of work of a measure, joined as the measure joins its parts. PURE."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from scoring.engine.trace import MeasureTrace
from scoring.planning.optimum.answer_changes import ChangeFinder
from scoring.planning.optimum.piece_rules import PieceRules
from scoring.planning.optimum.work import WorkNode, WorkUnit
from scoring.planning.optimum.work_units import WorkUnitBuilder
from scoring.scheme.lookup import InstrumentLookup
from scoring.scheme.measure_types import CombinedMeasure, Measure, OptionCount, RepeatRowCount
from survey.instrument.addresses import item_id_of

MAX_NEW_ROWS = 10  # new rows of one repeat that are thought of


class WorkNodeBuilder(WorkUnitBuilder):
    """Builds the units of work of whole measures."""

    def __init__(
        self, change_finder: ChangeFinder, efforts: Mapping[str, int], rules: PieceRules | None = None
    ) -> None:
        super().__init__(change_finder, efforts, rules)
        self.lookup = InstrumentLookup(change_finder.instrument)

    def build_node(self, measure: Measure, trace: MeasureTrace, kind: str) -> WorkNode:
        if isinstance(measure, CombinedMeasure):
            return self._build_combined_node(measure, trace, kind)
        if isinstance(measure, RepeatRowCount):
            return WorkNode(tuple(filter(self.rules.allows, self.build_row_units(measure, trace, kind))))
        # A single choice counts once, however many of its options would count.
        fields = [(leaf.answer_address or leaf.address).split("=", 1)[0] for leaf in trace.leaves]
        single_fields = [f if isinstance(measure, OptionCount) and self._is_single(f) else "" for f in fields]
        counted_fields = {
            f for f, leaf in zip(single_fields, trace.leaves, strict=True) if f and leaf.state == "counted"
        }
        units = (
            replace(self.build_leaf_unit(leaf, kind), field=field)
            for field, leaf in zip(single_fields, trace.leaves, strict=True)
            if leaf.state != "counted" and field not in counted_fields
        )
        return WorkNode(tuple(filter(self.rules.allows, units)))

    def _is_single(self, field: str) -> bool:
        item, column, _row = self.lookup.find_field(
            field.rsplit("#", 1)[-1].split("/", 1)[-1] if "#" in field else field
        )
        return (column or item).kind == "single"

    def _build_combined_node(self, measure: CombinedMeasure, trace: MeasureTrace, kind: str) -> WorkNode:
        pairs = list(zip(measure.parts, trace.parts, strict=True))
        if measure.rule != "sum" and trace.value:
            return WorkNode()
        return WorkNode(
            rule=measure.rule,
            parts=tuple(self.build_node(part, part_trace, kind) for part, part_trace in pairs),
            capacities=tuple(None if p.cap is None else max(p.cap - math.floor(f.value or 0), 0) for p, f in pairs),
            needs=tuple(max(math.ceil(p.need - Decimal(f.value or 0)), 0) for p, f in pairs),
        )

    def build_row_units(self, measure: RepeatRowCount, trace: MeasureTrace, kind: str) -> list[WorkUnit]:
        units = []
        for leaf in trace.leaves:
            row_address = leaf.answer_address or leaf.address
            last = row_address.rsplit("/", 1)[-1]
            if leaf.state == "counted":
                continue
            if "#" in last:
                repeat, _, row = row_address.rpartition("#")
                change = self.change_finder.add_row(repeat, row, measure.having)
                units.append(self.build_unit(leaf, row_address, kind, change))
                continue
            item = self.change_finder.items[item_id_of(row_address)]
            if item.repeat and "#" not in row_address:
                continue  # lies in a row of another repeat that is not there yet
            rows = self.change_finder.list_rows(row_address)
            new_rows = min(MAX_NEW_ROWS, (item.max_rows or MAX_NEW_ROWS) - len(rows))
            names = (f"r{n}" for n in range(1, 99) if f"r{n}" not in rows)
            for _at in range(new_rows):
                row = next(names)
                change = self.change_finder.add_row(row_address, row, measure.having)
                units.append(self.build_unit(leaf, f"{row_address}#{row}", kind, change))
        return units
