"""The listing behind papers and workbooks: every item of the form, answered or not, in paper order. PURE.

One walk over the whole instrument makes the lines, so that both show the same lines with the same words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dgready.thai import format_month
from reports.content.structure import (
    EvidenceByAddress,
    LineKind,
    LineState,
    PlaceEvidence,
    ReportContent,
    ReportLine,
    ReportSection,
)
from survey.instrument.addresses import cell_address, item_id_of, option_address, repeat_row_address
from survey.instrument.path import OffPathReason, QuestionnairePath
from survey.instrument.schema import AnswerValue, Item, LocalizedText, Option, Section, TableColumn, TableRow
from survey.instrument.values import format_value

WORDING: dict[str, LocalizedText] = {
    "unanswered": LocalizedText("ยังไม่ตอบ", "Not answered"),
    "optional": LocalizedText("ไม่ได้ตอบ (ไม่บังคับ)", "Not answered (optional)"),
    "off": LocalizedText("ข้ามตามเงื่อนไข", "Skipped by a condition"),
    "closed": LocalizedText("ไม่ต้องตอบ", "Not asked"),
    "skip": LocalizedText("เพราะข้อ {code} ตอบว่า “{option}”", "because {code} was answered “{option}”"),
    "when": LocalizedText(
        "เพราะคำตอบของข้อ {code} ไม่ตรงเงื่อนไขของข้อนี้", "because the answer to {code} does not ask for it"
    ),
    "option": LocalizedText("ถามเมื่อเลือก “{option}”", "asked when “{option}” is picked"),
    "no_rows": LocalizedText("ยังไม่มีรายการ", "no rows yet"),
    "entry": LocalizedText("รายการที่ {n}", "Row {n}"),
    "rows": LocalizedText("{n} รายการ", "{n} rows"),
    "unsure": LocalizedText("ผู้ตอบขอให้ตรวจอีกครั้ง", "The respondent asks for another look"),
}


def build_content(
    path: QuestionnairePath, evidence: EvidenceByAddress, notes: Mapping[str, str] | None = None, language: str = "th"
) -> ReportContent:
    """The content of a response. `evidence`: by place; `notes`: question → note, where it is marked unsure."""
    instrument = path.instrument
    walk = _LineBuilder(path, evidence, notes or {}, language)
    names = {p.number: p.name.to(language) for p in instrument.pillars}
    return ReportContent(
        title=instrument.title.to(language),
        year=instrument.year,
        pages=tuple(_section(walk, section, names) for section in instrument.sections),
        pillars=names,
    )


def _section(walk: _LineBuilder, section: Section, names: Mapping[str, str]) -> ReportSection:
    number = section.pillar or ""
    return ReportSection(
        id=section.id,
        code=section.sub_pillar or "",
        title=section.title.to(walk.language),
        number=number,
        pillar=names.get(number, ""),
        lines=tuple(walk.item(item, _TOP_LEVEL) for item in section.items),
    )


@dataclass(frozen=True, slots=True)
class _LineContext:
    """Where in the answers a line stands: the prefix of its repeat row, its depth, and whether it is asked."""

    prefix: str | None = ""
    depth: int = 0
    state: LineState = "answered"
    why: str = ""

    def deeper(self, prefix: str | None = None) -> _LineContext:
        return _LineContext(self.prefix if prefix is None else prefix, self.depth + 1, self.state, self.why)

    def shut(self, state: LineState, why: str) -> _LineContext:
        """Inside something that is not asked; what is shut already stays shut for the first reason."""
        return self if self.state != "answered" else _LineContext(self.prefix, self.depth, state, why)

    def nowhere(self) -> _LineContext:
        return _LineContext(None, self.depth, self.state, self.why)


_TOP_LEVEL = _LineContext()


class _LineBuilder:
    """One walk over the instrument with the path beside it."""

    def __init__(
        self, path: QuestionnairePath, evidence: EvidenceByAddress, notes: Mapping[str, str], language: str
    ) -> None:
        self.path = path
        self.evidence = evidence
        self.notes = notes
        self.language = language

    def say(self, key: str, **words: str) -> str:
        return WORDING[key].to(self.language).format(**words)

    def item(self, item: Item, around: _LineContext) -> ReportLine:
        """The line of an item with everything below it."""
        around = self._asked(item, around)
        if item.kind == "group":
            return self._line(item, around, "group", "heading", children=tuple(self._below(item, around)))
        if item.kind == "table":
            return self._table(item, around)
        if item.kind == "repeat":
            return self._repeat(item, around)
        return self._field(item, around)

    def _line(
        self, item: Item, around: _LineContext, kind: LineKind, state: LineState, text: str = "", **more: Any
    ) -> ReportLine:
        shut = around.state != "answered"
        question = item.question == item.id
        return ReportLine(
            kind=kind,
            item=item.id,
            address="" if around.prefix is None else around.prefix + item.id,
            code=item.code or "",
            label=item.ask.to(self.language),
            depth=around.depth,
            state=around.state if shut else state,
            text=self.say(around.state) if shut else text,
            why=around.why,
            required=item.required,
            note=self.notes.get(item.id, "") if question else "",
            question=question,
            type=item.kind,
            **more,
        )

    # -- is it asked? ------------------------------------------------------------------------------

    def _asked(self, item: Item, around: _LineContext) -> _LineContext:
        if around.state != "answered" or around.prefix is None or self._is_open(item, around.prefix):
            return around
        return around.shut("off", self._reason(item))

    def _is_open(self, item: Item, prefix: str) -> bool:
        if item.when is None and item.id not in self.path.instrument.skips:
            return True
        if item.id not in self.path.on_items:
            return False
        if not prefix or item.id not in self.path.off:
            return True
        address = prefix + item.id
        below = (address, *(prefix + i.id for i in item.descendants()))
        cells = (cell_address(address, key, c.key) for key, _ in item.answer_rows for c in item.columns)
        return any(a in self.path.fields for a in (*below, *cells))

    def _reason(self, item: Item) -> str:
        items = self.path.instrument.items
        off = self.path.off.get(item.id, OffPathReason(item.id))
        if off.skip:
            source = items[off.skip.source]
            option = source.by_key[off.skip.option].label.to(self.language)
            return self.say("skip", code=self._name(source), option=option)
        addresses = item.when.addresses() if item.when else ()
        codes = dict.fromkeys(self._name(items[item_id_of(a)]) for a in addresses)
        return self.say("when", code=", ".join(codes))

    def _name(self, item: Item) -> str:
        return item.code or item.ask.to(self.language)

    # -- the kinds of item -------------------------------------------------------------------------

    def _below(self, item: Item, around: _LineContext) -> list[ReportLine]:
        return [self.item(child, around.deeper()) for child in item.items]

    def _field(self, item: Item, around: _LineContext) -> ReportLine:
        address = None if around.prefix is None else around.prefix + item.id
        value = self._value(address, around)
        state, text = self._answer(item, value, item.required)
        return self._line(
            item,
            around,
            "field",
            state,
            text,
            value=value,
            picked=self._picked(item, value),
            slots=self._slots(address, item.options) if value else (),
            children=(*self._opened(item, value, around), *self._below(item, around)),
        )

    def _opened(self, owner: Item, value: AnswerValue | None, around: _LineContext) -> Iterator[ReportLine]:
        """The items below options, those of options that are not picked as "closed"."""
        keys = value if isinstance(value, list) else [value]
        for option in owner.options:
            inside = around.deeper()
            if option.key not in keys:
                inside = inside.shut("closed", self.say("option", option=option.label.to(self.language)))
            yield from (self.item(child, inside) for child in option.then)

    def _repeat(self, item: Item, around: _LineContext) -> ReportLine:
        address = None if around.prefix is None else around.prefix + item.id
        value = self._value(address, around)
        rows = value[: item.max_rows] if isinstance(value, list) else []
        text = self.say("rows", n=str(len(rows)))
        state: LineState = "answered"
        if not rows:
            state, text = "unanswered", self._empty(item.required and bool(item.min_rows))
            below = around.deeper().shut("closed", self.say("no_rows")).nowhere()
            children = [self.item(child, below) for child in item.items]
        else:
            children = [self._entry(item, f"{address}", row, n, around) for n, row in enumerate(rows, 1)]
        return self._line(item, around, "repeat", state, text, value=value, children=tuple(children))

    def _entry(self, item: Item, address: str, row: str, number: int, around: _LineContext) -> ReportLine:
        here = repeat_row_address(address, row)
        inside = around.deeper().deeper(here + "/")
        return ReportLine(
            kind="entry",
            item=item.id,
            address=here,
            code="",
            label=self.say("entry", n=str(number)),
            depth=around.depth + 1,
            state="heading",
            slots=self._slots(here, ()),
            children=tuple(self.item(child, inside) for child in item.items),
        )

    def _table(self, item: Item, around: _LineContext) -> ReportLine:
        rows = [self._row(item, row, around) for row in item.rows]
        return self._line(item, around, "table", "heading", children=(*rows, *self._below(item, around)))

    def _row(self, item: Item, row: TableRow, around: _LineContext) -> ReportLine:
        table = "" if around.prefix is None else around.prefix + item.id
        children: list[ReportLine] = []
        if row.key is not None:
            for column in item.columns:
                address = cell_address(table, row.key, column.key) if table else None
                children.append(self._cell(item, column, address, around))
            children += self._row_opens(item, row, children, around)
        return ReportLine(
            kind="heading" if row.key is None else "row",
            item=item.id,
            address=f"{table}/{row.key}" if row.key is not None and table else "",
            code="",
            label=row.label.to(self.language),
            depth=around.depth + 1,
            state="heading",
            children=tuple(children),
        )

    def _row_opens(
        self, table: Item, row: TableRow, cells: Sequence[ReportLine], around: _LineContext
    ) -> Iterator[ReportLine]:
        values = {c.address.rsplit("/", 1)[-1]: c.value for c in cells}
        columns = {c.key: c for c in table.columns}
        for place, items in row.then.items():
            key, _, option = place.partition("=")
            given = values.get(key)
            inside = around.deeper().deeper()
            if option not in (given if isinstance(given, list) else [given]):
                label = columns[key].by_key[option].label.to(self.language)
                inside = inside.shut("closed", self.say("option", option=label))
            yield from (self.item(child, inside) for child in items)

    def _cell(self, item: Item, column: TableColumn, address: str | None, around: _LineContext) -> ReportLine:
        value = self._value(address, around)
        state, text = self._answer(column, value, item.required and column.required)
        if around.state == "answered" and address not in self.path.fields:
            around = around.shut("closed", self._column_when(item, column))
        shut = around.state != "answered"
        return ReportLine(
            kind="cell",
            item=item.id,
            address=address or "",
            code="",
            label=column.label.to(self.language),
            depth=around.depth + 2,
            state=around.state if shut else state,
            text=self.say(around.state) if shut else text,
            picked=() if shut else self._picked(column, value),
            value=value,
            why=around.why,
            required=item.required and column.required,
            slots=self._slots(address, column.options) if value else (),
            type=column.kind,
        )

    def _column_when(self, item: Item, column: TableColumn) -> str:
        key, _, option = (column.when or "").partition("=")
        source = next((c for c in item.columns if c.key == key), None)
        if source is None or option not in source.by_key:
            return ""
        return self.say("option", option=source.by_key[option].label.to(self.language))

    # -- values and evidence -----------------------------------------------------------------------

    def _value(self, address: str | None, around: _LineContext) -> AnswerValue | None:
        if address is None or around.state != "answered":
            return None
        return self.path.values.get(address)

    def _empty(self, required: bool) -> str:
        return self.say("unanswered" if required else "optional")

    def _answer(self, owner: Item | TableColumn, value: AnswerValue | None, required: bool) -> tuple[LineState, str]:
        if value is None:
            return "unanswered", self._empty(required)
        if owner.kind == "month_year" and isinstance(value, str):
            return "answered", format_month(int(value[:4]), int(value[5:]), self.language)
        text = format_value(owner, value, self.language)
        unit = owner.unit.to(self.language) if isinstance(owner, Item) and owner.unit else ""
        return "answered", f"{text} {unit}".strip()

    def _picked(self, owner: Item | TableColumn, value: AnswerValue | None) -> tuple[str, ...]:
        if owner.kind != "multi" or not isinstance(value, list):
            return ()
        return tuple(owner.by_key[k].label.to(self.language) if k in owner.by_key else k for k in value)

    def _slots(self, address: str | None, options: Sequence[Option]) -> tuple[PlaceEvidence, ...]:
        """The open evidence places of a field: its own, then those of its picked options."""
        places = [(address, "")] if address else []
        places += [(option_address(address, o.key), o.label.to(self.language)) for o in options if address]
        return tuple(
            PlaceEvidence(a, label, tuple(self.evidence.get(a, ())), self._by_url(a))
            for a, label in places
            if a in self.path.places
        )

    def _by_url(self, address: str) -> bool:
        url = self.path.places[address].url
        return url is not None and url in self.path.values
