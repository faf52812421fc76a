"""From what was put into the scratch form to changes of answers, evidence and outside scores. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from dgready.typed.numbers import format_number
from scoring.engine.facts import ResponseFacts
from scoring.engine.sheet import CriterionScore, ScoreSheet
from scoring.engine.trace import TraceLeaf
from scoring.planning.optimum.answer_changes import ChangeFinder
from scoring.planning.what_if.changes import ScenarioChanges, merge_changes
from scoring.planning.what_if.controls import (
    MAX_NEW_ROWS,
    ScratchInput,
    find_row_condition,
    is_repeat,
    list_number_addresses,
    list_row_ids,
    parse_number,
    remove_key,
)
from scoring.scheme.lookup import InstrumentLookup
from scoring.scheme.types import Criterion
from survey.instrument.schema import AnswerValue, CompiledInstrument


class InputReader:
    """Reads the input of the scratch form against the current state of the response."""

    def __init__(
        self,
        instrument: CompiledInstrument,
        criteria: Mapping[str, Criterion],
        values: Mapping[str, AnswerValue],
        facts: ResponseFacts,
        sheet: ScoreSheet,
    ) -> None:
        self.instrument = instrument
        self.criteria = criteria
        self.values = values
        self.facts = facts
        self.sheet = sheet
        self.lookup = InstrumentLookup(instrument)

    def changes(self, scratch_input: ScratchInput) -> ScenarioChanges:
        """The changes against the current state of the response. Raises NumberRefused."""
        change_finder = ChangeFinder(self.instrument, self.values, self.facts)
        change_sets: list[ScenarioChanges] = []
        for sub in self.sheet.sub_pillars:
            for criterion in sub.walk():
                scheme = self.criteria[criterion.id]
                if scheme.choice:
                    change_sets += self._choice(change_finder, scheme, scratch_input)
                elif scheme.external:
                    change_sets += self._external(sub.code, scratch_input)
                else:
                    change_sets += self._counting(change_finder, scheme, criterion, scratch_input)
        return merge_changes(change_sets)

    def _choice(
        self, change_finder: ChangeFinder, scheme: Criterion, scratch_input: ScratchInput
    ) -> Iterator[ScenarioChanges]:
        chosen_key = scratch_input.texts.get(f"c:{scheme.id}")
        address = scheme.choice or ""
        current_key = self.facts.path.values.get(address) or ""
        if chosen_key is None or chosen_key == current_key:
            return
        if not chosen_key:
            yield ScenarioChanges({address: None})
            return
        item, column, _row = self.lookup.find_field(address)
        if chosen_key in (column or item).by_key:
            yield change_finder.choose_option(address, chosen_key)[0]

    def _external(self, code: str, scratch_input: ScratchInput) -> Iterator[ScenarioChanges]:
        text = scratch_input.texts.get(f"x:{code}")
        if text is None:
            return
        new_score = None if not text.strip() else parse_number(text, Decimal(100))
        if new_score != self.facts.externals.get(code):
            yield ScenarioChanges(externals={code: new_score})

    def _counting(
        self, change_finder: ChangeFinder, scheme: Criterion, criterion: CriterionScore, scratch_input: ScratchInput
    ) -> Iterator[ScenarioChanges]:
        numbers = list_number_addresses(scheme.measure)
        for address in numbers:
            text = scratch_input.texts.get(f"n:{address}")
            if text is None:
                continue
            value = format_number(parse_number(text)) if text.strip() else None
            if value != (self.facts.path.values.get(address) or None):
                yield change_finder.set_numbers({address: value})[0] if value else ScenarioChanges({address: None})
        for leaf in criterion.trace.walk():
            answer_address = leaf.answer_address or leaf.address
            if answer_address in numbers:
                continue
            if is_repeat(self.instrument, leaf):
                yield from self._more(change_finder, scheme, answer_address, scratch_input)
            elif (answer_address in scratch_input.switched_on) != (leaf.state == "counted"):
                yield self._switched(change_finder, scheme, leaf)

    def _more(
        self, change_finder: ChangeFinder, scheme: Criterion, repeat_address: str, scratch_input: ScratchInput
    ) -> Iterator[ScenarioChanges]:
        text = scratch_input.texts.get(f"m:{repeat_address}", "").strip() or "0"
        row_count = int(parse_number(text, Decimal(MAX_NEW_ROWS), whole=True))
        rows = list_row_ids(self.values, repeat_address)
        new_row_ids = (f"r{n}" for n in range(1, 200) if f"r{n}" not in rows)
        for _at in range(row_count):
            yield change_finder.add_row(
                repeat_address, next(new_row_ids), find_row_condition(scheme.measure, repeat_address)
            )[0]

    def _switched(self, change_finder: ChangeFinder, scheme: Criterion, leaf: TraceLeaf) -> ScenarioChanges:
        answer_address = leaf.answer_address or leaf.address
        if leaf.state != "counted":
            if "#" in answer_address.rsplit("/", 1)[-1]:
                repeat, _, row = answer_address.rpartition("#")
                return change_finder.add_row(repeat, row, find_row_condition(scheme.measure, repeat))[0]
            return change_finder.count_leaf(leaf)[0]
        address, _, key = answer_address.partition("=")
        if "#" in address.rsplit("/", 1)[-1]:
            repeat, _, row = address.rpartition("#")
            return ScenarioChanges({repeat: [r for r in list_row_ids(self.values, repeat) if r != row] or None})
        value = self.values.get(address)
        if key and isinstance(value, list):
            # The field keeps its other picks; evidence is what makes this one count, and so it goes.
            return (
                ScenarioChanges(unmarked=frozenset(leaf.evidence_places))
                if leaf.evidence_places
                else ScenarioChanges({address: remove_key(value, key)})
            )
        return (
            ScenarioChanges(unmarked=frozenset(leaf.evidence_places))
            if leaf.evidence_places
            else ScenarioChanges({address: None})
        )
