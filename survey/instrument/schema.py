"""Frozen types of an instrument: what a year's paper form says, as data (design, walls 2–4). PURE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

from dgready.localized_text import LocalizedText as LocalizedText
from survey.instrument.conditions import Condition

ItemKind = Literal["single", "multi", "text", "number", "url", "month_year", "table", "repeat", "group"]
EvidenceRequirement = Literal["none", "required", "or_url", "each"]
AnswerValue = str | list[str]
AnswerValues = Mapping[str, AnswerValue]


@dataclass(frozen=True, slots=True, eq=False)
class Option:
    """One answer option; `then` opens when it is picked, `skip_to` hides everything up to that item."""

    key: str
    label: LocalizedText
    help: LocalizedText = LocalizedText()
    evidence: EvidenceRequirement = "none"
    then: tuple[Item, ...] = ()
    skip_to: str | None = None
    exclusive: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class TableRow:
    """A table row, or a heading between rows (then it has no key). `then` maps "column=option" to items."""

    key: str | None
    label: LocalizedText
    help: LocalizedText = LocalizedText()
    then: Mapping[str, tuple[Item, ...]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class TableColumn:
    """A table column. `when` ("column=option") shows the cell only for rows with that earlier answer."""

    key: str
    label: LocalizedText
    kind: ItemKind
    options: tuple[Option, ...] = ()
    evidence: EvidenceRequirement = "none"
    required: bool = True
    when: str | None = None

    @cached_property
    def by_key(self) -> dict[str, Option]:
        """Options by key."""
        return {o.key: o for o in self.options}


@dataclass(frozen=True, eq=False)
class Item:
    """One item of the form. Its place in the tree is told by `parent` and `opened_by`."""

    id: str
    code: str | None
    kind: ItemKind
    ask: LocalizedText
    help: LocalizedText
    section: str
    pillar: str | None
    sub_pillar: str | None
    parent: str | None
    opened_by: str | None
    question: str | None
    repeat: str | None
    required: bool
    scored: bool
    evidence: EvidenceRequirement
    order: int
    options: tuple[Option, ...] = ()
    rows: tuple[TableRow, ...] = ()
    columns: tuple[TableColumn, ...] = ()
    items: tuple[Item, ...] = ()
    min_rows: int | None = None
    max_rows: int | None = None
    minimum: str | None = None
    maximum: str | None = None
    integer: bool = True
    unit: LocalizedText = LocalizedText()
    format: str | None = None
    when: Condition | None = None

    @cached_property
    def by_key(self) -> dict[str, Option]:
        """Options by key."""
        return {o.key: o for o in self.options}

    @cached_property
    def answer_rows(self) -> tuple[tuple[str, TableRow], ...]:
        """The table rows that are answered, with their keys (headings left out)."""
        return tuple((r.key, r) for r in self.rows if r.key is not None)

    @cached_property
    def children(self) -> tuple[Item, ...]:
        """Every item directly below this one, in document order."""
        opened = [i for o in self.options for i in o.then]
        opened += [i for r in self.rows for some in r.then.values() for i in some]
        return tuple(sorted([*opened, *self.items], key=lambda i: i.order))

    def descendants(self) -> Iterator[Item]:
        """Every item below this one, in document order."""
        for child in self.children:
            yield child
            yield from child.descendants()

    def card(self) -> Iterator[Item]:
        """This question and the items stored in the same answer."""
        yield self
        yield from (i for i in self.descendants() if i.question == self.id)

    @cached_property
    def or_url(self) -> dict[str, str]:
        """For each option where a URL may stand for the file: the id of the URL item it opens."""
        return {o.key: next(i.id for i in o.then if i.kind == "url") for o in self.options if o.evidence == "or_url"}


@dataclass(frozen=True, slots=True)
class SkipRule:
    """ "Go to" of the paper: picking `option` of `source` hides the item that carries this skip."""

    source: str
    option: str


@dataclass(frozen=True, slots=True)
class SubPillar:
    """A sub-pillar, or (with `parent`) a part of one."""

    code: str
    pillar: str
    name: LocalizedText
    about: LocalizedText = LocalizedText()
    parent: str | None = None
    external: bool = False


@dataclass(frozen=True, slots=True)
class Pillar:
    """A pillar with its sub-pillars and their parts, in order."""

    number: str
    name: LocalizedText
    scored: bool
    sub_pillars: tuple[SubPillar, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """One page of the form."""

    id: str
    title: LocalizedText
    help: LocalizedText
    pillar: str | None
    sub_pillar: str | None
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class ConsistencyCheck:
    """A contradiction to report: `rule` must hold whenever all its answers are given."""

    id: str
    at: str
    rule: Condition
    say: LocalizedText


@dataclass(frozen=True, eq=False)
class CompiledInstrument:
    """A whole year, frozen. Items are in document order."""

    key: str
    year: int
    version: int
    title: LocalizedText
    period: tuple[date, date]
    pillars: tuple[Pillar, ...]
    sections: tuple[Section, ...]
    items: Mapping[str, Item]
    skips: Mapping[str, tuple[SkipRule, ...]]
    checks: tuple[ConsistencyCheck, ...]

    @cached_property
    def questions(self) -> tuple[Item, ...]:
        """The items that own an answer row (a card), in document order."""
        return tuple(i for i in self.items.values() if i.question == i.id)

    @cached_property
    def by_section(self) -> dict[str, Section]:
        """Sections by id."""
        return {s.id: s for s in self.sections}

    @cached_property
    def sub_pillars(self) -> dict[str, SubPillar]:
        """Sub-pillars and their parts by code."""
        return {s.code: s for p in self.pillars for s in p.sub_pillars}

    def questions_of(self, section: str) -> tuple[Item, ...]:
        """The questions on one page."""
        return tuple(q for q in self.questions if q.section == section)


def item_json(item: Item, instrument: CompiledInstrument) -> dict[str, Any]:
    """One item in the published JSON shape (issue 2, §3)."""
    return {
        "id": item.id,
        "code": item.code,
        "pillar": item.pillar,
        "sub_pillar": item.sub_pillar,
        "parent": item.parent,
        "kind": item.kind,
        "label": item.ask.json(),
        "help": item.help.json() if item.help else None,
        "required": item.required,
        "scored": item.scored,
        "evidence": _evidence_json(item.evidence),
        "min_rows": item.min_rows,
        "max_rows": item.max_rows,
        "options": [_option_json(o) for o in item.options],
        "rows": list(_rows_json(item)),
        "columns": [_column_json(c) for c in item.columns],
        "opened_by": item.opened_by,
        "shown_if": _shown_if(item, instrument),
    }


def _option_json(option: Option) -> dict[str, Any]:
    return {
        "key": option.key,
        "label": option.label.json(),
        "evidence": _evidence_json(option.evidence),
        "opens": [i.id for i in option.then],
        "skip_to": option.skip_to,
    }


def _evidence_json(evidence: EvidenceRequirement) -> str | None:
    return None if evidence == "none" else evidence


def _rows_json(item: Item) -> Iterator[dict[str, Any]]:
    """The answered rows, each with the heading it stands under."""
    heading: dict[str, str] | None = None
    for row in item.rows:
        if row.key is None:
            heading = row.label.json()
            continue
        opens = {place: [i.id for i in items] for place, items in row.then.items()}
        yield {"key": row.key, "label": row.label.json(), "heading": heading, "opens": opens}


def _column_json(column: TableColumn) -> dict[str, Any]:
    return {
        "key": column.key,
        "label": column.label.json(),
        "kind": column.kind,
        "evidence": _evidence_json(column.evidence),
        "required": column.required,
        "shown_if": column.when,
        "options": [_option_json(o) for o in column.options],
    }


def _shown_if(item: Item, instrument: CompiledInstrument) -> Any:
    parts = [{"not": {"in": [{"answer": s.source}, [s.option]]}} for s in instrument.skips.get(item.id, ())]
    if item.when:
        parts.append(item.when.tree)
    return None if not parts else parts[0] if len(parts) == 1 else {"all": parts}


def instrument_json(instrument: CompiledInstrument) -> dict[str, Any]:
    """The published JSON of an instrument (issue 2, §3)."""
    return {
        "key": instrument.key,
        "year": instrument.year,
        "version": instrument.version,
        "period": {"from": instrument.period[0].isoformat(), "to": instrument.period[1].isoformat()},
        "pillars": [
            {"number": p.number, "name": p.name.json(), "sub_pillars": [s.code for s in p.sub_pillars]}
            for p in instrument.pillars
        ],
        "items": [item_json(i, instrument) for i in instrument.items.values()],
    }
