"""The scratch form: every thing that can count as a switch, choices, numbers and outside scores. PURE.

Names of its fields: on=THING, c:CRITERION=OPTION, n:ADDRESS=NUMBER, m:REPEAT=HOW MANY MORE, x:SUB-PILLAR=SCORE.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dgready.typed.numbers import format_number, read_number
from dgready.typed.result import Understood
from scoring.engine.facts import ResponseFacts
from scoring.engine.sheet import CriterionScore, MeasureTrace, ScoreSheet, TraceLeaf
from scoring.planning.optimum.answer_changes import ChangeFinder
from scoring.planning.what_if.changes import ScenarioChanges, merge_changes
from scoring.scheme.lookup import InstrumentLookup
from scoring.scheme.types import CombinedMeasure, Criterion, Measure, NumberValue, Ratio, RepeatRowCount, ScoringScheme
from survey.instrument.addresses import item_id_of
from survey.instrument.schema import AnswerValue, CompiledInstrument, LocalizedText

MAX_NEW_ROWS = 10


class NumberRefused(ValueError):
    """A number in the form is none, or unclear; `reason` says which in words, `typed` is what stood there."""

    def __init__(self, reason: LocalizedText, typed: str) -> None:
        super().__init__(typed)
        self.reason = reason
        self.typed = typed


@dataclass(frozen=True, slots=True)
class FormControl:
    """A control: `kind` switch, number or more; `given` is what it shows (a switch: whether it is on)."""

    kind: str
    name: str
    value: str
    label: LocalizedText
    given: str
    most: int = 0


@dataclass(frozen=True, slots=True)
class CriterionControls:
    """The controls of a criterion. `options`: of a single choice, key and label; `picked`: the one shown."""

    id: str
    name: LocalizedText
    controls: tuple[FormControl, ...] = ()
    options: tuple[tuple[str, LocalizedText], ...] = ()
    picked: str = ""


@dataclass(frozen=True, slots=True)
class ScratchInput:
    """What was put into the form."""

    on: frozenset[str]
    texts: Mapping[str, str]


class ScratchForm:
    """The form of one response: what it shows for a score, and the changes that what was put in amounts to."""

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

    def given_by(self, facts: ResponseFacts, sheet: ScoreSheet) -> ScratchInput:
        """What the form shows for other facts of the same response, such as a saved scenario's."""
        on = frozenset(x.thing or x.address for c in sheet.criteria for x in c.counted)
        texts: dict[str, str] = {}
        for sub in self.sheet.sub_pillars:
            for criterion in sub.walk():
                scheme = self.criteria[criterion.id]
                if scheme.choice:
                    value = facts.path.values.get(scheme.choice)
                    texts[f"c:{criterion.id}"] = value if isinstance(value, str) else ""
                elif scheme.external:
                    found = facts.externals.get(sub.code)
                    texts[f"x:{sub.code}"] = "" if found is None else f"{found:f}"
                for address in _number_addresses(scheme.measure):
                    value = facts.path.values.get(address)
                    texts[f"n:{address}"] = value if isinstance(value, str) else ""
                for repeat in self._repeats(criterion.trace):
                    now, was = (_row_ids(v, repeat) for v in (facts.path.values, self.values))
                    texts[f"m:{repeat}"] = str(max(len(now) - len(was), 0))
        return ScratchInput(on, texts)

    def show(self, criterion: CriterionScore, code: str, given: ScratchInput) -> CriterionControls:
        """A criterion's controls, showing what is given."""
        scheme = self.criteria[criterion.id]
        if scheme.choice:
            item, column, _row = self.lookup.field(scheme.choice)
            options = tuple((o.key, o.label) for o in (column or item).options)
            return CriterionControls(
                criterion.id, criterion.name, (), options, given.texts.get(f"c:{criterion.id}", "")
            )
        if scheme.external:
            name = f"x:{code}"
            return CriterionControls(
                criterion.id,
                criterion.name,
                (FormControl("score", name, "", criterion.name, given.texts.get(name, "")),),
            )
        return CriterionControls(criterion.id, criterion.name, tuple(self._controls(scheme, criterion, given)))

    def _controls(self, scheme: Criterion, criterion: CriterionScore, given: ScratchInput) -> Iterator[FormControl]:
        for address in _number_addresses(scheme.measure):
            name = f"n:{address}"
            ask = self.instrument.items[item_id_of(address)].ask
            yield FormControl("number", name, "", ask, given.texts.get(name, ""))
        seen: set[str] = set()
        for leaf in criterion.trace.walk():
            thing = leaf.thing or leaf.address
            if thing in seen or thing in _number_addresses(scheme.measure):
                continue
            seen.add(thing)
            if self._is_repeat(leaf):
                item = self.instrument.items[item_id_of(thing)]
                if item.repeat and "#" not in thing:
                    continue
                free = min(MAX_NEW_ROWS, (item.max_rows or MAX_NEW_ROWS) - len(_row_ids(self.values, thing)))
                yield FormControl("more", f"m:{thing}", "", item.ask, given.texts.get(f"m:{thing}", "0"), free)
                continue
            yield FormControl("switch", "on", thing, leaf.label, "on" if thing in given.on else "")

    # -- from what was put in to changes ------------------------------------------------------

    def changes(self, given: ScratchInput) -> ScenarioChanges:
        """The changes against how the response stands. Raises NumberRefused."""
        mover = ChangeFinder(self.instrument, self.values, self.facts)
        found: list[ScenarioChanges] = []
        for sub in self.sheet.sub_pillars:
            for criterion in sub.walk():
                scheme = self.criteria[criterion.id]
                if scheme.choice:
                    found += self._choice(mover, scheme, given)
                elif scheme.external:
                    found += self._external(sub.code, given)
                else:
                    found += self._counting(mover, scheme, criterion, given)
        return merge_changes(found)

    def _choice(self, mover: ChangeFinder, scheme: Criterion, given: ScratchInput) -> Iterator[ScenarioChanges]:
        wanted = given.texts.get(f"c:{scheme.id}")
        address = scheme.choice or ""
        now = self.facts.path.values.get(address) or ""
        if wanted is None or wanted == now:
            return
        if not wanted:
            yield ScenarioChanges({address: None})
            return
        item, column, _row = self.lookup.field(address)
        if wanted in (column or item).by_key:
            yield mover.option(address, wanted)[0]

    def _external(self, code: str, given: ScratchInput) -> Iterator[ScenarioChanges]:
        text = given.texts.get(f"x:{code}")
        if text is None:
            return
        wanted = None if not text.strip() else _parse_number(text, Decimal(100))
        if wanted != self.facts.externals.get(code):
            yield ScenarioChanges(externals={code: wanted})

    def _counting(
        self, mover: ChangeFinder, scheme: Criterion, criterion: CriterionScore, given: ScratchInput
    ) -> Iterator[ScenarioChanges]:
        numbers = _number_addresses(scheme.measure)
        for address in numbers:
            text = given.texts.get(f"n:{address}")
            if text is None:
                continue
            value = format_number(_parse_number(text)) if text.strip() else None
            if value != (self.facts.path.values.get(address) or None):
                yield mover.number({address: value})[0] if value else ScenarioChanges({address: None})
        for leaf in criterion.trace.walk():
            thing = leaf.thing or leaf.address
            if thing in numbers:
                continue
            if self._is_repeat(leaf):
                yield from self._more(mover, scheme, thing, given)
            elif (thing in given.on) != (leaf.state == "counted"):
                yield self._switched(mover, scheme, leaf)

    def _more(
        self, mover: ChangeFinder, scheme: Criterion, thing: str, given: ScratchInput
    ) -> Iterator[ScenarioChanges]:
        text = given.texts.get(f"m:{thing}", "").strip() or "0"
        more = int(_parse_number(text, Decimal(MAX_NEW_ROWS), whole=True))
        rows = _row_ids(self.values, thing)
        free = (f"r{n}" for n in range(1, 200) if f"r{n}" not in rows)
        for _at in range(more):
            yield mover.row(thing, next(free), _find_row_condition(scheme.measure, thing))[0]

    def _switched(self, mover: ChangeFinder, scheme: Criterion, leaf: TraceLeaf) -> ScenarioChanges:
        thing = leaf.thing or leaf.address
        if leaf.state != "counted":
            if "#" in thing.rsplit("/", 1)[-1]:
                repeat, _, row = thing.rpartition("#")
                return mover.row(repeat, row, _find_row_condition(scheme.measure, repeat))[0]
            return mover.count(leaf)[0]
        address, _, key = thing.partition("=")
        if "#" in address.rsplit("/", 1)[-1]:
            repeat, _, row = address.rpartition("#")
            return ScenarioChanges({repeat: [r for r in _row_ids(self.values, repeat) if r != row] or None})
        value = self.values.get(address)
        if key and isinstance(value, list):
            # The field keeps its other picks; evidence is what makes this one count, and so it goes.
            return (
                ScenarioChanges(unmarked=frozenset(leaf.places))
                if leaf.places
                else ScenarioChanges({address: _remove_key(value, key)})
            )
        return ScenarioChanges(unmarked=frozenset(leaf.places)) if leaf.places else ScenarioChanges({address: None})

    def _repeats(self, trace: MeasureTrace) -> list[str]:
        return [x.thing or x.address for x in trace.walk() if self._is_repeat(x)]

    def _is_repeat(self, leaf: TraceLeaf) -> bool:
        thing = leaf.thing or leaf.address
        if "=" in thing or "#" in thing.rsplit("/", 1)[-1]:
            return False
        return self.instrument.items[item_id_of(thing)].kind == "repeat"


def _number_addresses(measure: Measure | None) -> Sequence[str]:
    if isinstance(measure, Ratio):
        return measure.part, measure.whole
    if isinstance(measure, NumberValue):
        return (measure.of,)
    if isinstance(measure, CombinedMeasure):
        return [a for part in measure.parts for a in _number_addresses(part)]
    return ()


def _find_row_condition(measure: Measure | None, repeat: str) -> Measure | None:
    """What a measure asks for inside the rows of a repeat."""
    if isinstance(measure, RepeatRowCount):
        return measure.having if item_id_of(repeat) in measure.of else None
    if isinstance(measure, CombinedMeasure):
        return next((h for part in measure.parts if (h := _find_row_condition(part, repeat)) is not None), None)
    return None


def _row_ids(values: Mapping[str, AnswerValue], repeat: str) -> list[str]:
    found = values.get(repeat)
    return list(found) if isinstance(found, list) else []


def _remove_key(value: list[str], key: str) -> list[str] | None:
    return [v for v in value if v != key] or None


def _parse_number(text: str, most: Decimal | None = None, *, whole: bool = False) -> Decimal:
    result = read_number(text, minimum=Decimal(0), maximum=most, whole=whole)
    if not isinstance(result, Understood):
        raise NumberRefused(result.reason if result else LocalizedText(), text)
    return result.value
