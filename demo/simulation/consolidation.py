"""The consolidation in a simulated year: what agrees at once, then question by question."""

from __future__ import annotations

from typing import Final

from demo.simulation.merge_choices import combined_choices, majority_choices, ranked_contributions
from demo.simulation.simulation import Simulation
from survey.consolidating.actions import consolidate_agreed, save_consolidation
from survey.consolidating.merge_decision import MergeDecision, make_decision
from survey.consolidating.overview import consolidation_overview
from survey.consolidating.queries import read_consolidation
from survey.consolidating.round_consolidation import RoundConsolidation

DECISION_NOTE: Final = "ตัวอย่าง: รวมจากคำตอบของหน่วยงานที่ส่งแล้ว"


def consolidate_answers(simulation: Simulation) -> None:
    """Takes what agrees in one go, then decides question by question."""
    response = simulation.response()
    consolidation = read_consolidation(response)
    event = consolidate_agreed(
        by=simulation.secretary,
        response=response,
        adopt=simulation.callbacks.adopter(simulation.secretary, consolidation),
    )
    simulation.print_line(f"consolidated at once where all agree: {len(event.data['taken'])} questions")
    simulation.print_line(f"consolidated one by one: {len(decide_open_questions(simulation))} questions")


def decide_open_questions(simulation: Simulation) -> list[str]:
    """Decides every question that waits: not decided yet, or changed since. Returns which."""
    consolidation = read_consolidation(simulation.response())
    waiting = [e.question.id for e in consolidation_overview(consolidation) if e.is_open]
    return [question for question in waiting if _decide_question(simulation, question)]


def _decide_question(simulation: Simulation, question: str) -> bool:
    """Decides one question, as its page does; False where nothing is handed in."""
    response = simulation.response()
    consolidation = read_consolidation(response)
    comparison = consolidation.compare_handed_in(question, consolidation.current_values(question))
    if not comparison.keys:
        return False
    row = consolidation.answers.get(question)
    saved = save_consolidation(
        by=simulation.secretary,
        response=response,
        decision=_make_decision(simulation, consolidation, question),
        base_revision=row.revision if row else 0,
        seen={p.contribution: p.answer_row.revision for p in consolidation.agency_answers.get(question, ())},
        note=DECISION_NOTE,
        adopt=simulation.callbacks.adopter(simulation.secretary, consolidation),
    )
    if saved.conflict:
        raise RuntimeError(f"{question} changed while it was decided")
    return True


def _make_decision(simulation: Simulation, consolidation: RoundConsolidation, question: str) -> MergeDecision:
    comparison = consolidation.compare_handed_in(question, consolidation.current_values(question))
    preferred = combined_choices(comparison, simulation.rng("decide", question))
    decision = make_decision(consolidation, comparison, preferred)
    if decision.merged.is_complete:
        return decision
    invalid = {*decision.merged.undecided, *(fault.address for fault in decision.merged.invalid)}
    for choices in (majority_choices(comparison, preferred, invalid), *ranked_contributions(comparison)):
        decision = make_decision(consolidation, comparison, choices)
        if decision.merged.is_complete:
            return decision
    raise RuntimeError(f"no contribution to {question} is a valid answer")
