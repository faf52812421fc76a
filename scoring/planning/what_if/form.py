"""The scratch form: a switch for every answer that can count, choices, numbers and external scores. PURE.

Names of its fields: on=ANSWER ADDRESS, c:CRITERION=OPTION, n:ADDRESS=NUMBER, m:REPEAT=NEW ROWS, x:SUB-PILLAR=SCORE.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scoring.engine.facts import ResponseFacts
from scoring.engine.sheet import CriterionScore, ScoreSheet
from scoring.engine.trace import MeasureTrace
from scoring.planning.what_if.changes import ScenarioChanges
from scoring.planning.what_if.controls import (
    MAX_NEW_ROWS,
    CriterionControls,
    FormControl,
    ScratchInput,
    is_repeat,
    list_number_addresses,
    list_row_ids,
)
from scoring.planning.what_if.input_changes import InputReader
from scoring.scheme.lookup import InstrumentLookup
from scoring.scheme.types import Criterion, ScoringScheme
from survey.instrument.addresses import item_id_of
from survey.instrument.schema import AnswerValue, CompiledInstrument


class ScratchForm:
    """The form of one response: its controls for a score, and the changes that its input amounts to."""

    def __init__(
        self,
        instrument: CompiledInstrument,
        scheme: ScoringScheme,
        values: Mapping[str, AnswerValue],
        facts: ResponseFacts,
        sheet: ScoreSheet,
    ) -> None:
        self.instrument = instrument
        self.criteria = {c.id: c for c in scheme.criteria}
        self.values = values
        self.facts = facts
        self.sheet = sheet
        self.lookup = InstrumentLookup(instrument)

    def read_facts(self, facts: ResponseFacts, sheet: ScoreSheet) -> ScratchInput:
        """The input that the form shows for other facts of the same response, such as a saved scenario's."""
        counted_addresses = frozenset(x.answer_address or x.address for c in sheet.criteria for x in c.counted)
        texts: dict[str, str] = {}
        for sub in self.sheet.sub_pillars:
            for criterion in sub.walk():
                scheme = self.criteria[criterion.id]
                if scheme.choice:
                    value = facts.path.values.get(scheme.choice)
                    texts[f"c:{criterion.id}"] = value if isinstance(value, str) else ""
                elif scheme.external:
                    external_score = facts.externals.get(sub.code)
                    texts[f"x:{sub.code}"] = "" if external_score is None else f"{external_score:f}"
                for address in list_number_addresses(scheme.measure):
                    value = facts.path.values.get(address)
                    texts[f"n:{address}"] = value if isinstance(value, str) else ""
                for repeat in self._repeats(criterion.trace):
                    current_rows, stored_rows = (list_row_ids(v, repeat) for v in (facts.path.values, self.values))
                    texts[f"m:{repeat}"] = str(max(len(current_rows) - len(stored_rows), 0))
        return ScratchInput(counted_addresses, texts)

    def changes(self, scratch_input: ScratchInput) -> ScenarioChanges:
        """The changes that the input amounts to. Raises NumberRefused."""
        reader = InputReader(self.instrument, self.criteria, self.values, self.facts, self.sheet)
        return reader.changes(scratch_input)

    def show_criterion(self, criterion: CriterionScore, code: str, scratch_input: ScratchInput) -> CriterionControls:
        """A criterion's controls, showing what is given."""
        scheme = self.criteria[criterion.id]
        if scheme.choice:
            item, column, _row = self.lookup.find_field(scheme.choice)
            options = tuple((o.key, o.label) for o in (column or item).options)
            return CriterionControls(
                criterion.id, criterion.name, (), options, scratch_input.texts.get(f"c:{criterion.id}", "")
            )
        if scheme.external:
            name = f"x:{code}"
            return CriterionControls(
                criterion.id,
                criterion.name,
                (FormControl("score", name, "", criterion.name, scratch_input.texts.get(name, "")),),
            )
        return CriterionControls(criterion.id, criterion.name, tuple(self._controls(scheme, criterion, scratch_input)))

    def _controls(
        self, scheme: Criterion, criterion: CriterionScore, scratch_input: ScratchInput
    ) -> Iterator[FormControl]:
        for address in list_number_addresses(scheme.measure):
            name = f"n:{address}"
            ask = self.instrument.items[item_id_of(address)].ask
            yield FormControl("number", name, "", ask, scratch_input.texts.get(name, ""))
        shown_addresses: set[str] = set()
        for leaf in criterion.trace.walk():
            answer_address = leaf.answer_address or leaf.address
            if answer_address in shown_addresses or answer_address in list_number_addresses(scheme.measure):
                continue
            shown_addresses.add(answer_address)
            if is_repeat(self.instrument, leaf):
                item = self.instrument.items[item_id_of(answer_address)]
                if item.repeat and "#" not in answer_address:
                    continue
                new_rows = min(
                    MAX_NEW_ROWS, (item.max_rows or MAX_NEW_ROWS) - len(list_row_ids(self.values, answer_address))
                )
                yield FormControl(
                    "more",
                    f"m:{answer_address}",
                    "",
                    item.ask,
                    scratch_input.texts.get(f"m:{answer_address}", "0"),
                    new_rows,
                )
                continue
            yield FormControl(
                "switch", "on", answer_address, leaf.label, "on" if answer_address in scratch_input.switched_on else ""
            )

    def _repeats(self, trace: MeasureTrace) -> list[str]:
        return [x.answer_address or x.address for x in trace.walk() if is_repeat(self.instrument, x)]
