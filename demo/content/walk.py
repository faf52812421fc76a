"""Walks the path question by question and answers what is open there. PURE."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from random import Random
from typing import Any

from demo.content.kinds import MAKERS, Draw
from demo.content.scene import Phrases, Scene
from survey.instrument.address import item_id
from survey.instrument.path import Field, Path, resolve
from survey.instrument.schema import Check, Instrument, Value
from survey.instrument.values import clean, tidy

OPTIONAL = 0.5  # how often a field that may stay empty is answered
JITTER = 0.15  # how far the share wanders from question to question
HALF = 0.5  # how often a field of a half-done question stays empty
Counts = tuple[int, int]  # required open fields, and those of them that are answered
NUMBERED = ("number", "repeat")


def sample_values(
    instrument: Instrument,
    seed: int | str,
    share: float = 1.0,
    *,
    only: Collection[str] | None = None,
    given: Mapping[str, Value] | None = None,
    scene: Scene | None = None,
) -> dict[str, Value]:
    """Made-up values of a response, flat, on the path, the same for the same seed.

    About `share` of the open required fields are answered; with 1.0 all of them, and no check contradicts.
    `only`: the questions to answer (an agency's part). `given`: answers that stand already and stay.
    """
    sampler = _Sampler(instrument, Random(seed), given or {}, scene or Scene())
    asked = answered = 0
    for question in instrument.questions:
        if only is not None and question.id not in only:
            continue
        ways = sampler.ways(question.id, share)
        target = min(1.0, max(0.0, share + sampler.rng.uniform(-JITTER, JITTER))) if share < 1 else 1.0
        nearest = min(ways, key=lambda way: abs((answered + way[1][1]) / max(1, asked + way[1][0]) - target))
        sampler.values, (here, given_here) = nearest
        asked, answered = asked + here, answered + given_here
    return dict(resolve(instrument, tidy(sampler.values)).values)


def cards(instrument: Instrument, values: Mapping[str, Value]) -> dict[str, dict[str, Value]]:
    """The values by the question whose answer row holds them, in document order."""
    out: dict[str, dict[str, Value]] = {q.id: {} for q in instrument.questions}
    for address, value in values.items():
        item = instrument.items[item_id(address)]
        out[item.question or item.id][address] = value
    return {question: card for question, card in out.items() if card}


class _Sampler:
    """The answers so far, and how the next one is found."""

    def __init__(self, instrument: Instrument, rng: Random, given: Mapping[str, Value], scene: Scene) -> None:
        self.instrument = instrument
        self.rng = rng
        self.values: dict[str, Value] = dict(given)
        self.phrases = Phrases(rng, scene)
        self.steering = _steering(instrument)
        self.checks: dict[str, list[Check]] = {}
        for check in instrument.checks:
            for address in check.rule.addresses():
                self.checks.setdefault(address, []).append(check)

    def open(self, question: str) -> list[Field]:
        """The open fields of a question, in document order."""
        path: Path = resolve(self.instrument, self.values)
        return [f for f in path.fields.values() if f.question == question]

    def progress(self, question: str) -> Counts:
        """Required open fields of a question, and those answered."""
        required = [f.address for f in self.open(question) if f.required]
        return len(required), sum(a in self.values for a in required)

    def ways(self, question: str, share: float) -> list[tuple[dict[str, Value], Counts]]:
        """The values with this question answered, half done, and left alone; the first alone for a whole form."""
        before = self.values
        out = []
        for gaps in (0.0,) if share >= 1 else ((1 - share) / 4, HALF, 1.0):
            self.values = dict(before)
            if gaps < 1:
                self.answer(question, gaps)
            out.append((self.values, self.progress(question)))
        self.values = before
        return out

    def answer(self, question: str, gaps: float) -> None:
        """Answers a question; a required field stays empty with the chance `gaps`."""
        seen: set[str] = set(self.values)
        while waiting := [f for f in self.open(question) if f.address not in seen]:
            for field in waiting:
                seen.add(field.address)
                if self.rng.random() < (1 - gaps if field.required else OPTIONAL):
                    self.fill(field)
                    if self.steers(field):  # the path may have changed: look again
                        break

    def steers(self, field: Field) -> bool:
        """Whether an answer here can open or close other fields."""
        kind = field.column.kind if field.column else field.item.kind
        return kind in ("single", "multi", "repeat") or field.item.id in self.steering

    def fill(self, field: Field) -> None:
        """Takes the first candidate that contradicts nothing; where there is none the field stays empty."""
        owner = field.column or field.item
        draw = Draw(self.rng, self.phrases, self.instrument.period, self.near(field, owner.kind))
        for raw in MAKERS[owner.kind](owner, draw):
            value = clean(owner, raw)
            if value and self.agrees(field.address, value):
                self.values[field.address] = value
                return

    def agrees(self, address: str, value: Value) -> bool:
        """Whether every check that reads this answer would hold."""
        trial = {**self.values, address: value} if address in self.checks else self.values
        return all(c.rule.decided(trial.get) is not False for c in self.checks.get(address, ()))

    def near(self, field: Field, kind: str) -> list[Decimal]:
        """The numbers that checks compare this answer with."""
        if kind not in NUMBERED:
            return []
        out: list[Decimal] = []
        for check in self.checks.get(field.address, ()):
            out += _constants(check.rule.tree)
            others = (self.values.get(a) for a in check.rule.addresses() if a != field.address)
            out += [
                n for value in others if value for n in _constants(len(value) if isinstance(value, list) else value)
            ]
        return out


def _steering(instrument: Instrument) -> frozenset[str]:
    """The items whose answers conditions and skips read."""
    read = {s.source for skips in instrument.skips.values() for s in skips}
    for item in instrument.items.values():
        read |= {item_id(a) for a in (item.when.addresses() if item.when else ())}
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
