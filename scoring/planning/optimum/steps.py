"""Finding the steps of a criterion: to more points, each with its pieces of work and its changes. PURE."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from scoring.engine.sheet import CriterionScore
from scoring.planning.optimum.answer_changes import ChangeFinder
from scoring.planning.optimum.improvement import ImprovementStep, keep_rising
from scoring.planning.optimum.least_effort import compute_effort_curve
from scoring.planning.optimum.piece_rules import PieceRules
from scoring.planning.optimum.ratio_steps import RatioStepFinder
from scoring.planning.optimum.work import NO_PIECES, WorkNode, WorkPiece, WorkUnit
from scoring.planning.optimum.work_nodes import WorkNodeBuilder
from scoring.planning.what_if.changes import merge_changes
from scoring.scheme.load_extensions import ITEM_WORK
from scoring.scheme.measure_types import Ratio
from scoring.scheme.types import Criterion
from survey.instrument.addresses import option_address


class StepFinder(WorkNodeBuilder):
    """Finds the steps of the criteria of one response. `efforts`: effort by kind of work.

    `expected`: numbers that are not answered yet, as somebody expects them.
    """

    def __init__(
        self,
        change_finder: ChangeFinder,
        efforts: Mapping[str, int],
        expected: Mapping[str, Decimal] | None = None,
        rules: PieceRules | None = None,
    ) -> None:
        super().__init__(change_finder, efforts, rules)
        self.ratios = RatioStepFinder(change_finder, efforts, expected or {}, rules)
        self._nodes: dict[str, WorkNode] = {}

    def list_steps(
        self, criterion: Criterion, current: CriterionScore, free_pieces: frozenset[str] = NO_PIECES
    ) -> list[ImprovementStep]:
        """The steps above what the criterion gives now, each with the least work; points as the scheme promises them.

        `free_pieces`: pieces of work that are done anyway.
        """
        if not self.rules.allows_criterion(criterion.id):
            return []
        if criterion.choice is not None:
            return self._choice_steps(criterion, current)
        if criterion.measure is None or current.points is None:
            return []
        if isinstance(criterion.measure, Ratio):
            return self.ratios.list_ratio_steps(criterion, current, criterion.measure)
        effort_curve = compute_effort_curve(self.get_node(criterion, current), free_pieces)
        value = Decimal(current.value or 0)
        steps: list[ImprovementStep] = []
        for step in criterion.steps:
            missing = math.ceil(step.threshold - value)
            if step.points.value > max([current.points, *(s.points for s in steps)]) and 0 < missing < len(
                effort_curve
            ):
                steps.append(self._step(criterion.id, step.points.value, effort_curve[missing][1]))
        return steps

    def _step(self, ident: str, points: Decimal, units: Sequence[WorkUnit]) -> ImprovementStep:
        pieces: dict[str, WorkPiece] = {}
        for piece in (p for u in units for p in u.pieces):
            if piece.key not in pieces or piece.effort > pieces[piece.key].effort:
                pieces[piece.key] = piece
        return ImprovementStep(
            ident, points, tuple(pieces.values()), merge_changes(c for u in units for c in u.changes)
        )

    def list_units(self, criterion: Criterion, current: CriterionScore) -> list[WorkUnit]:
        """Every unit of work there is for a criterion."""
        if not self.rules.allows_criterion(criterion.id):
            return []
        if isinstance(criterion.measure, Ratio) or criterion.measure is None or current.points is None:
            return [WorkUnit(s.pieces, (s.changes,)) for s in self.list_steps(criterion, current)]
        return list(self.get_node(criterion, current).walk())

    def get_node(self, criterion: Criterion, current: CriterionScore) -> WorkNode:
        """The units of a counting criterion, as its measure joins them."""
        node = self._nodes.get(criterion.id)
        if node is None:
            assert criterion.measure is not None
            node = self._nodes[criterion.id] = self.build_node(
                criterion.measure, current.trace, criterion.work_kind or ITEM_WORK
            )
        return node

    def _choice_steps(self, criterion: Criterion, current: CriterionScore) -> list[ImprovementStep]:
        address, kind = criterion.choice or "", criterion.work_kind or ITEM_WORK
        item, column, _row = self.lookup.find_field(address)
        unproven = {(leaf.answer_address or leaf.address): leaf for leaf in current.unproven}
        current_points = current.points or Decimal(0)
        steps = []
        for option in (column or item).options:
            points = criterion.points[option.key].value
            if points <= current_points:
                continue
            chosen_address = option_address(address, option.key)
            if chosen_address in unproven:
                unit = self.build_leaf_unit(replace(unproven[chosen_address], label=criterion.name), kind)
            else:
                changes, gates = self.change_finder.choose_option(address, option.key)
                # Part of the way is part of the work.
                part = max(1, math.ceil(self.efforts[kind] * points / criterion.maximum))
                asked = self.is_question(changes)
                piece = self.make_piece(chosen_address, kind, criterion.name, part, is_question=asked)
                opening = self.list_opening_pieces(gates, chosen_address, is_question=asked)
                unit = WorkUnit((piece, *opening), (changes,))
            if self.rules.allows(unit):
                steps.append(self._step(criterion.id, points, [unit]))
        return keep_rising(steps)
