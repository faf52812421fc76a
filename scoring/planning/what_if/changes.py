"""Changes of answers, evidence and external scores in a scratch copy: scored, never stored as answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from scoring.engine.facts import ResponseFacts
from survey.instrument.addresses import ADDRESS_PATTERN
from survey.instrument.path import resolve_path
from survey.instrument.schema import AnswerValue, CompiledInstrument

MAX_ENTRIES = 2000  # entries of one kind in a stored scenario


@dataclass(frozen=True, slots=True)
class ScenarioChanges:
    """Answers set (None: taken away), evidence marked and unmarked, scores from outside (None: taken away)."""

    values: Mapping[str, AnswerValue | None] = field(default_factory=dict)
    marked: frozenset[str] = frozenset()
    unmarked: frozenset[str] = frozenset()
    externals: Mapping[str, Decimal | None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.values or self.marked or self.unmarked or self.externals)

    def json(self) -> dict[str, Any]:
        """As a scenario or an action stores them."""
        return {
            "values": dict(self.values),
            "marked": sorted(self.marked),
            "unmarked": sorted(self.unmarked),
            "externals": {k: None if v is None else f"{v:f}" for k, v in self.externals.items()},
        }


def parse_changes(data: Mapping[str, Any]) -> ScenarioChanges:
    """The changes as stored. Raises ValueError for what is not of that shape."""
    try:
        values = {str(k): _parse_value(v) for k, v in dict(data.get("values", {})).items()}
        marked, unmarked = (frozenset(map(str, data.get(k, ()))) for k in ("marked", "unmarked"))
        externals = {str(k): None if v is None else Decimal(v) for k, v in dict(data.get("externals", {})).items()}
    except (TypeError, InvalidOperation) as error:
        raise ValueError("not a set of changes") from error
    if max(map(len, (values, marked, unmarked, externals))) > MAX_ENTRIES:
        raise ValueError("too many changes")
    if not all(ADDRESS_PATTERN.match(a) for a in (*values, *marked, *unmarked)):
        raise ValueError("not an address")
    return ScenarioChanges(values, marked, unmarked, externals)


def _parse_value(value: Any) -> AnswerValue | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return value
    raise TypeError("an answer is a text, a list of texts or nothing")


def merge_changes(change_sets: Iterable[ScenarioChanges]) -> ScenarioChanges:
    """Several changes as one. Picks and rows of one field are joined, other answers of one field: the last."""
    values: dict[str, AnswerValue | None] = {}
    marked: frozenset[str] = frozenset()
    unmarked: frozenset[str] = frozenset()
    externals: dict[str, Decimal | None] = {}
    for change_set in change_sets:
        for address, value in change_set.values.items():
            earlier_value = values.get(address)
            if isinstance(earlier_value, list) and isinstance(value, list):
                value = [*earlier_value, *(v for v in value if v not in earlier_value)]
            values[address] = value
        marked, unmarked = marked | change_set.marked, unmarked | change_set.unmarked
        externals.update(change_set.externals)
    return ScenarioChanges(values, marked, unmarked, externals)


def apply_to_answers(values: Mapping[str, AnswerValue], changes: ScenarioChanges) -> dict[str, AnswerValue]:
    """The stored answers with the changes applied."""
    answers = {a: v for a, v in values.items() if changes.values.get(a, v) is not None}
    answers.update({a: v for a, v in changes.values.items() if v is not None})
    return answers


def apply_changes(
    instrument: CompiledInstrument, values: Mapping[str, AnswerValue], facts: ResponseFacts, changes: ScenarioChanges
) -> ResponseFacts:
    """The facts with the changes applied. `values`: every stored answer, on the path or not."""
    path = resolve_path(instrument, apply_to_answers(values, changes)) if changes.values else facts.path
    externals = {k: v for k, v in {**facts.externals, **changes.externals}.items() if v is not None}
    marked = (facts.marked | changes.marked) - changes.unmarked
    return ResponseFacts(path, marked, externals, facts.estimates, facts.held)
