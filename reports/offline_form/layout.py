"""The lines of an offline form, in the order of the form: headings, fields, options to tick, blocks of rows. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dgready.localized_text import LocalizedText
from reports.offline_form import texts
from survey.instrument.addresses import cell_address, new_row_id, option_address, repeat_row_address
from survey.instrument.conditions import Condition
from survey.instrument.schema import AnswerValue, CompiledInstrument, Item, Option, SkipRule, TableColumn, TableRow

FREE_SLOTS = 5  # empty rows offered in a repeat without a maximum
DATA_ROW = 3  # first row below the heads of a sheet


@dataclass(frozen=True, slots=True)
class Opener:
    """One thing that must hold for a line to be asked: another line is, an option is picked or not, a condition."""

    line: str = ""
    field: str = ""
    option: str = ""
    skips: bool = False
    condition: Condition | None = None
    prefixes: Sequence[str] = ("",)


@dataclass(slots=True, eq=False)
class FormLine:
    """A line of a sheet. `id`: of the row, hidden; `field`: the address that its answer cell belongs to, if any.

    `key`: the name under which other lines refer to whether this one is asked.
    """

    sheet: int
    row: int
    code: str
    label: str
    depth: int = 0
    hint: str = ""
    id: str = ""
    field: str = ""
    owner: Item | TableColumn | None = None
    option: str = ""
    required: bool = False
    takes_files: bool = False
    heading: bool = False
    key: str = ""
    openers: Sequence[Opener] = ()


@dataclass(slots=True)
class FormLayout:
    """All lines, the titles of the sheets, and the rows that the slots of each repeat take up (sheet, first, last)."""

    titles: list[str] = field(default_factory=list)
    lines: list[FormLine] = field(default_factory=list)
    slots: dict[str, list[tuple[int, int, int]]] = field(default_factory=dict)


def lay_out_form(
    instrument: CompiledInstrument,
    asked: Mapping[str, Iterable[str]],
    values: Mapping[str, AnswerValue],
    language: str,
) -> FormLayout:
    """The lines for the items that are asked (ids by question), with a slot for each row of `values` and free ones."""
    builder = _Builder(instrument, {item for items in asked.values() for item in items}, values, language)
    for section in instrument.sections:
        items = [item for item in section.items if builder.is_shown(item)]
        if items:
            builder.begin_section(section.pillar, section.title)
            for item in items:
                builder.visit(item, [""], (), 0)
    return builder.layout


class _Builder:
    """State of one pass over the form."""

    def __init__(
        self, instrument: CompiledInstrument, asked: set[str], values: Mapping[str, AnswerValue], language: str
    ) -> None:
        self.instrument, self.asked, self.values, self.language = instrument, asked, values, language
        self.layout = FormLayout()
        self.pillar: str | None = ""
        self.row = DATA_ROW

    def is_shown(self, item: Item) -> bool:
        """Whether the item or anything below it is asked."""
        return item.id in self.asked or any(i.id in self.asked for i in item.descendants())

    def begin_section(self, pillar: str | None, title: LocalizedText) -> None:
        """A section's title, on a sheet of its own for each pillar."""
        if pillar != self.pillar:
            named = next((p for p in self.instrument.pillars if p.number == pillar), None)
            name = f"{named.number} {named.name.to(self.language)}" if named else title.to(self.language)
            self.layout.titles.append(name)
            self.pillar, self.row = pillar, DATA_ROW
        self.add(FormLine(0, 0, "", title.to(self.language), heading=True))

    def add(self, line: FormLine) -> FormLine:
        """Puts a line on the present sheet."""
        line.sheet, line.row = len(self.layout.titles) - 1, self.row
        self.row += 1
        self.layout.lines.append(line)
        return line

    def visit(self, item: Item, prefixes: Sequence[str], openers: Sequence[Opener], depth: int) -> None:
        """An item with all below it; nothing where none of it is asked."""
        if not self.is_shown(item):
            return
        address = prefixes[-1] + item.id
        rules = [Opener(field=skip.source, option=skip.option, skips=True) for skip in self.skips(item)]
        rules += [Opener(condition=item.when, prefixes=tuple(prefixes))] if item.when else []
        head = FormLine(0, 0, item.code or "", self.question_text(item), depth, key=address, openers=(*openers, *rules))
        here = (Opener(line=address),)
        if item.id not in self.asked or item.kind == "group":
            head.heading = True
            self.add(head)
            self.children(item, item.children, prefixes, here, depth)
        elif item.kind == "repeat":
            self.repeat(head, item, prefixes, here)
        elif item.kind == "table":
            self.add(head)
            self.table(item, address, prefixes, depth)
            self.children(item, item.items, prefixes, here, depth)
        else:
            self.leaf(head, address, item, item, prefixes, item.required)
            self.children(item, item.items, prefixes, here, depth)

    def skips(self, item: Item) -> Sequence[SkipRule]:
        """The skip rules of an item."""
        return self.instrument.skips.get(item.id, ())

    def children(
        self, item: Item, some: Iterable[Item], prefixes: Sequence[str], openers: Sequence[Opener], depth: int
    ) -> None:
        """Items below one."""
        for child in some:
            self.visit(child, prefixes, openers, depth + 1)

    def leaf(
        self,
        head: FormLine,
        address: str,
        owner: Item | TableColumn,
        item: Item,
        prefixes: Sequence[str],
        required: bool,
    ) -> None:
        """A field: one cell, or a line to tick for each option; below it what its options open."""
        head.field, head.owner, head.required = address, owner, required
        head.hint = texts.hint_of(owner).to(self.language)
        self.add(head)
        if owner.kind != "multi":
            head.id = address
            head.takes_files = owner.evidence != "none" or any(o.evidence != "none" for o in owner.options)
        for option in owner.options:
            picked = Opener(line=head.key), Opener(field=address, option=option.key)
            if owner.kind == "multi":
                self.tick(head, address, owner, option)
            for child in option.then:
                self.visit(child, prefixes, picked, head.depth + 1)

    def tick(self, head: FormLine, address: str, owner: Item | TableColumn, option: Option) -> None:
        line = FormLine(
            0, 0, "", option.title.to(self.language), head.depth + 1, key=option_address(address, option.key)
        )
        line.id, line.field, line.owner, line.option = line.key, address, owner, option.key
        line.takes_files = option.evidence != "none" or owner.evidence != "none"
        line.openers = (Opener(line=head.key),)
        self.add(line)

    def table(self, item: Item, address: str, prefixes: Sequence[str], depth: int) -> None:
        """The rows of a table; a row with a single column is one line."""
        for row in item.rows:
            if row.key is None:
                self.add(FormLine(0, 0, "", row.label.to(self.language), depth + 1, heading=True))
                continue
            row_key = f"{address}/{row.key}"
            single = len(item.columns) == 1
            if not single:
                self.add(
                    FormLine(
                        0, 0, "", row.label.to(self.language), depth + 1, key=row_key, openers=(Opener(line=address),)
                    )
                )
            for column in item.columns:
                self.cell(item, row, column, address, prefixes, depth + (1 if single else 2), single=single)
            for children in row.then.items():
                self.opened(children, address, row.key, prefixes, depth)

    def opened(
        self,
        children: tuple[str, tuple[Item, ...]],
        address: str,
        row: str,
        prefixes: Sequence[str],
        depth: int,
    ) -> None:
        """What a choice in a table row opens."""
        column, _equals, option = children[0].partition("=")
        picked = Opener(line=address), Opener(field=cell_address(address, row, column), option=option)
        for child in children[1]:
            self.visit(child, prefixes, picked, depth + 2)

    def cell(
        self,
        item: Item,
        row: TableRow,
        column: TableColumn,
        address: str,
        prefixes: Sequence[str],
        depth: int,
        *,
        single: bool,
    ) -> None:
        key = cell_address(address, row.key or "", column.key)
        openers = [Opener(line=address)]
        if column.when:
            other, _equals, option = column.when.partition("=")
            openers.append(Opener(field=cell_address(address, row.key or "", other), option=option))
        label = row.label if single else column.label
        head = FormLine(0, 0, "", label.to(self.language), depth, key=key, openers=tuple(openers))
        self.leaf(head, key, column, item, prefixes, item.required and row.required and column.required)

    def repeat(self, head: FormLine, item: Item, prefixes: Sequence[str], here: Sequence[Opener]) -> None:
        """A block for each row that there is, and free ones."""
        address = head.key
        head.hint = texts.rows_hint(item).to(self.language)
        head.required = bool(item.min_rows) and item.required
        self.add(head)
        given = self.values.get(address)
        rows = list(given) if isinstance(given, list) else []
        most = item.max_rows if item.max_rows is not None else len(rows) + FREE_SLOTS
        while len(rows) < most:
            rows.append(new_row_id(rows))
        for number, row_id in enumerate(rows, start=1):
            first, row_address = self.row, repeat_row_address(address, row_id)
            label = texts.SLOT.filled(n=number).to(self.language)
            line = FormLine(0, 0, "", label, head.depth + 1, id=row_address, key=row_address, openers=here)
            line.takes_files, line.heading = item.evidence != "none", True
            self.add(line)
            self.children(item, item.items, (*prefixes, row_address + "/"), here, head.depth + 1)
            self.layout.slots.setdefault(address, []).append((line.sheet, first, self.row - 1))

    def question_text(self, item: Item) -> str:
        """The wording with its unit and the help below it."""
        ask = item.ask.to(self.language)
        unit = item.unit.to(self.language)
        asked = f"{ask} ({unit})" if unit else ask
        return "\n".join(filter(None, (asked, item.help.to(self.language))))
