"""The path: which fields are open, which evidence they ask for, and why others are off. One forward pass. PURE.

Fields and places never change once made; they are not frozen because that makes making them slow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from survey.instrument.addresses import cell_address, option_address, repeat_row_address
from survey.instrument.schema import AnswerValue, CompiledInstrument, Item, SkipRule, TableColumn

EvidenceNeed = Literal["required", "or_url"]


@dataclass(slots=True, eq=False)
class OpenField:
    """An open field: a control that can be answered now."""

    address: str
    item: Item
    column: TableColumn | None = None
    required: bool = True

    @property
    def question(self) -> str:
        """The question whose answer row holds it."""
        return self.item.question or self.item.id


@dataclass(slots=True, eq=False)
class EvidencePlace:
    """An open evidence place. With `need` "or_url" the answer at `url` may stand for the file."""

    address: str
    item: Item
    need: EvidenceNeed = "required"
    url: str | None = None

    @property
    def question(self) -> str:
        """The question it belongs to."""
        return self.item.question or self.item.id


@dataclass(frozen=True, slots=True)
class OffPathReason:
    """Why an item is off the path: a "go to" of an earlier answer, or its own condition."""

    item: str
    skip: SkipRule | None = None


@dataclass(slots=True, eq=False)
class QuestionnairePath:
    """What is open, given the answers. Values off the path are left out of `values`."""

    instrument: CompiledInstrument
    fields: dict[str, OpenField] = field(default_factory=dict)
    places: dict[str, EvidencePlace] = field(default_factory=dict)
    values: dict[str, AnswerValue] = field(default_factory=dict)
    off: dict[str, OffPathReason] = field(default_factory=dict)
    on_items: set[str] = field(default_factory=set)

    def missing(self) -> list[OpenField]:
        """Open required fields without an answer, in document order."""
        return [f for f in self.fields.values() if f.required and f.address not in self.values]


def resolve_path(instrument: CompiledInstrument, values: Mapping[str, AnswerValue]) -> QuestionnairePath:
    """One forward pass over the form. `values` is the whole response, flat."""
    walk = _PathResolver(instrument, values)
    for section in instrument.sections:
        for item in section.items:
            walk.visit(item, "")
    return walk.path


class _PathResolver:
    """The state of one pass: a rule may read only what has been passed, on the path."""

    __slots__ = ("instrument", "path", "prefixes", "values")

    def __init__(self, instrument: CompiledInstrument, values: Mapping[str, AnswerValue]) -> None:
        self.instrument = instrument
        self.values = values
        self.path = QuestionnairePath(instrument)
        self.prefixes: list[str] = [""]

    def lookup(self, address: str) -> AnswerValue | None:
        given = self.path.values
        for prefix in reversed(self.prefixes):
            if (value := given.get(prefix + address)) is not None:
                return value
        return None

    def visit(self, item: Item, prefix: str) -> None:
        path = self.path
        if skips := self.instrument.skips.get(item.id):
            for skip in skips:
                if path.values.get(skip.source) == skip.option:
                    path.off[item.id] = OffPathReason(item.id, skip)
                    return
        if item.when is not None and not item.when.holds(self.lookup):
            path.off[item.id] = OffPathReason(item.id)
            return
        path.on_items.add(item.id)
        kind = item.kind
        address = prefix + item.id
        if kind == "repeat":
            self.repeat(item, address)
        elif kind == "table":
            self.table(item, address, prefix)
        elif kind != "group":
            self.leaf(item, address, prefix)
        if kind != "repeat":
            for child in item.items:
                self.visit(child, prefix)

    def leaf(self, item: Item, address: str, prefix: str) -> None:
        path = self.path
        path.fields[address] = OpenField(address, item, None, item.required)
        value = self.values.get(address)
        if item.evidence == "required" and value:
            path.places[address] = EvidencePlace(address, item)
        if not value:
            return
        path.values[address] = value
        if item.options:
            for key in value if isinstance(value, list) else (value,):
                option = item.by_key.get(key)
                if option is None:
                    continue
                if option.evidence != "none":
                    url = prefix + item.or_url[key] if option.evidence == "or_url" else None
                    place = option_address(address, key)
                    need: EvidenceNeed = "or_url" if url else "required"
                    path.places[place] = EvidencePlace(place, item, need, url)
                for child in option.then:
                    self.visit(child, prefix)

    def repeat(self, item: Item, address: str) -> None:
        path = self.path
        ids = self.values.get(address)
        rows: Sequence[str] = ids if isinstance(ids, list) else ()
        path.fields[address] = OpenField(address, item, None, item.required and bool(item.min_rows))
        if rows:
            path.values[address] = list(rows)
        for row_id in rows[: item.max_rows]:
            here = repeat_row_address(address, row_id)
            if item.evidence == "required":
                path.places[here] = EvidencePlace(here, item)
            self.prefixes.append(here + "/")
            for child in item.items:
                self.visit(child, here + "/")
            self.prefixes.pop()

    def table(self, item: Item, address: str, prefix: str) -> None:
        path, values = self.path, self.values
        for key, row in item.answer_rows:
            for column in item.columns:
                here = cell_address(address, key, column.key)
                if column.when and not self.cell_open(address, key, column.when):
                    continue
                path.fields[here] = OpenField(here, item, column, item.required and column.required)
                value = values.get(here)
                if not value:
                    continue
                path.values[here] = value
                if column.evidence == "required":
                    path.places[here] = EvidencePlace(here, item)
                for option in value if isinstance(value, list) else (value,):
                    known = column.by_key.get(option) if column.options else None
                    if known and known.evidence != "none":
                        place = option_address(here, option)
                        path.places[place] = EvidencePlace(place, item)
                    for child in row.then.get(f"{column.key}={option}", ()) if row.then else ():
                        self.visit(child, prefix)

    def cell_open(self, address: str, row: str, when: str) -> bool:
        column, _, option = when.partition("=")
        value = self.path.values.get(cell_address(address, row, column))
        return option in value if isinstance(value, list) else value == option
