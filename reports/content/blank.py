"""The form as it is printed for handwriting: titles, options to tick, tables and room to write. PURE."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from survey.instrument.schema import CompiledInstrument, Item, Option, Section, TableColumn, TableRow

LineKind = Literal["question", "title", "field", "option", "table", "entry"]
COPIES: Final = 3  # of a repeat, unless the form asks for more
WRITE_LINES: Final = {"text": 2}
SHORT_KINDS: Final = frozenset({"number", "month_year"})
MAX_DEPTH: Final = 6


@dataclass(frozen=True, slots=True)
class BlankCell:
    """A cell of a table: options to tick, or room to write."""

    options: tuple[str, ...]
    single: bool


@dataclass(frozen=True, slots=True)
class BlankRow:
    """A row of a table, or a heading between rows (without cells), and what its answers open."""

    label: str
    cells: tuple[BlankCell, ...]
    evidence: bool = False
    below: tuple[BlankLine, ...] = ()


@dataclass(frozen=True, slots=True)
class BlankLine:
    """A line: a title, a field with room, an option to tick, a table, an entry of a repeat.

    `single`: only one option may be ticked; `number`: of an option, as it is typed in later; `goes_to`: the code of
    the question that follows this option.
    """

    kind: LineKind
    code: str
    label: str
    depth: int
    help: str = ""
    unit: str = ""
    room: int = 0
    short: bool = False
    single: bool = True
    evidence: bool = False
    goes_to: str = ""
    number: int = 0
    columns: tuple[str, ...] = ()
    rows: tuple[BlankRow, ...] = ()


@dataclass(frozen=True, slots=True)
class BlankSection:
    """A section with its lines. `pillar`: the name of the pillar that begins with it, else ""."""

    pillar_number: str
    pillar: str
    code: str
    title: str
    definitions: tuple[str, ...]
    lines: tuple[BlankLine, ...]


def blank_sections(
    instrument: CompiledInstrument, language: str, only: Collection[str] | None = None
) -> tuple[BlankSection, ...]:
    """The sections in the order of the form. `only`: the ids of the items that are asked, all without it."""
    names = {pillar.number: pillar.name.to(language) for pillar in instrument.pillars}
    builder = _Lines(instrument, language, only)
    sections: list[BlankSection] = []
    printed: set[str] = set()
    for section in instrument.sections:
        lines = tuple(line for item in section.items for line in builder.item(item, 0))
        if not lines:
            continue
        pillar = section.pillar or ""
        starts = not sections or sections[-1].pillar_number != pillar
        new = [d for d in section.definitions if d.key not in printed]
        printed |= {d.key for d in new}
        sections.append(
            BlankSection(
                pillar,
                names.get(pillar, "") if starts else "",
                section.sub_pillar or "",
                _title(section, language),
                tuple(d.text.to(language) for d in new),
                lines,
            )
        )
    return tuple(sections)


def _title(section: Section, language: str) -> str:
    return section.title.to(language)


class _Lines:
    """Makes the lines of one form."""

    def __init__(self, instrument: CompiledInstrument, language: str, only: Collection[str] | None) -> None:
        self.instrument = instrument
        self.language = language
        self.only = only

    def item(self, item: Item, depth: int) -> Iterator[BlankLine]:
        """An item and all below it."""
        if item.own or not self._is_asked(item):
            return
        depth = min(depth, MAX_DEPTH)
        if item.kind == "table":
            yield self._table(item, depth)
            yield from self._inner(item, depth)
        elif item.kind in ("single", "multi"):
            yield self._titled(item, depth)
            for number, option in enumerate((o for o in item.options if not o.own), 1):
                yield from self._option(item, option, depth, number)
            yield from self._inner(item, depth)
        elif item.kind in ("group", "repeat"):
            yield self._titled(item, depth)
            copies = max(item.min_rows or 1, min(item.max_rows or COPIES, COPIES)) if item.kind == "repeat" else 1
            for number in range(1, copies + 1):
                if item.kind == "repeat":
                    yield BlankLine("entry", "", "", depth + 1, number=number)
                yield from self._inner(item, depth)
        else:
            # What a long text explains has room for two lines; a name or an address needs one.
            room = WRITE_LINES.get(item.kind, 1) if item.opened_by and not item.repeat else 1
            yield self._titled(item, depth, room=room, short=item.kind in SHORT_KINDS)
            yield from self._inner(item, depth)

    def _inner(self, item: Item, depth: int) -> Iterator[BlankLine]:
        for inner in item.items:
            yield from self.item(inner, depth + 1)

    def _is_asked(self, item: Item) -> bool:
        only = self.only
        return only is None or item.id in only or any(below.id in only for below in item.descendants())

    def _titled(self, item: Item, depth: int, *, room: int = 0, short: bool = False) -> BlankLine:
        kind: LineKind = "question" if item.question == item.id else "field" if room else "title"
        return BlankLine(
            kind,
            item.code or "",
            item.ask.to(self.language),
            depth,
            help=item.help.to(self.language),
            unit=item.unit.to(self.language),
            room=room,
            short=short,
            single=item.kind == "single",
            evidence=item.evidence != "none",
        )

    def _option(self, item: Item, option: Option, depth: int, number: int) -> Iterator[BlankLine]:
        goes_to = self.instrument.items.get(option.skip_to or "")
        yield BlankLine(
            "option",
            "",
            option.title.to(self.language),
            depth + 1,
            help=option.help.to(self.language),
            single=item.kind == "single",
            evidence=option.evidence != "none",
            goes_to=(goes_to.code or "") if goes_to else "",
            number=number,
        )
        for inner in option.then:
            yield from self.item(inner, depth + 2)

    def _table(self, item: Item, depth: int) -> BlankLine:
        return BlankLine(
            "table",
            item.code or "",
            item.ask.to(self.language),
            depth,
            help=item.help.to(self.language),
            columns=tuple(column.label.to(self.language) for column in item.columns),
            rows=tuple(self._row(item, row, depth) for row in item.rows),
        )

    def _row(self, item: Item, row: TableRow, depth: int) -> BlankRow:
        label = row.label.to(self.language)
        if row.key is None:
            return BlankRow(label, ())
        opened = {inner.id: inner for items in row.then.values() for inner in items}
        below = tuple(line for inner in opened.values() for line in self.item(inner, 1))
        evidence = any(_asks_evidence(column) for column in item.columns)
        return BlankRow(label, tuple(self._cell(column) for column in item.columns), evidence, below)

    def _cell(self, column: TableColumn) -> BlankCell:
        return BlankCell(tuple(o.label.to(self.language) for o in column.options), column.kind == "single")


def _asks_evidence(column: TableColumn) -> bool:
    return column.evidence != "none" or any(option.evidence != "none" for option in column.options)
