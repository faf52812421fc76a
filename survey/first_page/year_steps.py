"""The year of a round as a line of steps, with where it is. PURE."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from survey.first_page.facts import RoundFacts

StepKey = Literal["open", "assign", "answer", "consolidate", "check", "committee", "governor", "handed_over"]
StepState = Literal["done", "current", "ahead", "skipped"]

STEPS: Final[tuple[StepKey, ...]] = (
    "open",
    "assign",
    "answer",
    "consolidate",
    "check",
    "committee",
    "governor",
    "handed_over",
)


@dataclass(frozen=True, slots=True)
class YearStep:
    """A step of the year. `day`: its planned day; of a step that is done, none: what happened takes its place."""

    key: StepKey
    state: StepState
    day: date | None = None


def year_steps(facts: RoundFacts, today: date) -> tuple[YearStep, ...]:
    """The steps in order: what is done, the one the round is at, what is ahead, and what was left out.

    The state of the answer decides, then the parts: a province that assigns nothing skips what agencies do.
    """
    current = STEPS.index(_current_step(facts, today))
    days = {
        "open": facts.opens_on,
        "answer": facts.agency_due,
        "committee": facts.committee_on,
        "governor": facts.closes_on,
    }
    finished = facts.handed_over and facts.state == "approved"
    steps = []
    for index, key in enumerate(STEPS):
        state: StepState = "ahead"
        if index < current or finished:
            state = "skipped" if key in _left_out(facts) else "done"
        elif index == current:
            state = "current"
        steps.append(YearStep(key, state, days.get(key) if state in ("current", "ahead") else None))
    return tuple(steps)


def _current_step(facts: RoundFacts, today: date) -> StepKey:
    if facts.state == "approved":
        return "handed_over"
    if facts.state in ("submitted", "endorsed"):
        return "governor"
    if today < facts.opens_on:
        return "open"
    if facts.state == "returned":
        return "check"
    if facts.meetings.next_day is not None and facts.meetings.next_day <= today:
        return "committee"
    if not facts.parts.total:
        # Nothing is assigned: until the agencies' day it may come; after it the province answers alone.
        return "assign" if today <= facts.agency_due else "check"
    if facts.parts.waiting:
        return "answer"
    if facts.to_consolidate or facts.parts.submitted or facts.parts.declined:
        return "consolidate"
    return "committee" if facts.meetings.next_id is not None and not facts.must_answer else "check"


def _left_out(facts: RoundFacts) -> frozenset[StepKey]:
    """Steps of the past that did not take place in this round."""
    left_out: set[StepKey] = set()
    if not facts.parts.total:
        left_out |= {"assign", "answer", "consolidate"}
    if facts.meetings.outcome != "endorsed" and facts.state != "endorsed":
        left_out.add("committee")
    return frozenset(left_out)
