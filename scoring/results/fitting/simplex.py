"""A small dense simplex: several goals one after the other, each on what is best for those before it. PURE.

Floats serve only to find numbers; whoever uses them checks them exactly (scoring.results.fitting.points).
"""

from __future__ import annotations

from copy import copy
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
EPSILON: Final = 1e-9
BLAND_AFTER: Final = 400  # pivots; then the rule that never runs in circles
MAX_PIVOTS: Final = 4000


class NoOptimum(ArithmeticError):
    """A goal has no lower end, or the numbers do not settle."""


class Simplex:
    """Values x ≥ 0 with `rows` · x ≤ `limits`. `elastic`: by row, the column that takes up a negative limit."""

    def __init__(self, rows: Array, limits: Array, elastic: NDArray[np.intp]) -> None:
        count, self.columns = rows.shape
        self.table: Array = np.hstack([rows, np.eye(count), limits[:, None]])
        self.basis = np.arange(self.columns, self.columns + count)
        self.allowed = np.ones(self.columns + count, dtype=bool)
        for row in np.flatnonzero(limits < 0):
            self.table[row] *= -1
            self.basis[row] = elastic[row]
        self.costs: Array = np.zeros(self.columns + count + 1)

    def copy(self) -> Simplex:
        """The same, to look elsewhere without changing what is found here."""
        twin = copy(self)
        twin.table, twin.basis, twin.allowed = self.table.copy(), self.basis.copy(), self.allowed.copy()
        return twin

    def minimize(self, goal: Array) -> float:
        """The least of `goal` · x. Raises NoOptimum."""
        self.costs = np.zeros(self.table.shape[1])
        self.costs[: self.columns] = goal
        self.costs -= self.costs[self.basis] @ self.table
        for pivot in range(MAX_PIVOTS):
            column = self._entering(pivot > BLAND_AFTER)
            if column < 0:
                return float(-self.costs[-1])
            self._pivot(self._leaving(column), column)
        raise NoOptimum

    def keep(self) -> None:
        """From now on only what is as good for the goal just reached."""
        self.allowed &= self.costs[:-1] <= EPSILON * 100

    def values(self) -> Array:
        """The x found last."""
        found = np.zeros(self.table.shape[1] - 1)
        found[self.basis] = self.table[:, -1]
        return found[: self.columns]

    def _entering(self, bland: bool) -> int:
        costs = np.where(self.allowed, self.costs[:-1], 0)
        if bland:
            below = np.flatnonzero(costs < -EPSILON)
            return int(below[0]) if below.size else -1
        column = int(np.argmin(costs))
        return column if costs[column] < -EPSILON else -1

    def _leaving(self, column: int) -> int:
        entries, limits = self.table[:, column], self.table[:, -1]
        usable = np.flatnonzero(entries > EPSILON)
        if not usable.size:
            raise NoOptimum
        ratios = limits[usable] / entries[usable]
        ties = usable[ratios <= ratios.min() + EPSILON]
        return int(ties[np.argmin(self.basis[ties])])

    def _pivot(self, row: int, column: int) -> None:
        self.table[row] /= self.table[row, column]
        factors = self.table[:, column].copy()
        factors[row] = 0
        self.table -= np.outer(factors, self.table[row])
        self.costs -= self.costs[column] * self.table[row]
        self.basis[row] = column
        self.table[:, -1] = np.maximum(self.table[:, -1], 0)
