"""Steps of a criterion that is a share: more of the part, and counting what is not counted. PURE."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal

from scoring.engine.sheet import CriterionScore
from scoring.planning.optimum.answer_changes import ChangeFinder
from scoring.planning.optimum.improvement import ImprovementStep, keep_rising
from scoring.planning.optimum.piece_rules import PieceRules
from scoring.planning.optimum.work import WorkPiece
from scoring.planning.optimum.work_units import WorkUnitBuilder
from scoring.scheme.load_extensions import ITEM_WORK
from scoring.scheme.measure_types import Ratio
from scoring.scheme.types import Criterion
from survey.instrument.addresses import item_id_of


class RatioStepFinder(WorkUnitBuilder):
    """Finds the steps of shares. `expected`: numbers that are not answered yet, as somebody expects them."""

    def __init__(
        self,
        change_finder: ChangeFinder,
        efforts: Mapping[str, int],
        expected: Mapping[str, Decimal],
        rules: PieceRules | None = None,
    ) -> None:
        super().__init__(change_finder, efforts, rules)
        self.expected = expected

    def list_ratio_steps(self, criterion: Criterion, current: CriterionScore, measure: Ratio) -> list[ImprovementStep]:
        """More of the part; where the whole is 0 or not known, with what is expected of it."""
        numbers_known, kind = get_ratio_numbers(criterion, current, self.expected), criterion.work_kind or ITEM_WORK
        if numbers_known is None or current.points is None:
            return []
        whole, present = numbers_known
        steps = []
        for step in criterion.steps:
            missing = Decimal(math.ceil(step.threshold * whole / 100)) - present
            if step.points.value <= current.points:
                continue
            missing = max(missing, Decimal(0))
            numbers = {measure.part: present + missing, measure.whole: whole}
            numbers = {a: n for a, n in numbers.items() if self.change_finder.facts.number(a) != n}
            changes, gates = self.change_finder.set_numbers({a: f"{n:f}" for a, n in numbers.items()})
            added_pieces = [self.make_piece(f"{measure.part}+{n}", kind, criterion.name) for n in range(int(missing))]
            pieces = (
                *added_pieces,
                *self._counting_pieces(measure, numbers, bool(added_pieces)),
                *self.list_opening_pieces(gates - self._opening_answers(measure)),
            )
            if pieces and all(map(self.rules.allows_piece, pieces)):
                steps.append(ImprovementStep(criterion.id, step.points.value, pieces, changes))
        return keep_rising(steps)

    def _counting_pieces(self, measure: Ratio, numbers: Mapping[str, Decimal], is_part_added: bool) -> list[WorkPiece]:
        """Counting what is not counted; who makes more of the part knows its number."""
        unknown = [
            a for a in (measure.whole, measure.part) if a in numbers and self.change_finder.facts.number(a) is None
        ]
        to_count = [a for a in unknown if not (is_part_added and a == measure.part)]
        labels = [
            self.get_question_text((self.change_finder.items[item_id_of(a)].opened_by or a).split("=", 1)[0])
            for a in to_count
        ]
        return [
            self.make_piece(a, ITEM_WORK, label, is_question=self.rules.asks)
            for a, label in zip(to_count, labels, strict=True)
        ]

    def _opening_answers(self, measure: Ratio) -> frozenset[str]:
        """The answers that only say that a number follows."""
        return frozenset(self.change_finder.items[item_id_of(a)].opened_by or "" for a in (measure.part, measure.whole))


def get_ratio_numbers(
    criterion: Criterion, current: CriterionScore, expected: Mapping[str, Decimal]
) -> tuple[Decimal, Decimal] | None:
    """The whole and the part of a ratio as answered, else as expected; None: nobody has said."""
    measure = criterion.measure
    assert isinstance(measure, Ratio)
    part, whole = (
        expected.get(address) if trace.value is None else Decimal(trace.value)
        for trace, address in zip(current.trace.parts, (measure.part, measure.whole), strict=True)
    )
    if whole is None:
        return None
    if not whole:
        return Decimal(1), Decimal(0)  # there is none yet: the first one is the whole
    return whole, min(part or Decimal(0), whole)
