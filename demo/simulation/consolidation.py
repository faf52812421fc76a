"""The consolidation in a simulated year: what agrees at once, then question by question."""

from __future__ import annotations

from typing import Final

from demo.simulation.merge_choices import combined_choices, majority_choices, ranked_contributions
from demo.simulation.simulation import Simulation
from survey.consolidating import actions as decisions
from survey.consolidating import queries as consolidation
from survey.consolidating.queries import MergeDecision, RoundConsolidation

DECISION_NOTE: Final = "ตัวอย่าง: รวมจากคำตอบของหน่วยงานที่ส่งแล้ว"


def consolidate_answers(simulation: Simulation) -> None:
    """Takes what agrees in one go, then decides question by question."""
    response = simulation.response()
    book = consolidation.read_consolidation(response)
    event = decisions.consolidate_agreed(
        by=simulation.secretary, response=response, adopt=simulation.callbacks.adopter(simulation.secretary, book)
    )
    simulation.print_line(f"consolidated at once where all agree: {len(event.data['taken'])} questions")
    simulation.print_line(f"consolidated one by one: {len(decide_open_questions(simulation))} questions")


def decide_open_questions(simulation: Simulation) -> list[str]:
    """Decides every question that waits: not decided yet, or changed since. Returns which."""
    book = consolidation.read_consolidation(simulation.response())
    waiting = [e.question.id for e in consolidation.consolidation_overview(book) if e.is_open]
    return [question for question in waiting if _decide_question(simulation, question)]


def _decide_question(simulation: Simulation, question: str) -> bool:
    """Decides one question, as its page does; False where nothing is handed in."""
    response = simulation.response()
    book = consolidation.read_consolidation(response)
    comparison = book.handed_in(question, book.current(question))
    if not comparison.keys:
        return False
    row = book.rows.get(question)
    saved = decisions.save_consolidation(
        by=simulation.secretary,
        response=response,
        decision=_make_decision(simulation, book, question),
        base_revision=row.revision if row else 0,
        seen={p.response: p.row.revision for p in book.parts.get(question, ())},
        note=DECISION_NOTE,
        adopt=simulation.callbacks.adopter(simulation.secretary, book),
    )
    if saved.conflict:
        raise RuntimeError(f"{question} changed while it was decided")
    return True


def _make_decision(simulation: Simulation, book: RoundConsolidation, question: str) -> MergeDecision:
    comparison = book.handed_in(question, book.current(question))
    preferred = combined_choices(comparison, simulation.rng("decide", question))
    decision = consolidation.make_decision(book, comparison, preferred)
    if decision.merged.is_whole:
        return decision
    invalid = {*decision.merged.undecided, *(fault.address for fault in decision.merged.invalid)}
    for choices in (majority_choices(comparison, preferred, invalid), *ranked_contributions(comparison)):
        decision = consolidation.make_decision(book, comparison, choices)
        if decision.merged.is_whole:
            return decision
    raise RuntimeError(f"no contribution to {question} is a valid answer")
