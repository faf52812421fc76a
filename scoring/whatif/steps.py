"""What can be done for a criterion: steps to more points, each with its pieces of work and its changes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.load_more import EVIDENCE, ITEM
from scoring.places import Map
from scoring.scheme import Criterion, Joined, Measure, Options, Ratio, Repeats, Scheme
from scoring.sheet import CriterionScore, Leaf, Trace
from scoring.whatif.changes import Changes, together
from scoring.whatif.moves import Mover
from survey.instrument.address import item_id
from survey.instrument.schema import Text

MOST_NEW = 10  # new rows of one repeat that are thought of


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of work: the thing it is done for, its kind and effort in whole units."""

    key: str
    kind: str
    effort: int
    label: Text


@dataclass(frozen=True, slots=True)
class Unit:
    """What makes a measure one more: pieces of work and the changes they amount to."""

    pieces: tuple[Piece, ...]
    changes: tuple[Changes, ...]

    @property
    def effort(self) -> int:
        """The effort of its pieces."""
        return sum(p.effort for p in self.pieces)


@dataclass(frozen=True, slots=True)
class Step:
    """A criterion raised to `points` (of 100)."""

    criterion: str
    points: Decimal
    pieces: tuple[Piece, ...]
    changes: Changes

    @property
    def effort(self) -> int:
        """The effort of its pieces, each once."""
        return effort_of(self.pieces)


def effort_of(pieces: Iterable[Piece]) -> int:
    """The effort of pieces; what is needed twice is done once."""
    once: dict[str, int] = {}
    for piece in pieces:
        once[piece.key] = max(piece.effort, once.get(piece.key, 0))
    return sum(once.values())


class Stepper:
    """Finds the steps of the criteria of one response. `efforts`: effort by kind of work."""

    def __init__(self, scheme: Scheme, mover: Mover, efforts: Mapping[str, int]) -> None:
        self.scheme = scheme
        self.mover = mover
        self.efforts = efforts
        self.map = Map(mover.instrument)

    def steps(self, criterion: Criterion, now: CriterionScore) -> list[Step]:
        """The steps above what the criterion gives now, least work first; points as the scheme promises them."""
        if criterion.choice is not None:
            return self._choices(criterion, now)
        measure = criterion.measure
        if measure is None or now.points is None:
            return []
        if isinstance(measure, Ratio):
            return self._ratio(criterion, now, measure)
        units = self.units(measure, now.trace, criterion.work or ITEM)
        value = Decimal(now.value or 0)
        out: list[Step] = []
        for step in criterion.steps:
            need = math.ceil(step.at - value)
            if step.points.value <= max([now.points, *(s.points for s in out)]) or not 0 < need <= len(units):
                continue
            out.append(self._step(criterion.id, step.points.value, units[:need]))
        return out

    def _step(self, ident: str, points: Decimal, units: Sequence[Unit]) -> Step:
        pieces = {p.key: p for u in units for p in u.pieces}
        return Step(ident, points, tuple(pieces.values()), together(c for u in units for c in u.changes))

    # -- units of a measure -----------------------------------------------------------------

    def units(self, measure: Measure, trace: Trace, kind: str) -> list[Unit]:
        """What makes the measure one, two, … more: the first n make it n more; least work first."""
        if isinstance(measure, Joined):
            return sorted(self._joined(measure, trace, kind), key=lambda u: u.effort)
        if isinstance(measure, Repeats):
            return sorted(self._rows(measure, trace, kind), key=lambda u: u.effort)
        taken: set[str] = set()
        found: list[tuple[str, Unit]] = []
        for leaf in trace.leaves:
            field = (leaf.thing or leaf.address).split("=", 1)[0]
            alone = isinstance(measure, Options) and self._single(field)
            if leaf.state == "counted":
                taken.add(field if alone else "")
            else:
                found.append((field if alone else "", self._unit(leaf, kind)))
        out = []
        for field, unit in sorted(found, key=lambda pair: pair[1].effort):
            # A single choice counts once, however many of its options would count.
            if field and field in taken:
                continue
            taken.add(field)
            out.append(unit)
        return out

    def _single(self, field: str) -> bool:
        item, column, _row = self.map.field(field.rsplit("#", 1)[-1].split("/", 1)[-1] if "#" in field else field)
        return (column or item).kind == "single"

    def _joined(self, measure: Joined, trace: Trace, kind: str) -> list[Unit]:
        parts = []
        for part, found in zip(measure.parts, trace.parts, strict=True):
            parts.append((part, found, self.units(part, found, kind)))
        if measure.how == "sum":
            out: list[Unit] = []
            for part, found, units in parts:
                room = len(units) if part.cap is None else max(part.cap - math.floor(found.value or 0), 0)
                out += units[:room]
            return out
        if trace.value:
            return []
        ways = []
        for part, found, units in parts:
            need = math.ceil(part.need - Decimal(found.value or 0))
            if need <= 0:
                continue
            ways.append(_one(units[:need]) if need <= len(units) else None)
        if measure.how == "any":
            able = [w for w in ways if w is not None]
            return [min(able, key=lambda u: u.effort)] if able else []
        whole = [w for w in ways if w is not None]
        return [_one(whole)] if len(whole) == len(ways) and whole else []

    def _rows(self, measure: Repeats, trace: Trace, kind: str) -> list[Unit]:
        out = []
        for leaf in trace.leaves:
            thing = leaf.thing or leaf.address
            last = thing.rsplit("/", 1)[-1]
            if leaf.state == "counted":
                continue
            if "#" in last:
                repeat, _, row = thing.rpartition("#")
                moved = self.mover.row(repeat, row, measure.having)
                bare = leaf.state == "no_evidence"
                out.append(self._made(thing, EVIDENCE if bare else kind, leaf.label, moved))
                continue
            item = self.mover.items[item_id(thing)]
            if item.repeat and "#" not in thing:
                continue  # lies in a row of another repeat that is not there yet
            rows = self.mover.now_rows(thing)
            free = min(MOST_NEW, (item.max_rows or MOST_NEW) - len(rows))
            names = (f"r{n}" for n in range(1, 99) if f"r{n}" not in rows)
            for _at in range(free):
                row = next(names)
                moved = self.mover.row(thing, row, measure.having)
                out.append(self._made(f"{thing}#{row}", kind, leaf.label, moved))
        return out

    def _unit(self, leaf: Leaf, kind: str) -> Unit:
        bare = leaf.state == "no_evidence"
        return self._made(leaf.thing or leaf.address, EVIDENCE if bare else kind, leaf.label, self.mover.count(leaf))

    def _made(self, key: str, kind: str, label: Text, moved: tuple[Changes, frozenset[str]]) -> Unit:
        changes, gates = moved
        pieces = [Piece(key, kind, self.efforts[kind], label)]
        for gate in sorted(gates):
            if gate != key.split("=", 1)[0]:
                pieces.append(Piece(gate, ITEM, self.efforts[ITEM], self._asked(gate)))
        return Unit(tuple(pieces), (changes,))

    def _asked(self, address: str) -> Text:
        return self.mover.items[item_id(address)].ask

    # -- choices and ratios -----------------------------------------------------------------

    def _choices(self, criterion: Criterion, now: CriterionScore) -> list[Step]:
        address, kind = criterion.choice or "", criterion.work or ITEM
        item, column, _row = self.map.field(address)
        bare = {(leaf.thing or leaf.address): leaf for leaf in now.unproven}
        floor = now.points or Decimal(0)
        out = []
        for option in (column or item).options:
            points = criterion.points[option.key].value
            if points <= floor:
                continue
            thing = f"{address}={option.key}"
            if thing in bare:
                unit = self._unit(bare[thing], kind)
            else:
                unit = self._made(address, kind, criterion.name, self.mover.option(address, option.key))
                # Part of the way is part of the work.
                part = max(1, math.ceil(self.efforts[kind] * points / criterion.maximum))
                first = unit.pieces[0]
                unit = Unit((Piece(first.key, kind, part, criterion.name), *unit.pieces[1:]), unit.changes)
            out.append(self._step(criterion.id, points, [unit]))
        return _rising(out)

    def _ratio(self, criterion: Criterion, now: CriterionScore, measure: Ratio) -> list[Step]:
        part, whole = (t.value for t in now.trace.parts)
        if not whole or now.points is None:
            return []  # nobody can say how much work it is before the whole is known
        kind, have = criterion.work or ITEM, Decimal(part or 0)
        out = []
        for step in criterion.steps:
            need = Decimal(math.ceil(step.at * whole / 100)) - have
            if step.points.value <= now.points or need <= 0:
                continue
            changes, gates = self.mover.number({measure.part: f"{have + need:f}"})
            pieces = [Piece(f"{measure.part}+{n}", kind, self.efforts[kind], criterion.name) for n in range(int(need))]
            pieces += [Piece(g, ITEM, self.efforts[ITEM], self._asked(g)) for g in sorted(gates)]
            out.append(Step(criterion.id, step.points.value, tuple(pieces), changes))
        return _rising(out)


def _one(units: Sequence[Unit]) -> Unit:
    return Unit(tuple(p for u in units for p in u.pieces), tuple(c for u in units for c in u.changes))


def _rising(steps: list[Step]) -> list[Step]:
    """Without steps that give no more than one that is less work."""
    out: list[Step] = []
    for step in sorted(steps, key=lambda s: (s.effort, -s.points)):
        if not out or step.points > out[-1].points:
            out.append(step)
    return out
