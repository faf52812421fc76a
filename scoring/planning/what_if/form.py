"""The scratch form: every thing that can count as a switch, choices, numbers and outside scores. PURE.

Names of its fields: on=THING, c:CRITERION=OPTION, n:ADDRESS=NUMBER, m:REPEAT=HOW MANY MORE, x:SUB-PILLAR=SCORE.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from scoring.engine.facts import Facts
from scoring.engine.sheet import CriterionScore, Leaf, ScoreSheet, Trace
from scoring.planning.optimum.moves import Mover
from scoring.planning.what_if.changes import Changes, together
from scoring.scheme.lookup import InstrumentLookup
from scoring.scheme.types import Criterion, Joined, Measure, Number, Ratio, Repeats, Scheme
from survey.instrument.address import item_id
from survey.instrument.schema import Instrument, Text, Value

MOST_MORE = 10


@dataclass(frozen=True, slots=True)
class Control:
    """A control: `kind` switch, number or more; `given` is what it shows (a switch: whether it is on)."""

    kind: str
    name: str
    value: str
    label: Text
    given: str
    most: int = 0


@dataclass(frozen=True, slots=True)
class CriterionForm:
    """The controls of a criterion. `options`: of a single choice, key and label; `picked`: the one shown."""

    id: str
    name: Text
    controls: tuple[Control, ...] = ()
    options: tuple[tuple[str, Text], ...] = ()
    picked: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """What was put into the form."""

    on: frozenset[str]
    texts: Mapping[str, str]


class ScratchForm:
    """The form of one response: what it shows for a score, and the changes that what was put in amounts to."""

    def __init__(
        self, instrument: Instrument, scheme: Scheme, values: Mapping[str, Value], facts: Facts, sheet: ScoreSheet
    ) -> None:
        self.instrument = instrument
        self.criteria = {c.id: c for c in scheme.criteria}
        self.values = values
        self.facts = facts
        self.sheet = sheet
        self.lookup = InstrumentLookup(instrument)

    def given_by(self, facts: Facts, sheet: ScoreSheet) -> Given:
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
                for address in _numbers(scheme.measure):
                    value = facts.path.values.get(address)
                    texts[f"n:{address}"] = value if isinstance(value, str) else ""
                for repeat in self._repeats(criterion.trace):
                    now, was = (_rows(v, repeat) for v in (facts.path.values, self.values))
                    texts[f"m:{repeat}"] = str(max(len(now) - len(was), 0))
        return Given(on, texts)

    def show(self, criterion: CriterionScore, code: str, given: Given) -> CriterionForm:
        """A criterion's controls, showing what is given."""
        scheme = self.criteria[criterion.id]
        if scheme.choice:
            item, column, _row = self.lookup.field(scheme.choice)
            options = tuple((o.key, o.label) for o in (column or item).options)
            return CriterionForm(criterion.id, criterion.name, (), options, given.texts.get(f"c:{criterion.id}", ""))
        if scheme.external:
            name = f"x:{code}"
            return CriterionForm(
                criterion.id, criterion.name, (Control("score", name, "", criterion.name, given.texts.get(name, "")),)
            )
        return CriterionForm(criterion.id, criterion.name, tuple(self._controls(scheme, criterion, given)))

    def _controls(self, scheme: Criterion, criterion: CriterionScore, given: Given) -> Iterator[Control]:
        for address in _numbers(scheme.measure):
            name = f"n:{address}"
            ask = self.instrument.items[item_id(address)].ask
            yield Control("number", name, "", ask, given.texts.get(name, ""))
        seen: set[str] = set()
        for leaf in criterion.trace.walk():
            thing = leaf.thing or leaf.address
            if thing in seen or thing in _numbers(scheme.measure):
                continue
            seen.add(thing)
            if self._is_repeat(leaf):
                item = self.instrument.items[item_id(thing)]
                if item.repeat and "#" not in thing:
                    continue
                free = min(MOST_MORE, (item.max_rows or MOST_MORE) - len(_rows(self.values, thing)))
                yield Control("more", f"m:{thing}", "", item.ask, given.texts.get(f"m:{thing}", "0"), free)
                continue
            yield Control("switch", "on", thing, leaf.label, "on" if thing in given.on else "")

    # -- from what was put in to changes ------------------------------------------------------

    def changes(self, given: Given) -> Changes:
        """The changes against how the response stands. Raises ValueError for a number that is none."""
        mover = Mover(self.instrument, self.values, self.facts)
        found: list[Changes] = []
        for sub in self.sheet.sub_pillars:
            for criterion in sub.walk():
                scheme = self.criteria[criterion.id]
                if scheme.choice:
                    found += self._choice(mover, scheme, given)
                elif scheme.external:
                    found += self._external(sub.code, given)
                else:
                    found += self._counting(mover, scheme, criterion, given)
        return together(found)

    def _choice(self, mover: Mover, scheme: Criterion, given: Given) -> Iterator[Changes]:
        wanted = given.texts.get(f"c:{scheme.id}")
        address = scheme.choice or ""
        now = self.facts.path.values.get(address) or ""
        if wanted is None or wanted == now:
            return
        if not wanted:
            yield Changes({address: None})
            return
        item, column, _row = self.lookup.field(address)
        if wanted in (column or item).by_key:
            yield mover.option(address, wanted)[0]

    def _external(self, code: str, given: Given) -> Iterator[Changes]:
        text = given.texts.get(f"x:{code}")
        if text is None:
            return
        wanted = None if not text.strip() else _number(text, Decimal(100))
        if wanted != self.facts.externals.get(code):
            yield Changes(externals={code: wanted})

    def _counting(self, mover: Mover, scheme: Criterion, criterion: CriterionScore, given: Given) -> Iterator[Changes]:
        numbers = _numbers(scheme.measure)
        for address in numbers:
            text = given.texts.get(f"n:{address}")
            if text is not None and text.strip() != (self.facts.path.values.get(address) or ""):
                value = f"{_number(text):f}" if text.strip() else None
                yield mover.number({address: value})[0] if value else Changes({address: None})
        for leaf in criterion.trace.walk():
            thing = leaf.thing or leaf.address
            if thing in numbers:
                continue
            if self._is_repeat(leaf):
                yield from self._more(mover, scheme, thing, given)
            elif (thing in given.on) != (leaf.state == "counted"):
                yield self._switched(mover, scheme, leaf)

    def _more(self, mover: Mover, scheme: Criterion, thing: str, given: Given) -> Iterator[Changes]:
        text = given.texts.get(f"m:{thing}", "").strip() or "0"
        more = int(_number(text, Decimal(MOST_MORE)))
        rows = _rows(self.values, thing)
        free = (f"r{n}" for n in range(1, 200) if f"r{n}" not in rows)
        for _at in range(more):
            yield mover.row(thing, next(free), _having(scheme.measure, thing))[0]

    def _switched(self, mover: Mover, scheme: Criterion, leaf: Leaf) -> Changes:
        thing = leaf.thing or leaf.address
        if leaf.state != "counted":
            if "#" in thing.rsplit("/", 1)[-1]:
                repeat, _, row = thing.rpartition("#")
                return mover.row(repeat, row, _having(scheme.measure, repeat))[0]
            return mover.count(leaf)[0]
        address, _, key = thing.partition("=")
        if "#" in address.rsplit("/", 1)[-1]:
            repeat, _, row = address.rpartition("#")
            return Changes({repeat: [r for r in _rows(self.values, repeat) if r != row] or None})
        value = self.values.get(address)
        if key and isinstance(value, list):
            # The field keeps its other picks; evidence is what makes this one count, and so it goes.
            return Changes(unmarked=frozenset(leaf.places)) if leaf.places else Changes({address: _without(value, key)})
        return Changes(unmarked=frozenset(leaf.places)) if leaf.places else Changes({address: None})

    def _repeats(self, trace: Trace) -> list[str]:
        return [x.thing or x.address for x in trace.walk() if self._is_repeat(x)]

    def _is_repeat(self, leaf: Leaf) -> bool:
        thing = leaf.thing or leaf.address
        if "=" in thing or "#" in thing.rsplit("/", 1)[-1]:
            return False
        return self.instrument.items[item_id(thing)].kind == "repeat"


def _numbers(measure: Measure | None) -> Sequence[str]:
    if isinstance(measure, Ratio):
        return measure.part, measure.whole
    if isinstance(measure, Number):
        return (measure.of,)
    if isinstance(measure, Joined):
        return [a for part in measure.parts for a in _numbers(part)]
    return ()


def _having(measure: Measure | None, repeat: str) -> Measure | None:
    """What a measure asks for inside the rows of a repeat."""
    if isinstance(measure, Repeats):
        return measure.having if item_id(repeat) in measure.of else None
    if isinstance(measure, Joined):
        return next((h for part in measure.parts if (h := _having(part, repeat)) is not None), None)
    return None


def _rows(values: Mapping[str, Value], repeat: str) -> list[str]:
    found = values.get(repeat)
    return list(found) if isinstance(found, list) else []


def _without(value: list[str], key: str) -> list[str] | None:
    return [v for v in value if v != key] or None


def _number(text: str, most: Decimal | None = None) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not number.is_finite() or number < 0 or (most is not None and number > most):
        raise ValueError(text)
    return number
