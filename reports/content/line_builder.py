"""Building the lines of a report from the instrument, with the path beside it. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reports.content.line_context import LineContext
from reports.content.path_reader import PathReader
from reports.content.structure import (
    EvidenceByAddress,
    LineKind,
    LineState,
    ReportLine,
)
from survey.instrument.addresses import cell_address, repeat_row_address
from survey.instrument.path import QuestionnairePath
from survey.instrument.schema import AnswerValue, Item, TableColumn, TableRow


class LineBuilder(PathReader):
    """Builds the line of every item, with the path at hand that says what is asked."""

    def __init__(
        self, path: QuestionnairePath, evidence: EvidenceByAddress, notes: Mapping[str, str], language: str
    ) -> None:
        super().__init__(path, evidence, language)
        self.notes = notes

    def item_line(self, item: Item, context: LineContext) -> ReportLine:
        """The line of an item with everything below it."""
        context = self.context_of(item, context)
        if item.kind == "group":
            return self._line(item, context, "group", "heading", children=tuple(self._below(item, context)))
        if item.kind == "table":
            return self._table(item, context)
        if item.kind == "repeat":
            return self._repeat(item, context)
        return self._field(item, context)

    def _line(
        self, item: Item, context: LineContext, kind: LineKind, state: LineState, text: str = "", **more: Any
    ) -> ReportLine:
        is_closed = context.state != "answered"
        is_question = item.question == item.id
        return ReportLine(
            kind=kind,
            item=item.id,
            address="" if context.prefix is None else context.prefix + item.id,
            code=item.code or "",
            label=item.ask.to(self.language),
            depth=context.depth,
            state=context.state if is_closed else state,
            text=self.text(context.state) if is_closed else text,
            reason=context.reason,
            required=item.required,
            note=self.notes.get(item.id, "") if is_question else "",
            is_question=is_question,
            type=item.kind,
            **more,
        )

    def _below(self, item: Item, context: LineContext) -> list[ReportLine]:
        return [self.item_line(child, context.deeper()) for child in item.items]

    def _field(self, item: Item, context: LineContext) -> ReportLine:
        address = None if context.prefix is None else context.prefix + item.id
        value = self.value(address, context)
        state, text = self.answer(item, value, item.required)
        return self._line(
            item,
            context,
            "field",
            state,
            text,
            value=value,
            picked=self.picked_labels(item, value),
            places=self.places(address, item.options) if value else (),
            own="item" if item.own else "answer" if _picks_own(item, value) else "",
            children=(*self._option_items(item, value, context), *self._below(item, context)),
        )

    def _option_items(self, owner: Item, value: AnswerValue | None, context: LineContext) -> Iterator[ReportLine]:
        """The items below options, those of options that are not picked as "closed"."""
        keys = value if isinstance(value, list) else [value]
        for option in owner.options:
            inner = context.deeper()
            if option.key not in keys:
                inner = inner.closed("closed", self.text("option", option=option.title.to(self.language)))
            yield from (self.item_line(child, inner) for child in option.then)

    def _repeat(self, item: Item, context: LineContext) -> ReportLine:
        address = None if context.prefix is None else context.prefix + item.id
        value = self.value(address, context)
        rows = value[: item.max_rows] if isinstance(value, list) else []
        text = self.text("rows", n=str(len(rows)))
        state: LineState = "answered"
        if not rows:
            state, text = "unanswered", self.empty_text(item.required and bool(item.min_rows))
            below = context.deeper().closed("closed", self.text("no_rows")).without_row()
            children = [self.item_line(child, below) for child in item.items]
        else:
            children = [self._entry(item, f"{address}", row, n, context) for n, row in enumerate(rows, 1)]
        return self._line(item, context, "repeat", state, text, value=value, children=tuple(children))

    def _entry(self, item: Item, address: str, row: str, number: int, context: LineContext) -> ReportLine:
        row_address = repeat_row_address(address, row)
        inner = context.deeper().deeper(row_address + "/")
        return ReportLine(
            kind="entry",
            item=item.id,
            address=row_address,
            code="",
            label=self.text("entry", n=str(number)),
            depth=context.depth + 1,
            state="heading",
            places=self.places(row_address, ()),
            children=tuple(self.item_line(child, inner) for child in item.items),
        )

    def _table(self, item: Item, context: LineContext) -> ReportLine:
        rows = [self._row(item, row, context) for row in item.rows]
        return self._line(item, context, "table", "heading", children=(*rows, *self._below(item, context)))

    def _row(self, item: Item, row: TableRow, context: LineContext) -> ReportLine:
        table = "" if context.prefix is None else context.prefix + item.id
        children: list[ReportLine] = []
        if row.key is not None:
            for column in item.columns:
                address = cell_address(table, row.key, column.key) if table else None
                children.append(self._cell(item, row, column, address, context))
            children += self._row_items(item, row, children, context)
        return ReportLine(
            kind="heading" if row.key is None else "row",
            item=item.id,
            address=f"{table}/{row.key}" if row.key is not None and table else "",
            code="",
            label=row.label.to(self.language),
            depth=context.depth + 1,
            state="heading",
            children=tuple(children),
        )

    def _row_items(
        self, table: Item, row: TableRow, cells: Sequence[ReportLine], context: LineContext
    ) -> Iterator[ReportLine]:
        values = {c.address.rsplit("/", 1)[-1]: c.value for c in cells}
        columns = {c.key: c for c in table.columns}
        for place, items in row.then.items():
            key, _, option = place.partition("=")
            value = values.get(key)
            inner = context.deeper().deeper()
            if option not in (value if isinstance(value, list) else [value]):
                label = columns[key].by_key[option].title.to(self.language)
                inner = inner.closed("closed", self.text("option", option=label))
            yield from (self.item_line(child, inner) for child in items)

    def _cell(
        self, item: Item, row: TableRow, column: TableColumn, address: str | None, context: LineContext
    ) -> ReportLine:
        value, required = self.value(address, context), item.required and row.required and column.required
        state, text = self.answer(column, value, required)
        if context.state == "answered" and address not in self.path.fields:
            context = context.closed("closed", self._column_when(item, column))
        is_closed = context.state != "answered"
        return ReportLine(
            kind="cell",
            item=item.id,
            address=address or "",
            code="",
            label=column.label.to(self.language),
            depth=context.depth + 2,
            state=context.state if is_closed else state,
            text=self.text(context.state) if is_closed else text,
            picked=() if is_closed else self.picked_labels(column, value),
            value=value,
            reason=context.reason,
            required=required,
            places=self.places(address, column.options) if value else (),
            type=column.kind,
            own="item" if item.own else "answer" if _picks_own(column, value) else "",
        )

    def _column_when(self, item: Item, column: TableColumn) -> str:
        key, _, option = (column.when or "").partition("=")
        source = next((c for c in item.columns if c.key == key), None)
        if source is None or option not in source.by_key:
            return ""
        return self.text("option", option=source.by_key[option].title.to(self.language))


def _picks_own(owner: Item | TableColumn, value: AnswerValue | None) -> bool:
    """Whether an option is picked that the paper lacks."""
    keys = value if isinstance(value, list) else [value]
    return any(option.own and option.key in keys for option in owner.options)
