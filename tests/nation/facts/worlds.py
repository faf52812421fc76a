"""Provinces that answered the made-up form, as the report reads them, without a database."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from demo.content import sample_values
from dgready.localized_text import LocalizedText
from nation.facts.contribution import contribute
from nation.facts.summing import Given, Rates, sum_up
from nation.facts.tally import Picked, Tally
from nation.facts.types import FactBlock
from survey.instrument.path import resolve_path
from survey.instrument.schema import AnswerValue, CompiledInstrument

LEVELS = {n: LocalizedText(f"ระดับ {n}", f"level {n}") for n in range(1, 6)}
Values = Mapping[str, AnswerValue]


def answers(form: CompiledInstrument, provinces: int) -> list[dict[str, AnswerValue]]:
    """Made-up answers of so many provinces."""
    return [sample_values(form, f"province {n}") for n in range(provinces)]


def contributions(form: CompiledInstrument, values: Sequence[Values]) -> dict[str, dict[str, Any]]:
    """What they add, as it comes back from the database."""
    return {f"TH-{n:02}": json.loads(json.dumps(contribute(resolve_path(form, one)))) for n, one in enumerate(values)}


def blocks_of(
    form: CompiledInstrument, found: Mapping[str, Mapping[str, Any]], picked: Picked | None = None
) -> dict[str, FactBlock]:
    """All blocks by key."""
    given = Given(LEVELS, picked or Picked())
    return {block.key: block for block in sum_up(Tally(form, found), Rates(len(found), {}, tuple(found)), given)}
