"""Made-up answers to a form: follows the path question by question and answers what is open. PURE."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from random import Random
from typing import Any

from demo.content.candidates import CANDIDATE_MAKERS, CandidateSource
from demo.content.phrases import Phrases, SampleSetting
from survey.instrument.addresses import item_id_of
from survey.instrument.cleaners import clean_value
from survey.instrument.path import OpenField, QuestionnairePath, resolve_path
from survey.instrument.schema import AnswerValue, CompiledInstrument
from survey.instrument.values import drop_empty_rows

OPTIONAL_CHANCE = 0.5  # how often a field that may stay empty is answered
SHARE_JITTER = 0.15  # how far the share wanders from question to question
HALF_DONE_GAPS = 0.5  # how often a field of a half-done question stays empty
FieldCounts = tuple[int, int]  # required open fields, and those of them that are answered
NUMERIC_KINDS = ("number", "repeat")


def sample_values(
    instrument: CompiledInstrument,
    seed: int | str,
    share: float = 1.0,
    *,
    only: Collection[str] | None = None,
    given: Mapping[str, AnswerValue] | None = None,
    setting: SampleSetting | None = None,
) -> dict[str, AnswerValue]:
    """Made-up values of a response, flat, on the path, the same for the same seed.

    About `share` of the open required fields are answered; with 1.0 all of them, and no check contradicts.
    `only`: the questions to answer (an agency's part). `given`: existing answers, which stay.
    """
    sampler = _Sampler(instrument, Random(seed), given or {}, setting or SampleSetting())
    asked = answered = 0
    for question in instrument.questions:
        if only is not None and question.id not in only:
            continue
        candidates = sampler.candidates(question.id, share)
        jitter = sampler.rng.uniform(-SHARE_JITTER, SHARE_JITTER) if 0 < share < 1 else 0.0
        target = min(1.0, max(0.0, share + jitter))
        nearest = min(
            candidates,
            key=lambda candidate: abs((answered + candidate[1][1]) / max(1, asked + candidate[1][0]) - target),
        )
        sampler.values, (asked_here, answered_here) = nearest
        asked, answered = asked + asked_here, answered + answered_here
    return dict(resolve_path(instrument, drop_empty_rows(sampler.values, instrument.items)).values)


def values_by_question(
    instrument: CompiledInstrument, values: Mapping[str, AnswerValue]
) -> dict[str, dict[str, AnswerValue]]:
    """The values by the question whose answer row holds them, in document order."""
    by_question: dict[str, dict[str, AnswerValue]] = {q.id: {} for q in instrument.questions}
    for address, value in values.items():
        item = instrument.items[item_id_of(address)]
        by_question[item.question or item.id][address] = value
    return {question: card for question, card in by_question.items() if card}


class _Sampler:
    """The answers made up so far, and the search for the next one."""

    def __init__(
        self, instrument: CompiledInstrument, rng: Random, given: Mapping[str, AnswerValue], setting: SampleSetting
    ) -> None:
        self.instrument = instrument
        self.rng = rng
        self.values: dict[str, AnswerValue] = dict(given)
        self.phrases = Phrases(rng, setting)
        self.paths: list[tuple[dict[str, AnswerValue], QuestionnairePath]] = []  # the last few looked at
        self.path_items = _steering_items(instrument)
        self.checks = instrument.checks_by_address

    def open_fields(self, question: str) -> list[OpenField]:
        """The open fields of a question, in document order."""
        return [f for f in self.path().fields.values() if f.question == question]

    def path(self) -> QuestionnairePath:
        """The path of the values as they are. Two out of three times they were looked at just before."""
        known = next((path for values, path in self.paths if values == self.values), None)
        path = known or resolve_path(self.instrument, self.values)
        if known is None:
            self.paths = [*self.paths[-3:], (dict(self.values), path)]
        return path

    def progress(self, question: str) -> FieldCounts:
        """Required open fields of a question, and those answered."""
        required = [f.address for f in self.open_fields(question) if f.required]
        return len(required), sum(a in self.values for a in required)

    def candidates(self, question: str, share: float) -> list[tuple[dict[str, AnswerValue], FieldCounts]]:
        """The values with this question answered, half done, and not answered; only the first for a whole form."""
        before = self.values
        candidates = []
        for gaps in (0.0,) if share >= 1 else ((1 - share) / 4, HALF_DONE_GAPS, 1.0):
            self.values = dict(before)
            if gaps < 1:
                self.answer(question, gaps)
            candidates.append((self.values, self.progress(question)))
        self.values = before
        return candidates

    def answer(self, question: str, gaps: float) -> None:
        """Answers a question; a required field stays empty with the chance `gaps`."""
        seen: set[str] = set(self.values)
        while waiting := [f for f in self.open_fields(question) if f.address not in seen]:
            for field in waiting:
                seen.add(field.address)
                if self.rng.random() < (1 - gaps if field.required else OPTIONAL_CHANCE):
                    self.fill(field)
                    if self.changes_path(field):  # the path may have changed: look again
                        break

    def changes_path(self, field: OpenField) -> bool:
        """Whether an answer here can open or close other fields."""
        kind = field.column.kind if field.column else field.item.kind
        return kind in ("single", "multi", "repeat") or field.item.id in self.path_items

    def fill(self, field: OpenField) -> None:
        """Takes the first candidate that contradicts nothing; where there is none the field stays empty."""
        owner = field.column or field.item
        source = CandidateSource(
            self.rng, self.phrases, self.instrument.period, self.compared_numbers(field, owner.kind)
        )
        for raw in CANDIDATE_MAKERS[owner.kind](owner, source):
            value = clean_value(owner, raw)
            if value and self.passes_checks(field.address, value):
                self.values[field.address] = value
                return

    def passes_checks(self, address: str, value: AnswerValue) -> bool:
        """Whether every check that reads this answer would hold."""
        trial = {**self.values, address: value} if address in self.checks else self.values
        return all(c.condition.evaluate(trial.get) is not False for c in self.checks.get(address, ()))

    def compared_numbers(self, field: OpenField, kind: str) -> list[Decimal]:
        """The numbers that checks compare this answer with."""
        if kind not in NUMERIC_KINDS:
            return []
        numbers: list[Decimal] = []
        for check in self.checks.get(field.address, ()):
            numbers += _constants(check.condition.tree)
            others = (self.values.get(a) for a in check.condition.addresses() if a != field.address)
            numbers += [
                n for value in others if value for n in _constants(len(value) if isinstance(value, list) else value)
            ]
        return numbers


def _steering_items(instrument: CompiledInstrument) -> frozenset[str]:
    """The items whose answers conditions and skips read."""
    read = {s.source for skips in instrument.skips.values() for s in skips}
    for item in instrument.items.values():
        read |= {item_id_of(a) for a in (item.when.addresses() if item.when else ())}
    return frozenset(read)


def _constants(tree: Any) -> Iterator[Decimal]:
    """The numbers in a rule's tree."""
    if isinstance(tree, dict):
        for key, body in tree.items():
            if key not in ("answer", "count"):
                yield from _constants(body)
    elif isinstance(tree, list):
        for part in tree:
            yield from _constants(part)
    else:
        try:
            yield Decimal(str(tree))
        except InvalidOperation:
            return
