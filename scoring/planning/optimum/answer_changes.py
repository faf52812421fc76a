"""Finding the changes of answers and evidence that make an answer count. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scoring.engine.facts import ResponseFacts
from scoring.engine.trace import TraceLeaf
from scoring.planning.optimum.answer_editor import AnswerDraft, AnswerEditor
from scoring.planning.what_if.changes import ScenarioChanges, apply_to_answers
from scoring.scheme.measure_types import Measure, OptionCount, RepeatRowCount
from survey.instrument.addresses import item_id_of, option_address, repeat_row_address
from survey.instrument.path import resolve_path
from survey.instrument.schema import AnswerValue


class ChangeFinder(AnswerEditor):
    """Finds changes for one response. `values`: every stored answer; `facts`: its path and evidence now."""

    def count_leaf(self, leaf: TraceLeaf) -> tuple[ScenarioChanges, frozenset[str]]:
        """Changes that make a leaf count, and the gates they answer anew."""
        draft = AnswerDraft()
        answer_address = leaf.answer_address or leaf.address
        # Also where only evidence is missing: the text that carries it may not be written yet.
        self.give_answer(draft, answer_address)
        return self.build_changes(draft, answer_address, leaf.evidence_places)

    def choose_option(self, address: str, key: str) -> tuple[ScenarioChanges, frozenset[str]]:
        """Changes that answer a single choice, with the evidence it asks for."""
        draft = AnswerDraft()
        self.give_answer(draft, option_address(address, key))
        return self.build_changes(draft, option_address(address, key), ())

    def set_numbers(self, numbers: Mapping[str, str]) -> tuple[ScenarioChanges, frozenset[str]]:
        """Changes that set numbers."""
        draft = AnswerDraft()
        for address, value in numbers.items():
            self.open_item(draft, self.items[item_id_of(address)])
            draft.values[address] = value
        return self.build_changes(draft, next(iter(numbers)), ())

    def add_row(self, repeat: str, row_id: str, having: Measure | None) -> tuple[ScenarioChanges, frozenset[str]]:
        """Changes that add a complete row to a repeat (or complete it), with what is asked inside it."""
        draft = AnswerDraft()
        item = self.items[item_id_of(repeat)]
        self.open_item(draft, item)
        rows = self.picked_values(draft, repeat)
        if row_id not in rows:
            draft.values[repeat] = [*rows, row_id]
        row_address = repeat_row_address(repeat, row_id)
        self.complete_row(draft, item, row_address)
        if isinstance(having, OptionCount):
            for address in having.addresses:
                self.pick_counted_option(draft, f"{row_address}/{address}", having)
        elif isinstance(having, RepeatRowCount):
            for address in having.addresses:
                inner = f"{row_address}/{address}"
                more, _ = self.add_inner_row(draft, inner, having.having)
                draft.values.update(more)
        return self.build_changes(draft, row_address, ())

    def add_inner_row(
        self, draft: AnswerDraft, repeat: str, having: Measure | None
    ) -> tuple[dict[str, AnswerValue | None], str]:
        """A complete row of a repeat inside a row."""
        rows = self.picked_values(draft, repeat)
        row_id = rows[0] if rows else "r1"
        inner = AnswerDraft({repeat: rows or [row_id]})
        self.complete_row(
            inner, self.items[item_id_of(repeat)], repeat_row_address(repeat, row_id), everything=having is not None
        )
        return inner.values, row_id

    def list_rows(self, repeat: str) -> list[str]:
        """The rows a repeat has."""
        return self.picked_values(AnswerDraft(), repeat)

    def build_changes(
        self, draft: AnswerDraft, answer_address: str, places: tuple[str, ...]
    ) -> tuple[ScenarioChanges, frozenset[str]]:
        """Builds the changes with every mark they make necessary; other answers that reappear are work of their own."""
        kept = {a: v for a, v in draft.values.items() if v != self.values.get(a)}
        path = (
            resolve_path(self.instrument, apply_to_answers(self.values, ScenarioChanges(kept)))
            if kept
            else self.facts.path
        )
        facts = ResponseFacts(path, self.facts.marked, {})
        address = answer_address.split("=", 1)[0]
        address_prefixes = (f"{address}/", f"{address}#", f"{answer_address}/")
        new_addresses = frozenset(self._things(kept))
        needed_places = {
            p
            for p in path.places
            if p in places or p in (answer_address, address) or p in new_addresses or p.startswith(address_prefixes)
        }
        return ScenarioChanges(kept, frozenset(p for p in needed_places if not facts.has_evidence(p))), frozenset(
            draft.gates
        )

    def _things(self, kept: Mapping[str, AnswerValue | None]) -> Iterator[str]:
        """The addresses of what is newly answered: fields, picks and rows."""
        for address, value in kept.items():
            yield address
            old = self.values.get(address)
            if isinstance(value, str):
                yield option_address(address, value)
            for key in value if isinstance(value, list) else ():
                if not isinstance(old, list) or key not in old:
                    yield option_address(address, key)
                    yield repeat_row_address(address, key)
