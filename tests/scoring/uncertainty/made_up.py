"""Made-up provinces: answers picked at random, each province answering as much as its own readiness."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from survey.instrument.schema import AnswerValue
from tests.scoring.worlds import full_answers

EXTERNALS = {"3.3": Decimal("49.83"), "4.2": Decimal("69.52"), "4.3": Decimal("49.52"), "2.2": Decimal("33.33")}
WORSE = {"done": ("doing", "none", "exempt"), "yes": ("no",)}


def make_answers(name: str, number: int) -> dict[str, AnswerValue]:
    """The answers of made-up province `number`, from 1."""
    chance = Random(number)
    ready = chance.uniform(0.25, 0.95)
    values: dict[str, AnswerValue] = {}
    for address, value in full_answers(name).items():
        if isinstance(value, list):
            values[address] = [one for one in value if chance.random() < ready]
        elif chance.random() < ready:
            values[address] = value
        elif isinstance(value, str) and value in WORSE:
            values[address] = chance.choice(WORSE[value])
    return values
