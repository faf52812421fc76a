"""From a thing that does not count to the changes of answers and evidence that make it count. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from scoring.engine.facts import PLAIN_KINDS, ResponseFacts
from scoring.engine.sheet import TraceLeaf
from scoring.planning.what_if.changes import ScenarioChanges, apply_to_answers
from scoring.scheme.types import Measure, OptionCount, RepeatRowCount
from survey.instrument.addresses import item_id_of, option_address, repeat_row_address
from survey.instrument.path import resolve_path
from survey.instrument.schema import AnswerValue, CompiledInstrument, Item, Option, TableColumn

SAMPLE_ANSWERS = {"number": "1", "url": "https://www.example.org", "text": "…"}


@dataclass(slots=True)
class AnswerDraft:
    """Answers being changed; `gates`: earlier answers that had to be given anew on the way, as things."""

    values: dict[str, AnswerValue | None] = field(default_factory=dict)
    gates: set[str] = field(default_factory=set)


class ChangeFinder:
    """Finds changes for one response. `values`: every stored answer; `facts`: how it stands."""

    def __init__(self, instrument: CompiledInstrument, values: Mapping[str, AnswerValue], facts: ResponseFacts) -> None:
        self.instrument = instrument
        self.items = instrument.items
        self.values = values
        self.facts = facts
        year, month = instrument.period[1].year, instrument.period[1].month
        self.month = f"{year:04d}-{month:02d}"

    def count(self, leaf: TraceLeaf) -> tuple[ScenarioChanges, frozenset[str]]:
        """Changes that make a leaf count, and the gates they answer anew."""
        draft = AnswerDraft()
        thing = leaf.thing or leaf.address
        # Also where only evidence is missing: the text that carries it may not be written yet.
        self.give(draft, thing)
        return self.finished(draft, thing, leaf.places)

    def option(self, address: str, key: str) -> tuple[ScenarioChanges, frozenset[str]]:
        """Changes that answer a single choice, with the evidence it asks for."""
        draft = AnswerDraft()
        self.give(draft, option_address(address, key))
        return self.finished(draft, option_address(address, key), ())

    def number(self, numbers: Mapping[str, str]) -> tuple[ScenarioChanges, frozenset[str]]:
        """Changes that set numbers."""
        draft = AnswerDraft()
        for address, value in numbers.items():
            self.open(draft, self.items[item_id_of(address)])
            draft.values[address] = value
        return self.finished(draft, next(iter(numbers)), ())

    def row(self, repeat: str, row_id: str, having: Measure | None) -> tuple[ScenarioChanges, frozenset[str]]:
        """Changes that add a complete row to a repeat (or complete it), with what is asked inside it."""
        draft = AnswerDraft()
        item = self.items[item_id_of(repeat)]
        self.open(draft, item)
        rows = self.now(draft, repeat)
        if row_id not in rows:
            draft.values[repeat] = [*rows, row_id]
        here = repeat_row_address(repeat, row_id)
        self.complete(draft, item, here)
        if isinstance(having, OptionCount):
            for address in having.of:
                self.use(draft, f"{here}/{address}", having)
        elif isinstance(having, RepeatRowCount):
            for address in having.of:
                inner = f"{here}/{address}"
                more, _ = self.row_inside(draft, inner, having.having)
                draft.values.update(more)
        return self.finished(draft, here, ())

    def row_inside(
        self, draft: AnswerDraft, repeat: str, having: Measure | None
    ) -> tuple[dict[str, AnswerValue | None], str]:
        """A complete row of a repeat inside a row."""
        rows = self.now(draft, repeat)
        row_id = rows[0] if rows else "r1"
        inner = AnswerDraft({repeat: rows or [row_id]})
        self.complete(
            inner, self.items[item_id_of(repeat)], repeat_row_address(repeat, row_id), everything=having is not None
        )
        return inner.values, row_id

    def now_rows(self, repeat: str) -> list[str]:
        """The rows a repeat has."""
        return self.now(AnswerDraft(), repeat)

    # -- making it so -----------------------------------------------------------------------

    def now(self, draft: AnswerDraft, address: str) -> list[str]:
        value = draft.values[address] if address in draft.values else self.values.get(address)
        return list(value) if isinstance(value, list) else [value] if value else []

    def give(self, draft: AnswerDraft, thing: str) -> None:
        """Answers what a thing stands for: an option of a field or cell, a row, or the field itself."""
        address, _, key = thing.partition("=")
        item = self.items[item_id_of(address)]
        self.open(draft, item)
        if item.kind == "repeat" and "#" in address.rsplit("/", 1)[-1]:
            self.complete(draft, item, address)
            return
        owner = self.owner(item, address)
        if isinstance(owner, TableColumn) and owner.when:
            # The cell opens only after another one of its row.
            column, _, option = owner.when.partition("=")
            beside = f"{address.rsplit('/', 1)[0]}/{column}"
            if option not in self.now(draft, beside):
                draft.gates.add(option_address(beside, option))
                self.choose(draft, beside, self.owner(item, beside), option)
        if key:
            self.choose(draft, address, owner, key)
        elif not self.now(draft, address):
            draft.values[address] = self.sample(owner)

    def owner(self, item: Item, address: str) -> Item | TableColumn:
        """The item of a field, or the column of a cell."""
        if item.kind != "table":
            return item
        return next(c for c in item.columns if c.key == address.rsplit("/", 1)[-1])

    def choose(self, draft: AnswerDraft, address: str, owner: Item | TableColumn, key: str) -> None:
        """Picks an option and answers the plain fields it opens."""
        now = self.now(draft, address)
        if owner.kind == "multi":
            lonely = {o.key for o in owner.options if o.exclusive}
            if key not in now or lonely & set(now):
                draft.values[address] = [*(k for k in now if k not in lonely and k != key), key]
        elif now != [key]:
            draft.values[address] = key
        prefix = address[: -len(owner.id)] if isinstance(owner, Item) else ""
        for child in self.opens(address, owner, key):
            if child.kind in PLAIN_KINDS and (child.required or child.evidence == "required"):
                at = prefix + child.id
                if not self.now(draft, at):
                    draft.values[at] = self.sample(child)

    def opens(self, address: str, owner: Item | TableColumn, key: str) -> tuple[Item, ...]:
        if isinstance(owner, Item):
            option = owner.by_key.get(key)
            return option.then if option else ()
        table, row, column = address.split("/")
        found = next((r for k, r in self.items[table].answer_rows if k == row), None)
        return found.then.get(f"{column}={key}", ()) if found else ()

    def sample(self, owner: Item | TableColumn) -> AnswerValue:
        """A made-up answer of the right kind."""
        if owner.options:
            option = next((o for o in owner.options if not o.exclusive), owner.options[0])
            return [option.key] if owner.kind == "multi" else option.key
        return self.month if owner.kind == "month_year" else SAMPLE_ANSWERS.get(owner.kind, "…")

    def use(self, draft: AnswerDraft, address: str, measure: OptionCount) -> None:
        """Picks the first option a measure counts, inside a row."""
        owner = self.items[item_id_of(address)]
        keys = [o.key for o in owner.options if o.key not in measure.besides and not o.exclusive]
        counted = [k for k in keys if not measure.only or k in measure.only]
        if counted and not set(counted) & set(self.now(draft, address)):
            self.choose(draft, address, owner, counted[0])

    def complete(self, draft: AnswerDraft, item: Item, here: str, *, everything: bool = False) -> None:
        """Answers the fields of a repeat's row that are required, or all of them."""
        for child in item.items:
            address = f"{here}/{child.id}"
            if child.kind in ("repeat", "table", "group") or self.now(draft, address):
                continue
            if child.required or everything:
                draft.values[address] = self.sample(child)

    # -- opening what is closed -------------------------------------------------------------

    def open(self, draft: AnswerDraft, item: Item) -> None:
        """Answers earlier questions so that an item is on the path, as far as that is simple."""
        if item.parent and item.parent in self.items:
            self.open(draft, self.items[item.parent])
        if item.opened_by:
            address, _, key = item.opened_by.partition("=")
            if "#" not in address and not self.items[item_id_of(address)].repeat:
                owner = self.owner(self.items[item_id_of(address)], address)
                if key not in self.now(draft, address):
                    draft.gates.add(option_address(address, key))
                    self.choose(draft, address, owner, key)
        for skip in self.instrument.skips.get(item.id, ()):
            if skip.option in self.now(draft, skip.source):
                self._unskip(draft, item, skip.source)
        if item.when is not None:
            self._satisfy(draft, item.when.tree)

    def _unskip(self, draft: AnswerDraft, item: Item, source: str) -> None:
        closing = {s.option for s in self.instrument.skips[item.id] if s.source == source}
        owner = self.items[source]
        free = [o for o in owner.options if o.key not in closing]
        if free:
            draft.gates.add(option_address(source, _affirmative_option(free).key))
            self.choose(draft, source, owner, _affirmative_option(free).key)

    def _satisfy(self, draft: AnswerDraft, tree: Any) -> None:
        """Makes a simple condition hold; what is not simple is left as it is."""
        (op, body), *_ = tree.items()
        if op == "all":
            for part in body:
                self._satisfy(draft, part)
        elif op == "any":
            self._satisfy(draft, body[0])
        elif op in ("in", "has"):
            address, keys = body[0]["answer"], body[1] if op == "in" else [body[1]]
            item = self.items[item_id_of(address)]
            self.open(draft, item)
            if not set(keys) & set(self.now(draft, address)):
                draft.gates.add(option_address(address, str(keys[-1])))
                self.choose(draft, address, self.owner(item, address), str(keys[-1]))
        elif op == "answered" and not self.now(draft, body):
            draft.gates.add(body)
            self.give(draft, body)

    # -- evidence ---------------------------------------------------------------------------

    def finished(
        self, draft: AnswerDraft, thing: str, places: tuple[str, ...]
    ) -> tuple[ScenarioChanges, frozenset[str]]:
        """The changes with every mark they make necessary; other answers that come back are work of their own."""
        kept = {a: v for a, v in draft.values.items() if v != self.values.get(a)}
        path = (
            resolve_path(self.instrument, apply_to_answers(self.values, ScenarioChanges(kept)))
            if kept
            else self.facts.path
        )
        facts = ResponseFacts(path, self.facts.marked, {})
        address = thing.split("=", 1)[0]
        near = (f"{address}/", f"{address}#", f"{thing}/")
        new = frozenset(self._things(kept))
        asked = {p for p in path.places if p in places or p in (thing, address) or p in new or p.startswith(near)}
        return ScenarioChanges(kept, frozenset(p for p in asked if not facts.met(p))), frozenset(draft.gates)

    def _things(self, kept: Mapping[str, AnswerValue | None]) -> Iterator[str]:
        """What the changed answers newly say: fields, picks and rows."""
        for address, value in kept.items():
            yield address
            old = self.values.get(address)
            if isinstance(value, str):
                yield option_address(address, value)
            for key in value if isinstance(value, list) else ():
                if not isinstance(old, list) or key not in old:
                    yield option_address(address, key)
                    yield repeat_row_address(address, key)


def _affirmative_option(options: list[Option]) -> Option:
    """The option that most likely means yes: these stand last on the form, "none" and "other" do not count."""
    return options[-1]
