"""The questionnaire path: which fields and evidence places are open, and why items are skipped. One pass. PURE.

Fields and places never change once created; they are not frozen dataclasses because those are slow to create.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from survey.instrument.addresses import cell_address, option_address, repeat_row_address
from survey.instrument.schema import AnswerValue, CompiledInstrument, ConsistencyCheck, Item, SkipRule, TableColumn

EvidenceNeed = Literal["required", "or_url"]


@dataclass(slots=True, eq=False)
class OpenField:
    """A field on the path: an input that can be answered now."""

    address: str
    item: Item
    column: TableColumn | None = None
    required: bool = True

    @property
    def question(self) -> str:
        """Id of the question whose answer row holds the field."""
        return self.item.question or self.item.id


@dataclass(slots=True, eq=False)
class EvidencePlace:
    """A place on the path that asks for evidence. With `need` "or_url" the answer at `url` may replace the file."""

    address: str
    item: Item
    need: EvidenceNeed = "required"
    url: str | None = None

    @property
    def question(self) -> str:
        """Id of the question it belongs to."""
        return self.item.question or self.item.id


@dataclass(frozen=True, slots=True)
class OffPathReason:
    """Why an item is off the path: a skip rule of an earlier answer, or (without `skip`) its own condition."""

    item: str
    skip: SkipRule | None = None


@dataclass(slots=True, eq=False)
class QuestionnairePath:
    """The open fields and evidence places for given answers; `values` leaves out answers off the path.

    `off`: skipped items with the reason; `on_items`: ids of the items on the path.
    """

    instrument: CompiledInstrument
    fields: dict[str, OpenField] = field(default_factory=dict)
    places: dict[str, EvidencePlace] = field(default_factory=dict)
    values: dict[str, AnswerValue] = field(default_factory=dict)
    off: dict[str, OffPathReason] = field(default_factory=dict)
    on_items: set[str] = field(default_factory=set)
    _contradicted: frozenset[str] | None = field(default=None, init=False, repr=False)

    @property
    def false_checks(self) -> tuple[ConsistencyCheck, ...]:
        """The checks whose answers are all given and contradict each other. Ask only once the path is whole."""
        return tuple(check for check in self.instrument.checks if check.condition.evaluate(self.values.get) is False)

    @property
    def contradicted(self) -> frozenset[str]:
        """The fields whose answers other answers contradict: what they say is not counted until it is mended."""
        if self._contradicted is None:
            self._contradicted = frozenset(check.address for check in self.false_checks)
        return self._contradicted

    def missing(self) -> list[OpenField]:
        """Required open fields without an answer, in document order."""
        return [field for field in self.fields.values() if field.required and field.address not in self.values]


def resolve_path(instrument: CompiledInstrument, values: Mapping[str, AnswerValue]) -> QuestionnairePath:
    """Compute the path in one forward pass over the form. `values`: all answers of the response by address."""
    resolver = _PathResolver(instrument, values)
    for section in instrument.sections:
        for item in section.items:
            resolver.visit(item, "")
    return resolver.path


def resolve_question(
    path: QuestionnairePath, question: Item, values: Mapping[str, AnswerValue]
) -> dict[str, AnswerValue] | None:
    """Those of a question's values that are on the path, all others being as on `path`; None: it is off the path.

    Conditions look only backwards, so nothing before the question depends on it, and nothing of it on what follows.
    """
    if question.id not in path.on_items:
        return None
    others = path.values.copy()
    for address, open_field in path.fields.items():
        if open_field.question == question.id:
            others.pop(address, None)
    resolver = _PathResolver(path.instrument, values)
    resolver.path.values = others
    resolver.visit(question, "")
    return {address: value for address, value in values.items() if address in others}


class _PathResolver:
    """State of one pass: a condition reads only answers that come before it on the path."""

    __slots__ = ("instrument", "path", "prefixes", "values")

    def __init__(self, instrument: CompiledInstrument, values: Mapping[str, AnswerValue]) -> None:
        self.instrument = instrument
        self.values = values
        self.path = QuestionnairePath(instrument)
        self.prefixes: list[str] = [""]

    def lookup(self, address: str) -> AnswerValue | None:
        """The answer at an address, in the innermost repeat row first."""
        values_on_path = self.path.values
        for prefix in reversed(self.prefixes):
            if (value := values_on_path.get(prefix + address)) is not None:
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
            row_address = repeat_row_address(address, row_id)
            if item.evidence == "required":
                path.places[row_address] = EvidencePlace(row_address, item)
            self.prefixes.append(row_address + "/")
            for child in item.items:
                self.visit(child, row_address + "/")
            self.prefixes.pop()

    def table(self, item: Item, address: str, prefix: str) -> None:
        path, values = self.path, self.values
        for key, row in item.answer_rows:
            for column in item.columns:
                cell = cell_address(address, key, column.key)
                if column.when and not self.cell_open(address, key, column.when):
                    continue
                path.fields[cell] = OpenField(cell, item, column, item.required and row.required and column.required)
                value = values.get(cell)
                if not value:
                    continue
                path.values[cell] = value
                if column.evidence == "required":
                    path.places[cell] = EvidencePlace(cell, item)
                for option in value if isinstance(value, list) else (value,):
                    picked = column.by_key.get(option) if column.options else None
                    if picked and picked.evidence != "none":
                        place = option_address(cell, option)
                        path.places[place] = EvidencePlace(place, item)
                    for child in row.then.get(f"{column.key}={option}", ()) if row.then else ():
                        self.visit(child, prefix)

    def cell_open(self, address: str, row: str, when: str) -> bool:
        column, _, option = when.partition("=")
        value = self.path.values.get(cell_address(address, row, column))
        return option in value if isinstance(value, list) else value == option
