"""The points of a sub-pillar's steps and options that give the published scores, by the least change. PURE.

A linear programme finds them: least error first, then least change, then how far each number can go at the same cost.
What it finds is rounded to the plainest numbers within that range and checked exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Final

import numpy as np

from scoring.engine.levels import round_score
from scoring.results.fitting.simplex import Array, Simplex
from scoring.results.fitting.unknowns import HUNDRED, Equation, Form, Slot, Unknowns, walk_pairs

ROUNDING: Final = 0.0049  # a published score may be this far from the exact one
NO_ERROR: Final = 1e-6
GRIDS: Final = tuple(map(Fraction, ("10", "5", "1", "0.5", "0.1", "0.01")))
HALF_CENT: Final = Fraction(1, 200)
SLACK: Final = 0.12  # what rounding of published scores alone can move a number by
DETERMINED: Final = 0.5  # a narrower range is one number

Range = tuple[float, float]
Sides = Sequence[tuple[Form, Form]]


@dataclass(frozen=True, slots=True)
class PointFit:
    """Points of all slots; `errors` by equation, rounded as published.

    `ranges`: how far each free number can go with the same error; `ties`: with the same change, too.
    """

    points: Mapping[Slot, Fraction]
    errors: tuple[Decimal, ...]
    ranges: Mapping[Slot, Range] = field(default_factory=dict)
    ties: Mapping[Slot, Range] = field(default_factory=dict)

    @property
    def is_exact(self) -> bool:
        """Whether every published score comes out."""
        return not any(self.errors)


def measure_errors(equations: Sequence[Equation], points: Mapping[Slot, Fraction]) -> tuple[Decimal, ...]:
    """How far each published score is from what these points give, both at two places."""
    return tuple(abs(round_fraction(e.form.at(points)) - round_score(e.official)) for e in equations)


def round_fraction(value: Fraction) -> Decimal:
    """Two places, halves away from zero, as published."""
    return round_score(Decimal(value.numerator) / Decimal(value.denominator))


def find_least_error(unknowns: Unknowns, equations: Sequence[Equation], sides: Sides) -> float:
    """The least sum of errors that any points give."""
    programme = _Programme(unknowns, equations, sides)
    return programme.simplex.minimize(programme.error_goal())


def fit_points(unknowns: Unknowns, equations: Sequence[Equation], sides: Sides, *, thorough: bool = True) -> PointFit:
    """The points with the least error, among these those with the least change.

    `thorough`: with how far each number could go, whatever the change.
    """
    programme = _Programme(unknowns, equations, sides)
    simplex = programme.simplex
    error = simplex.minimize(programme.error_goal())
    simplex.keep()
    whatever_the_change = simplex.copy()
    simplex.minimize(programme.change_goal())
    simplex.keep()
    found = programme.points(simplex.values())
    ties = {slot: programme.range_of(slot, simplex) for slot in programme.slots}
    ranges = {slot: programme.range_of(slot, whatever_the_change) for slot in programme.slots if thorough}
    raw = {slot: _snap(value, value, value, GRIDS[-1:]) for slot, value in found.items()}
    plain = [] if error > NO_ERROR else [_plainest(unknowns, found, ties, slack) for slack in (SLACK, 0)]
    choices = [*plain, raw]
    for chosen in choices:
        points = _repair(
            equations, {**unknowns.points, **chosen}, [s for s in chosen if chosen[s] != unknowns.points[s]]
        )
        errors = measure_errors(equations, points)
        if not any(errors) and _is_rising(unknowns, points):
            break
    return PointFit(points, errors, ranges, ties)


def _repair(equations: Sequence[Equation], points: dict[Slot, Fraction], moved: Sequence[Slot]) -> dict[Slot, Fraction]:
    """Where plain numbers together miss a score by their rounding, one of them takes the value that is needed."""
    if not any(measure_errors(equations, points)):
        return points
    for slot in moved:
        low, high = Fraction(0), HUNDRED
        for equation in equations:
            factor = equation.form.parts.get(slot)
            if factor:
                rest = equation.form.at(points) - factor * points[slot]
                needed = (Fraction(equation.official) - rest) / factor
                low, high = max(low, needed - HALF_CENT / factor), min(high, needed + HALF_CENT / factor)
        for grid in GRIDS if low <= high else ():
            near = round((low + high) / 2 / grid) * grid
            repaired = {**points, slot: near}
            if low <= near < high and not any(measure_errors(equations, repaired)):
                return repaired
    return points


def _plainest(
    unknowns: Unknowns, found: Mapping[Slot, float], ranges: Mapping[Slot, Range], slack: float
) -> dict[Slot, Fraction]:
    """Each number as it is now where that will do, else the plainest near it."""
    chosen = {}
    for slot, value in found.items():
        low, high = ranges.get(slot, (value, value))
        if high - low > DETERMINED:
            low = high = value
        now = float(unknowns.points[slot])
        if low - slack <= now <= high + slack:
            chosen[slot] = unknowns.points[slot]
        else:
            chosen[slot] = _snap((low + high) / 2, low - slack, high + slack, GRIDS)
    return chosen


def _snap(value: float, low: float, high: float, grids: Sequence[Fraction]) -> Fraction:
    """The multiple of the coarsest grid that lies from `low` to `high`, next to `value`; of the last one anyhow."""
    for grid in grids:
        near = round(Fraction(value) / grid) * grid
        if low <= near <= high:
            break
    return min(max(near, Fraction(0)), HUNDRED)


def _is_rising(unknowns: Unknowns, points: Mapping[Slot, Fraction]) -> bool:
    return all(points[a] <= points[b] for chain in unknowns.chains for a, b in walk_pairs(chain))


class _Programme:
    """Columns: each free number up, down, and what each published score misses above and below."""

    def __init__(self, unknowns: Unknowns, equations: Sequence[Equation], sides: Sides) -> None:
        self.unknowns, self.equations = unknowns, equations
        self.slots = sorted(unknowns.free)
        self.at = {slot: index for index, slot in enumerate(self.slots)}
        self.width = 2 * len(self.slots) + 2 * len(equations)
        rows: list[Array] = []
        limits: list[float] = []
        elastic: list[int] = []
        for row, limit, column in (*self._equation_rows(), *self._order_rows(), *self._side_rows(sides)):
            rows.append(row)
            limits.append(limit)
            elastic.append(column)
        table = np.array(rows) if rows else np.zeros((0, self.width))
        self.simplex = Simplex(table, np.array(limits, dtype=np.float64), np.array(elastic, dtype=np.intp))

    def error_goal(self) -> Array:
        goal = np.zeros(self.width)
        for index, equation in enumerate(self.equations):
            start = 2 * len(self.slots) + 2 * index
            goal[start : start + 2] = equation.count
        return goal

    def change_goal(self) -> Array:
        goal = np.zeros(self.width)
        goal[: 2 * len(self.slots)] = 1
        return goal

    def points(self, values: Array) -> dict[Slot, float]:
        count = len(self.slots)
        moved = values[:count] - values[count : 2 * count]
        return {slot: float(self.unknowns.points[slot]) + float(moved[i]) for i, slot in enumerate(self.slots)}

    def range_of(self, slot: Slot, simplex: Simplex) -> Range:
        """From where to where a number can go within the goals that the simplex keeps."""
        goal = np.zeros(self.width)
        goal[self.at[slot]], goal[self.at[slot] + len(self.slots)] = 1, -1
        now = float(self.unknowns.points[slot])
        return now + simplex.minimize(goal), now - simplex.minimize(-goal)

    def _row(self, parts: Mapping[Slot, Fraction]) -> Array:
        row = np.zeros(self.width)
        for slot, factor in parts.items():
            if slot in self.at:
                row[self.at[slot]] += float(factor)
                row[self.at[slot] + len(self.slots)] -= float(factor)
        return row

    def _equation_rows(self) -> Iterator[tuple[Array, float, int]]:
        for index, equation in enumerate(self.equations):
            missing = float(Fraction(equation.official) - equation.form.at(self.unknowns.points))
            for sign, column in ((1, 2 * len(self.slots) + 2 * index), (-1, 2 * len(self.slots) + 2 * index + 1)):
                row = sign * self._row(equation.form.parts)
                row[column] = -1
                yield row, sign * missing + ROUNDING, column

    def _order_rows(self) -> Iterator[tuple[Array, float, int]]:
        """More never gives fewer points, and never less than none or more than all."""
        points = self.unknowns.points
        for chain in self.unknowns.chains:
            for a, b in walk_pairs(chain):
                if a in self.at or b in self.at:
                    yield self._row({a: Fraction(1), b: Fraction(-1)}), float(points[b] - points[a]), 0
            if chain.slots and chain.slots[0] in self.at:
                yield self._row({chain.slots[0]: Fraction(-1)}), float(points[chain.slots[0]]), 0
            if chain.slots and chain.slots[-1] in self.at:
                yield self._row({chain.slots[-1]: Fraction(1)}), float(HUNDRED - points[chain.slots[-1]]), 0

    def _side_rows(self, sides: Sides) -> Iterator[tuple[Array, float, int]]:
        points = self.unknowns.points
        for low, high in sides:
            parts = dict(low.parts)
            for slot, factor in high.parts.items():
                parts[slot] = parts.get(slot, Fraction(0)) - factor
            yield self._row(parts), float(high.at(points) - low.at(points)), 0
