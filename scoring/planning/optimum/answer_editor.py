"""Changing a draft of answers so that an item is answered, and on the path. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scoring.engine.facts import PLAIN_KINDS, ResponseFacts
from scoring.scheme.measure_types import OptionCount
from survey.instrument.addresses import item_id_of, option_address
from survey.instrument.schema import AnswerValue, CompiledInstrument, Item, Option, TableColumn

SAMPLE_ANSWERS = {"number": "1", "url": "https://www.example.org", "text": "…"}


@dataclass(slots=True)
class AnswerDraft:
    """Answers being changed; `gates`: earlier answers that had to be given anew on the way, as answer addresses."""

    values: dict[str, AnswerValue | None] = field(default_factory=dict)
    gates: set[str] = field(default_factory=set)


class AnswerEditor:
    """Changes drafts of one response. `values`: every stored answer; `facts`: its path and evidence now."""

    def __init__(self, instrument: CompiledInstrument, values: Mapping[str, AnswerValue], facts: ResponseFacts) -> None:
        self.instrument = instrument
        self.items = instrument.items
        self.values = values
        self.facts = facts
        year, month = instrument.period[1].year, instrument.period[1].month
        self.month = f"{year:04d}-{month:02d}"

    def picked_values(self, draft: AnswerDraft, address: str) -> list[str]:
        value = draft.values[address] if address in draft.values else self.values.get(address)
        return list(value) if isinstance(value, list) else [value] if value else []

    def give_answer(self, draft: AnswerDraft, answer_address: str) -> None:
        """Gives the answer at an address: an option of a field or cell, a row, or the field itself."""
        address, _, key = answer_address.partition("=")
        item = self.items[item_id_of(address)]
        self.open_item(draft, item)
        if item.kind == "repeat" and "#" in address.rsplit("/", 1)[-1]:
            self.complete_row(draft, item, address)
            return
        owner = self.find_field(item, address)
        if isinstance(owner, TableColumn) and owner.when:
            # The cell opens only after another one of its row.
            column, _, option = owner.when.partition("=")
            beside = f"{address.rsplit('/', 1)[0]}/{column}"
            if option not in self.picked_values(draft, beside):
                draft.gates.add(option_address(beside, option))
                self.pick_option(draft, beside, self.find_field(item, beside), option)
        if key:
            self.pick_option(draft, address, owner, key)
        elif not self.picked_values(draft, address):
            draft.values[address] = self.sample_answer(owner)

    def find_field(self, item: Item, address: str) -> Item | TableColumn:
        """The item of a field, or the column of a cell."""
        if item.kind != "table":
            return item
        return next(c for c in item.columns if c.key == address.rsplit("/", 1)[-1])

    def pick_option(self, draft: AnswerDraft, address: str, owner: Item | TableColumn, key: str) -> None:
        """Picks an option and answers the plain fields it opens."""
        picked = self.picked_values(draft, address)
        if owner.kind == "multi":
            exclusive_keys = {o.key for o in owner.options if o.exclusive}
            if key not in picked or exclusive_keys & set(picked):
                draft.values[address] = [*(k for k in picked if k not in exclusive_keys and k != key), key]
        elif picked != [key]:
            draft.values[address] = key
        prefix = address[: -len(owner.id)] if isinstance(owner, Item) else ""
        for child in self.list_opened_items(address, owner, key):
            if child.kind in PLAIN_KINDS and (child.required or child.evidence == "required"):
                field_address = prefix + child.id
                if not self.picked_values(draft, field_address):
                    draft.values[field_address] = self.sample_answer(child)

    def list_opened_items(self, address: str, owner: Item | TableColumn, key: str) -> tuple[Item, ...]:
        if isinstance(owner, Item):
            option = owner.by_key.get(key)
            return option.then if option else ()
        table, row, column = address.split("/")
        table_row = next((r for k, r in self.items[table].answer_rows if k == row), None)
        return table_row.then.get(f"{column}={key}", ()) if table_row else ()

    def sample_answer(self, owner: Item | TableColumn) -> AnswerValue:
        """A made-up answer of the right kind."""
        if owner.options:
            option = next((o for o in owner.options if not o.exclusive), owner.options[0])
            return [option.key] if owner.kind == "multi" else option.key
        return self.month if owner.kind == "month_year" else SAMPLE_ANSWERS.get(owner.kind, "…")

    def pick_counted_option(self, draft: AnswerDraft, address: str, measure: OptionCount) -> None:
        """Picks the first option a measure counts, inside a row."""
        owner = self.items[item_id_of(address)]
        keys = [o.key for o in owner.options if o.key not in measure.excluded and not o.exclusive]
        counted = [k for k in keys if not measure.included or k in measure.included]
        if counted and not set(counted) & set(self.picked_values(draft, address)):
            self.pick_option(draft, address, owner, counted[0])

    def complete_row(self, draft: AnswerDraft, item: Item, row_address: str, *, everything: bool = False) -> None:
        """Answers the fields of a repeat's row that are required, or all of them."""
        for child in item.items:
            address = f"{row_address}/{child.id}"
            if child.kind in ("repeat", "table", "group") or self.picked_values(draft, address):
                continue
            if not (child.required or everything):
                continue
            sample = self.sample_answer(child)
            if child.options:  # with what the option opens
                self.pick_option(draft, address, child, sample[0] if isinstance(sample, list) else sample)
            else:
                draft.values[address] = sample

    def open_item(self, draft: AnswerDraft, item: Item) -> None:
        """Answers earlier questions so that an item is on the path, as far as that is simple."""
        if item.parent and item.parent in self.items:
            self.open_item(draft, self.items[item.parent])
        if item.opened_by:
            address, _, key = item.opened_by.partition("=")
            if "#" not in address and not self.items[item_id_of(address)].repeat:
                owner = self.find_field(self.items[item_id_of(address)], address)
                if key not in self.picked_values(draft, address):
                    draft.gates.add(option_address(address, key))
                    self.pick_option(draft, address, owner, key)
        for skip in self.instrument.skips.get(item.id, ()):
            if skip.option in self.picked_values(draft, skip.source):
                self._unskip(draft, item, skip.source)
        if item.when is not None:
            self._satisfy(draft, item.when.tree)

    def _unskip(self, draft: AnswerDraft, item: Item, source: str) -> None:
        closing = {s.option for s in self.instrument.skips[item.id] if s.source == source}
        owner = self.items[source]
        open_options = [o for o in owner.options if o.key not in closing]
        if open_options:
            draft.gates.add(option_address(source, _affirmative_option(open_options).key))
            self.pick_option(draft, source, owner, _affirmative_option(open_options).key)

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
            self.open_item(draft, item)
            if not set(keys) & set(self.picked_values(draft, address)):
                draft.gates.add(option_address(address, str(keys[-1])))
                self.pick_option(draft, address, self.find_field(item, address), str(keys[-1]))
        elif op == "answered" and not self.picked_values(draft, body):
            draft.gates.add(body)
            self.give_answer(draft, body)


def _affirmative_option(options: list[Option]) -> Option:
    """The option that most likely means yes: these are last on the form, "none" and "other" do not count."""
    return options[-1]
