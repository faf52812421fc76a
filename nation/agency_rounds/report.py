"""A year that each agency answers, told whole: blocks, rows of provinces and of agencies, the same as JSON. PURE."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from nation.agency_rounds.averaging import (
    TOTAL,
    AgencyAnswer,
    Averages,
    average_agencies,
    average_provinces,
    group_by_province,
    score_agency,
)
from nation.agency_rounds.blocks import (
    Averaged,
    count_bands,
    count_channels,
    count_kinds,
    count_provinces,
    count_rates,
    score_blocks,
)
from nation.facts.types import FactBlock, NationalReport, Population
from scoring.engine.as_json import format_decimal
from scoring.engine.levels import round_score
from scoring.scheme.types import ScoringScheme
from survey.instrument.schema import CompiledInstrument


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """Scores of a province or an agency, two places: components by code, dimensions by number, and the total."""

    components: Mapping[str, Decimal]
    dimensions: Mapping[str, Decimal]
    total: Decimal | None

    def json(self) -> dict[str, Any]:
        """As JSON shows it; what was not answered is left out."""
        return {
            "total": format_decimal(self.total),
            "dimensions": {number: format_decimal(score) for number, score in self.dimensions.items()},
            "components": {code: format_decimal(score) for code, score in self.components.items()},
        }


@dataclass(frozen=True, slots=True)
class ProvinceLine:
    """A province with a round: how many of its agencies were asked and answered, and its averages."""

    code: str
    name: str
    asked: int
    answered: int
    scores: ScoreLine


@dataclass(frozen=True)
class AgencyYear:
    """A year, or one round of it, that each agency answers: form, scheme (None: there is none) and asked agencies.

    `provinces`: names by code of those with a round, in Thai order.
    """

    year: int
    form: CompiledInstrument
    scheme: ScoringScheme | None
    provinces: Mapping[str, str]
    answers: tuple[AgencyAnswer, ...]

    @property
    def uncounted(self) -> int:
        """How many agencies have answered what is not counted yet."""
        return sum(one.has_answered and not one.is_counted for one in self.answers)

    @cached_property
    def averages(self) -> Mapping[str, Averages]:
        """The averages of each province that was asked, by its code; none without a scheme."""
        if self.scheme is None:
            return {}
        return {code: average_agencies(self.scheme, some) for code, some in group_by_province(self.answers).items()}

    def of_provinces(self, codes: Collection[str]) -> AgencyYear:
        """The same year of some provinces only."""
        names = {code: name for code, name in self.provinces.items() if code in codes}
        return replace(self, provinces=names, answers=tuple(one for one in self.answers if one.province in names))

    def national_report(self, population: Population, *, least: int = 1) -> NationalReport:
        """The averages as a national report, which every output of that one shows.

        `least`: a mean of fewer provinces is not told.
        """
        counted = tuple(code for code, one in self.averages.items() if one.total is not None)
        blocks = self.national_blocks(least) if self.provinces else ()
        return NationalReport(population, counted, len(self.provinces), blocks, by_agencies=True)

    def national_blocks(self, least: int = 1) -> tuple[FactBlock, ...]:
        """The blocks of all provinces together: response rates, averages of provinces, the histogram."""
        kinds = self.form.answering.kinds
        blocks = [count_rates(self.answers), count_kinds(self.answers, kinds), count_provinces(self.answers)]
        blocks.append(count_channels(self.answers))
        averages = average_provinces(self.averages.values())
        answered = len({one.province for one in self.answers if one.has_answered})
        if self.scheme is not None:
            told = Averaged(averages, len(self.provinces), answered, of_provinces=True, least=least)
            dimensions, *components = score_blocks(self.form, told)
            bands = self.scheme.score_bands
            histogram = [count_bands(bands, self.averages)] if bands else []
            blocks += [dimensions, *histogram, *components]
        return tuple(blocks)

    def province_blocks(self) -> tuple[FactBlock, ...]:
        """The blocks of one province: who answered by kind and channel, averages of its agencies."""
        kinds = self.form.answering.kinds
        blocks = [count_rates(self.answers), count_kinds(self.answers, kinds), count_channels(self.answers)]
        if self.scheme is not None:
            averages = average_agencies(self.scheme, self.answers)
            answered = sum(one.has_answered for one in self.answers)
            blocks += score_blocks(self.form, Averaged(averages, len(self.answers), answered, of_provinces=False))
        return tuple(blocks)

    def province_lines(self) -> Iterator[ProvinceLine]:
        """Every province with a round in Thai order, whether it was asked anything or not."""
        asked = group_by_province(self.answers)
        for code, name in self.provinces.items():
            own = asked.get(code, [])
            yield ProvinceLine(code, name, len(own), sum(a.has_answered for a in own), _line(self.averages.get(code)))

    def agency_scores(self, answer: AgencyAnswer) -> ScoreLine:
        """The scores of one agency; empty while it has not answered or is not counted."""
        if self.scheme is None or not answer.has_answered:
            return ScoreLine({}, {}, None)
        scores = {key: round_score(score) for key, score in score_agency(self.scheme, answer).items()}
        components = {code: round_score(score) for code, score in answer.components.items()}
        return ScoreLine(components, {k: v for k, v in scores.items() if k != TOTAL}, scores.get(TOTAL))

    def national_json(self) -> dict[str, Any]:
        """The year as JSON: its blocks, and every province."""
        provinces = [
            {"code": one.code, "name": one.name, "asked": one.asked, "answered": one.answered, **one.scores.json()}
            for one in self.province_lines()
        ]
        return {**self._about(), "blocks": [b.json() for b in self.national_blocks()], "provinces": provinces}

    def province_json(self) -> dict[str, Any]:
        """One province as JSON: its blocks, and every agency that was asked."""
        agencies = [
            {
                "code": one.code,
                "name": one.name,
                "kind": one.kind,
                "standing": one.standing.value,
                "channel": one.channel,
                **self.agency_scores(one).json(),
            }
            for one in self.answers
        ]
        blocks = [block.json() for block in self.province_blocks()]
        return {**self._about(), "province": next(iter(self.provinces)), "blocks": blocks, "agencies": agencies}

    def _about(self) -> dict[str, Any]:
        return {
            "year": self.year,
            "answered_by": self.form.answering.by.value,
            "form": f"{self.form.key}-{self.form.year}",
            "asked": len(self.answers),
            "answered": sum(one.has_answered for one in self.answers),
            "uncounted": self.uncounted,
        }


def _line(averages: Averages | None) -> ScoreLine:
    if averages is None:
        return ScoreLine({}, {}, None)
    return ScoreLine(
        {code: round_score(mean.value) for code, mean in averages.components.items()},
        {number: round_score(mean.value) for number, mean in averages.dimensions.items()},
        round_score(averages.total.value) if averages.total else None,
    )
