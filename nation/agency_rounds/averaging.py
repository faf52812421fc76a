"""Averages of agencies that each answered a whole form: components, dimensions, total, each with its number. PURE.

Only what was answered counts: an agency that is silent, or left a component out, is never a 0 in a mean. A component of
a province is the plain mean of its agencies, a dimension and the total are weighted as the scheme says. The nation is
the plain mean of its provinces, so that a province of few answers weighs as much as any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final

from scoring.engine.aggregates import aggregate_scores
from scoring.scheme.types import ScoringScheme

TOTAL: Final = "total"


class AgencyStanding(StrEnum):
    """How far an asked agency is with its form."""

    ANSWERED = "answered"  # handed in: nothing of it is open any more, and not all was declined
    OPEN = "open"
    DECLINED = "declined"  # all of it: the agency says that the survey is not its work


@dataclass(frozen=True, slots=True)
class AgencyAnswer:
    """An asked agency. `kind`: key of a kind of the year, "" for none of them. `channel`: "" unless it answered.

    `components`: scores of those it answered, by code. `is_counted`: whether they are those of its present answer.
    """

    province: str
    code: str
    name: str
    kind: str
    standing: AgencyStanding
    channel: str = ""
    components: Mapping[str, Decimal] = field(default_factory=dict)
    is_counted: bool = True
    response: int | None = None

    @property
    def has_answered(self) -> bool:
        """Whether it handed its form in."""
        return self.standing is AgencyStanding.ANSWERED


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean and how many it is of."""

    value: Decimal
    n: int


@dataclass(frozen=True, slots=True)
class Averages:
    """Means of components by code, of dimensions by number, and of the total; what nobody answered is left out."""

    components: Mapping[str, Mean]
    dimensions: Mapping[str, Mean]
    total: Mean | None


def score_agency(scheme: ScoringScheme, answer: AgencyAnswer) -> Mapping[str, Decimal]:
    """Dimensions by number and the total of one agency, over what it answered."""
    return _aggregate(scheme, answer.components)


def average_agencies(scheme: ScoringScheme, answers: Iterable[AgencyAnswer]) -> Averages:
    """The figures of a province from its agencies; n is of agencies."""
    counted = [one for one in answers if one.has_answered and one.components]
    components = _means(one.components for one in counted)
    scores = _aggregate(scheme, {code: mean.value for code, mean in components.items()})
    numbers = {
        pillar.number: sum(any(s.code in one.components for s in pillar.sub_pillars) for one in counted)
        for pillar in scheme.pillars
    }
    dimensions = {number: Mean(scores[number], n) for number, n in numbers.items() if number in scores}
    return Averages(components, dimensions, Mean(scores[TOTAL], len(counted)) if TOTAL in scores else None)


def average_provinces(provinces: Iterable[Averages]) -> Averages:
    """The figures of the nation from those of its provinces; n is of provinces."""
    counted = [one for one in provinces if one.total is not None]
    total = _means({TOTAL: one.total.value} for one in counted if one.total is not None)
    return Averages(
        _means({code: mean.value for code, mean in one.components.items()} for one in counted),
        _means({number: mean.value for number, mean in one.dimensions.items()} for one in counted),
        total.get(TOTAL),
    )


def group_by_province(answers: Iterable[AgencyAnswer]) -> dict[str, list[AgencyAnswer]]:
    """The asked agencies of each province, by its code, in the order in which they come."""
    found: dict[str, list[AgencyAnswer]] = {}
    for one in answers:
        found.setdefault(one.province, []).append(one)
    return found


def find_band(limits: Sequence[Decimal], score: Decimal) -> int:
    """The place of a score among the bands, 0 for the lowest; at the last limit it is not yet above it."""
    return sum(score > limit if limit == limits[-1] else score >= limit for limit in limits)


def _aggregate(scheme: ScoringScheme, components: Mapping[str, Decimal]) -> dict[str, Decimal]:
    whole = aggregate_scores(scheme, components)
    scores = {pillar.number: pillar.score for pillar in whole.pillars if pillar.score is not None}
    return scores if whole.total is None else {**scores, TOTAL: whole.total}


def _means(given: Iterable[Mapping[str, Decimal]]) -> dict[str, Mean]:
    """The plain mean of each code over those that have it."""
    values: dict[str, list[Decimal]] = {}
    for one in given:
        for code, value in one.items():
            values.setdefault(code, []).append(value)
    return {code: Mean(sum(some, Decimal(0)) / len(some), len(some)) for code, some in values.items()}
