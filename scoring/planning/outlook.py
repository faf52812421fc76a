"""Unfinished apart from uncertain: the score now, with all proof, and finished with "yes"; why points are lost. PURE.

Each score is one reading of the same form, so that they stand in a row and their differences say why points are lost:

    now ≤ claimed ≤ proven ≤ finished ≤ 100
        rejected  no proof  not answered  answered "no", and what scores from outside lack

An open question that nobody answers earns nothing, so the score now is also that of a form finished with "no".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any, Final

from scoring.engine.as_json import format_decimal
from scoring.engine.facts import ResponseFacts
from scoring.engine.score import compute_score_sheet
from scoring.engine.sheet import ScoreSheet
from scoring.planning.optimum.answer_changes import ChangeFinder
from scoring.planning.optimum.plan_types import PlanningCase
from scoring.planning.optimum.steps import StepFinder
from scoring.planning.what_if.changes import ScenarioChanges, apply_changes, merge_changes
from scoring.scheme.measure_types import NumberValue, Ratio

FULL: Final = Decimal(100)
ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class LostPoints:
    """Why points of the total are lost; together with the score now they make 100."""

    rejected: Decimal
    no_evidence: Decimal
    not_answered: Decimal
    answered_no: Decimal
    external: Decimal


@dataclass(frozen=True, slots=True)
class Outlook:
    """A response's score now, as claimed, with all proof, and finished with "yes" wherever nothing is answered."""

    now: ScoreSheet
    claimed: ScoreSheet
    proven: ScoreSheet
    finished: ScoreSheet

    @property
    def lost(self) -> LostPoints | None:
        """Why points are lost; None where there is no total yet."""
        totals = [sheet.total for sheet in (self.now, self.claimed, self.proven, self.finished)]
        known = [total for total in totals if total is not None]
        if len(known) < len(totals):
            return None
        external = _lost_outside(self.now)
        rejected, no_evidence, not_answered, answered_no = (
            max(later - earlier, ZERO) for earlier, later in zip(known, [*known[1:], FULL - external], strict=True)
        )
        return LostPoints(rejected, no_evidence, not_answered, answered_no, external)


def _lost_outside(sheet: ScoreSheet) -> Decimal:
    """What the scores from outside that are known lack of their full points, in points of the total."""
    lacking = [
        sub.weight.value * (FULL - sub.score)
        for sub in sheet.sub_pillars
        if sub.external and sub.score is not None and sub.weight is not None
    ]
    return sum(lacking, ZERO) / sheet.known_weight if lacking else ZERO


def serialize_outlook(outlook: Outlook) -> dict[str, Any]:
    """The totals of the readings, and what is lost by reason."""
    lost = outlook.lost
    return {
        "now": format_decimal(outlook.now.total),
        "claimed": format_decimal(outlook.claimed.total),
        "proven": format_decimal(outlook.proven.total),
        "finished_no": format_decimal(outlook.now.total),
        "finished_yes": format_decimal(outlook.finished.total),
        "lost": {one.name: format_decimal(getattr(lost, one.name)) for one in fields(LostPoints)} if lost else None,
    }


def compute_outlook(case: PlanningCase, claimed: frozenset[str]) -> Outlook:
    """The outlook of a response. `claimed`: the places whose evidence would count if no reviewer rejected it."""
    facts = case.facts
    as_claimed = replace(facts, marked=facts.marked | claimed)
    proven = _with_all_proof(facts)
    proven_case = replace(case, facts=proven, sheet=_sheet(case, proven))
    finished = _with_all_proof(
        apply_changes(case.instrument, case.values, proven, merge_changes(_yes_elsewhere(proven_case)))
    )
    return Outlook(case.sheet, _sheet(case, as_claimed), proven_case.sheet, _sheet(case, finished))


def _sheet(case: PlanningCase, facts: ResponseFacts) -> ScoreSheet:
    return compute_score_sheet(case.instrument, case.scheme, facts)


def _with_all_proof(facts: ResponseFacts) -> ResponseFacts:
    return replace(facts, marked=facts.marked | frozenset(facts.path.places))


def _yes_elsewhere(case: PlanningCase) -> Iterator[ScenarioChanges]:
    """What answers each open question in the best way; what is answered stays as it is."""
    finder = ChangeFinder(case.instrument, case.values, case.facts)
    steps = StepFinder(finder, dict.fromkeys(case.scheme.work_kinds, 1) | dict(case.efforts), case.expected)
    criteria = {criterion.id: criterion for sub in case.scheme.sub_pillars.values() for criterion in sub.walk()}
    # Choices first: what a count needs to be opened stands above what its own question would be worth.
    for current in sorted(case.sheet.criteria, key=lambda one: criteria[one.id].choice is None):
        criterion = criteria[current.id]
        if isinstance(criterion.measure, Ratio):
            yield from _whole_share(case, finder, criterion.measure)
            continue
        if isinstance(criterion.measure, NumberValue):
            highest = {criterion.measure.address: f"{criterion.steps[-1].threshold:f}"}
            yield from (changes for changes in [finder.set_numbers(highest)[0]] if _is_open(case, changes))
            continue
        best = (s.changes for s in reversed(steps.list_steps(criterion, current)) if _is_open(case, s.changes))
        if (changes := next(best, None)) is not None:
            yield changes
        elif criterion.measure is not None:
            for unit in steps.list_units(criterion, current):
                yield from (changes for changes in unit.changes if _is_open(case, changes))


def _whole_share(case: PlanningCase, finder: ChangeFinder, measure: Ratio) -> Iterator[ScenarioChanges]:
    """A share that nobody counted yet is whole: as many as are known of, else one."""
    part, whole = (case.facts.number(address) for address in (measure.part, measure.whole))
    if part is not None and whole is not None:
        return
    number = whole if whole is not None else part if part is not None else Decimal(1)
    changes, _gates = finder.set_numbers(dict.fromkeys((measure.part, measure.whole), f"{number:f}"))
    if _is_open(case, changes):
        yield changes


def _is_open(case: PlanningCase, changes: ScenarioChanges) -> bool:
    """Whether all that it answers is not answered yet."""
    return not any(address in case.values for address in changes.values)
