"""What can be done for a criterion: steps to more points, each with its pieces of work and its changes. PURE."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from scoring.engine.sheet import CriterionScore, MeasureTrace, TraceLeaf
from scoring.planning.optimum.answer_changes import ChangeFinder
from scoring.planning.optimum.least_effort import (
    NO_PIECES,
    WorkNode,
    WorkPiece,
    WorkUnit,
    compute_effort_curve,
    sum_effort,
)
from scoring.planning.what_if.changes import ScenarioChanges, merge_changes
from scoring.scheme.load_extensions import EVIDENCE_WORK, ITEM_WORK
from scoring.scheme.lookup import InstrumentLookup
from scoring.scheme.types import CombinedMeasure, Criterion, Measure, OptionCount, Ratio, RepeatRowCount, ScoringScheme
from survey.instrument.addresses import item_id_of, option_address
from survey.instrument.schema import LocalizedText

MAX_NEW_ROWS = 10  # new rows of one repeat that are thought of


@dataclass(frozen=True, slots=True)
class ImprovementStep:
    """A criterion raised to `points` (of 100)."""

    criterion: str
    points: Decimal
    pieces: tuple[WorkPiece, ...]
    changes: ScenarioChanges

    @property
    def effort(self) -> int:
        """The effort of its pieces, each once."""
        return sum_effort(self.pieces)


class StepFinder:
    """Finds the steps of the criteria of one response. `efforts`: effort by kind of work.

    `expected`: numbers that are not answered yet, as somebody expects them.
    """

    def __init__(
        self,
        scheme: ScoringScheme,
        mover: ChangeFinder,
        efforts: Mapping[str, int],
        expected: Mapping[str, Decimal] | None = None,
    ) -> None:
        self.scheme = scheme
        self.mover = mover
        self.efforts = efforts
        self.expected = expected or {}
        self.lookup = InstrumentLookup(mover.instrument)
        self._nodes: dict[str, WorkNode] = {}

    def steps(
        self, criterion: Criterion, now: CriterionScore, free: frozenset[str] = NO_PIECES
    ) -> list[ImprovementStep]:
        """The steps above what the criterion gives now, each with the least work; points as the scheme promises them.

        `free`: pieces of work that are done anyway.
        """
        if criterion.choice is not None:
            return self._choices(criterion, now)
        if criterion.measure is None or now.points is None:
            return []
        if isinstance(criterion.measure, Ratio):
            return self._ratio(criterion, now, criterion.measure)
        found = compute_effort_curve(self.node(criterion, now), free)
        value = Decimal(now.value or 0)
        out: list[ImprovementStep] = []
        for step in criterion.steps:
            need = math.ceil(step.at - value)
            if step.points.value > max([now.points, *(s.points for s in out)]) and 0 < need < len(found):
                out.append(self._step(criterion.id, step.points.value, found[need][1]))
        return out

    def _step(self, ident: str, points: Decimal, units: Sequence[WorkUnit]) -> ImprovementStep:
        pieces: dict[str, WorkPiece] = {}
        for piece in (p for u in units for p in u.pieces):
            if piece.key not in pieces or piece.effort > pieces[piece.key].effort:
                pieces[piece.key] = piece
        return ImprovementStep(
            ident, points, tuple(pieces.values()), merge_changes(c for u in units for c in u.changes)
        )

    # -- units of a measure -----------------------------------------------------------------

    def units(self, criterion: Criterion, now: CriterionScore) -> list[WorkUnit]:
        """Every unit of work there is for a criterion."""
        if isinstance(criterion.measure, Ratio) or criterion.measure is None or now.points is None:
            return [WorkUnit(s.pieces, (s.changes,)) for s in self.steps(criterion, now)]
        return list(self.node(criterion, now).walk())

    def node(self, criterion: Criterion, now: CriterionScore) -> WorkNode:
        """The units of a counting criterion, as its measure joins them."""
        found = self._nodes.get(criterion.id)
        if found is None:
            assert criterion.measure is not None
            found = self._nodes[criterion.id] = self._node(criterion.measure, now.trace, criterion.work or ITEM_WORK)
        return found

    def _node(self, measure: Measure, trace: MeasureTrace, kind: str) -> WorkNode:
        if isinstance(measure, CombinedMeasure):
            return self._joined(measure, trace, kind)
        if isinstance(measure, RepeatRowCount):
            return WorkNode(tuple(self._rows(measure, trace, kind)))
        # A single choice counts once, however many of its options would count.
        fields = [(leaf.thing or leaf.address).split("=", 1)[0] for leaf in trace.leaves]
        alone = [f if isinstance(measure, OptionCount) and self._single(f) else "" for f in fields]
        taken = {f for f, leaf in zip(alone, trace.leaves, strict=True) if f and leaf.state == "counted"}
        return WorkNode(
            tuple(
                replace(self._unit(leaf, kind), field=field)
                for field, leaf in zip(alone, trace.leaves, strict=True)
                if leaf.state != "counted" and field not in taken
            )
        )

    def _single(self, field: str) -> bool:
        item, column, _row = self.lookup.field(field.rsplit("#", 1)[-1].split("/", 1)[-1] if "#" in field else field)
        return (column or item).kind == "single"

    def _joined(self, measure: CombinedMeasure, trace: MeasureTrace, kind: str) -> WorkNode:
        pairs = list(zip(measure.parts, trace.parts, strict=True))
        if measure.how != "sum" and trace.value:
            return WorkNode()
        return WorkNode(
            how=measure.how,
            parts=tuple(self._node(part, found, kind) for part, found in pairs),
            rooms=tuple(None if p.cap is None else max(p.cap - math.floor(f.value or 0), 0) for p, f in pairs),
            needs=tuple(max(math.ceil(p.need - Decimal(f.value or 0)), 0) for p, f in pairs),
        )

    def _rows(self, measure: RepeatRowCount, trace: MeasureTrace, kind: str) -> list[WorkUnit]:
        out = []
        for leaf in trace.leaves:
            thing = leaf.thing or leaf.address
            last = thing.rsplit("/", 1)[-1]
            if leaf.state == "counted":
                continue
            if "#" in last:
                repeat, _, row = thing.rpartition("#")
                moved = self.mover.row(repeat, row, measure.having)
                out.append(self._made(leaf, thing, kind, moved))
                continue
            item = self.mover.items[item_id_of(thing)]
            if item.repeat and "#" not in thing:
                continue  # lies in a row of another repeat that is not there yet
            rows = self.mover.now_rows(thing)
            free = min(MAX_NEW_ROWS, (item.max_rows or MAX_NEW_ROWS) - len(rows))
            names = (f"r{n}" for n in range(1, 99) if f"r{n}" not in rows)
            for _at in range(free):
                row = next(names)
                moved = self.mover.row(thing, row, measure.having)
                out.append(self._made(leaf, f"{thing}#{row}", kind, moved))
        return out

    def _unit(self, leaf: TraceLeaf, kind: str) -> WorkUnit:
        return self._made(leaf, leaf.thing or leaf.address, kind, self.mover.count(leaf))

    def _made(self, leaf: TraceLeaf, key: str, kind: str, moved: tuple[ScenarioChanges, frozenset[str]]) -> WorkUnit:
        """A unit: the work on the thing itself, and on the earlier answers that open it."""
        changes, gates = moved
        pieces = self._opening(gates, key)
        address = key.split("=", 1)[0]
        said = any(a == address or a.startswith((f"{address}/", f"{address}#")) for a in changes.values)
        if "#" in address.rsplit("/", 1)[-1]:
            said |= address.rpartition("#")[0] in changes.values
        if said and leaf.state != "no_evidence":
            pieces.insert(0, WorkPiece(key, kind, self.efforts[kind], leaf.label))
        elif leaf.state == "no_evidence" or changes.marked & set(leaf.places) or not pieces:
            # Answered before, on the path or not: what is missing is the evidence.
            pieces.insert(0, WorkPiece(key, EVIDENCE_WORK, self.efforts[EVIDENCE_WORK], leaf.label))
        return WorkUnit(tuple(pieces), (changes,))

    def _opening(self, gates: frozenset[str], key: str = "") -> list[WorkPiece]:
        """The pieces of the earlier answers on the way to `key`."""
        return [WorkPiece(g, ITEM_WORK, self.efforts[ITEM_WORK], self._asked(g)) for g in sorted(gates) if g != key]

    def _asked(self, address: str) -> LocalizedText:
        return self.mover.items[item_id_of(address)].ask

    # -- choices and ratios -----------------------------------------------------------------

    def _choices(self, criterion: Criterion, now: CriterionScore) -> list[ImprovementStep]:
        address, kind = criterion.choice or "", criterion.work or ITEM_WORK
        item, column, _row = self.lookup.field(address)
        bare = {(leaf.thing or leaf.address): leaf for leaf in now.unproven}
        floor = now.points or Decimal(0)
        out = []
        for option in (column or item).options:
            points = criterion.points[option.key].value
            if points <= floor:
                continue
            thing = option_address(address, option.key)
            if thing in bare:
                unit = self._unit(replace(bare[thing], label=criterion.name), kind)
            else:
                changes, gates = self.mover.option(address, option.key)
                # Part of the way is part of the work.
                part = max(1, math.ceil(self.efforts[kind] * points / criterion.maximum))
                own = WorkPiece(thing, kind, part, criterion.name)
                unit = WorkUnit((own, *self._opening(gates, thing)), (changes,))
            out.append(self._step(criterion.id, points, [unit]))
        return _keep_rising(out)

    def _ratio(self, criterion: Criterion, now: CriterionScore, measure: Ratio) -> list[ImprovementStep]:
        """More of the part; where the whole is 0 or not known, with what is expected of it."""
        known, kind = get_ratio_numbers(criterion, now, self.expected), criterion.work or ITEM_WORK
        if known is None or now.points is None:
            return []
        whole, have = known
        out = []
        for step in criterion.steps:
            need = Decimal(math.ceil(step.at * whole / 100)) - have
            if step.points.value <= now.points:
                continue
            need = max(need, Decimal(0))
            numbers = {measure.part: have + need, measure.whole: whole}
            numbers = {a: n for a, n in numbers.items() if self.mover.facts.number(a) != n}
            changes, gates = self.mover.number({a: f"{n:f}" for a, n in numbers.items()})
            more = [
                WorkPiece(f"{measure.part}+{n}", kind, self.efforts[kind], criterion.name) for n in range(int(need))
            ]
            pieces = (
                *more,
                *self._counted(measure, numbers, bool(more)),
                *self._opening(gates - self._openers(measure)),
            )
            if pieces:
                out.append(ImprovementStep(criterion.id, step.points.value, pieces, changes))
        return _keep_rising(out)

    def _counted(self, measure: Ratio, numbers: Mapping[str, Decimal], more: bool) -> list[WorkPiece]:
        """Counting what is not counted; who makes more of the part knows its number."""
        new = [a for a in (measure.whole, measure.part) if a in numbers and self.mover.facts.number(a) is None]
        asked = [a for a in new if not (more and a == measure.part)]
        labels = [self._asked((self.mover.items[item_id_of(a)].opened_by or a).split("=", 1)[0]) for a in asked]
        return [WorkPiece(a, ITEM_WORK, self.efforts[ITEM_WORK], label) for a, label in zip(asked, labels, strict=True)]

    def _openers(self, measure: Ratio) -> frozenset[str]:
        """The answers that only say that a number follows."""
        return frozenset(self.mover.items[item_id_of(a)].opened_by or "" for a in (measure.part, measure.whole))


def get_ratio_numbers(
    criterion: Criterion, now: CriterionScore, expected: Mapping[str, Decimal]
) -> tuple[Decimal, Decimal] | None:
    """The whole and the part of a ratio as they stand, else as expected; None: nobody has said."""
    measure = criterion.measure
    assert isinstance(measure, Ratio)
    part, whole = (
        expected.get(address) if trace.value is None else Decimal(trace.value)
        for trace, address in zip(now.trace.parts, (measure.part, measure.whole), strict=True)
    )
    if whole is None:
        return None
    if not whole:
        return Decimal(1), Decimal(0)  # there is none yet: the first one is the whole
    return whole, min(part or Decimal(0), whole)


def _keep_rising(steps: list[ImprovementStep]) -> list[ImprovementStep]:
    """Without steps that give no more than one that is less work."""
    out: list[ImprovementStep] = []
    for step in sorted(steps, key=lambda s: (s.effort, -s.points)):
        if not out or step.points > out[-1].points:
            out.append(step)
    return out
