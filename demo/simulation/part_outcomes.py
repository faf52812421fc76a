"""What becomes of each part in a simulated year, drawn by chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, Literal

from demo.simulation.parts import draw_key, next_agency, questions_of_part
from demo.simulation.simulation import Simulation
from survey.models import Assignment

# pass: declined in favour of another agency; leave: not looked at; draft: answered, never submitted;
# return: returned once and revised; forget: returned and left there
PartOutcome = Literal["pass", "decline", "leave", "draft", "return", "forget", "submit"]
PartOutcomes = Mapping[int, PartOutcome]
OutcomeChances = tuple[tuple[float, PartOutcome], ...]
# What becomes of a part, by chance: where nobody else answers, where an agency answers if it has something, else.
SOLE_CHANCES: Final[OutcomeChances] = ((0.12, "pass"), (0.30, "return"), (1, "submit"))
IF_ANY_CHANCES: Final[OutcomeChances] = (
    (0.20, "decline"),
    (0.35, "leave"),
    (0.40, "draft"),
    (0.48, "return"),
    (1, "submit"),
)
USUAL_CHANCES: Final[OutcomeChances] = (
    (0.04, "decline"),
    (0.06, "draft"),
    (0.18, "return"),
    (0.20, "forget"),
    (1, "submit"),
)
UNANSWERED_OUTCOMES: Final = ("pass", "decline", "leave")  # outcomes of parts to which the agency answers nothing


def draw_outcomes(simulation: Simulation, agency_parts: Mapping[int, Sequence[Assignment]]) -> dict[int, PartOutcome]:
    """Draws the outcome of each part, by its key. No question is left without anybody who answers it."""
    answering_agencies = Counter(
        question
        for parts in agency_parts.values()
        for question in {question for part in parts for question in questions_of_part(simulation, part)}
    )
    outcomes: dict[int, PartOutcome] = {}
    for part in (part for parts in agency_parts.values() for part in parts):
        is_sole = any(answering_agencies[question] == 1 for question in questions_of_part(simulation, part))
        chances = SOLE_CHANCES if is_sole else IF_ANY_CHANCES if part.if_any else USUAL_CHANCES
        drawn = simulation.rng("fate", *draw_key(simulation, part)).random()
        outcome = next(name for limit, name in chances if drawn < limit)
        outcomes[part.pk] = "submit" if outcome == "pass" and next_agency(simulation, part) is None else outcome
    if "pass" not in outcomes.values():  # wherever somebody else can take a part over, one is handed on
        all_parts = (part for parts in agency_parts.values() for part in parts)
        passed = next((p for p in all_parts if next_agency(simulation, p) is not None), None)
        if passed is not None:
            outcomes[passed.pk] = "pass"
    return outcomes
