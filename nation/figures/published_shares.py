"""Published shares of the year before as rows of this year's report: where they stand in its blocks. One query."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from nation.facts.comparing import COMPARABLE, PublishedFigure
from scoring.models import Benchmark
from survey.instrument.addresses import item_id_of
from survey.instrument.schema import CompiledInstrument
from survey.linking.links import YearLinks

PILLAR, SUB_PILLAR, QUESTION = Benchmark.Kind.PILLAR, Benchmark.Kind.SUB_PILLAR, Benchmark.Kind.QUESTION
# Shares of several levels, as the table of published figures names them → the block that tells them.
SPANS: Final[Mapping[str, str]] = {"level-3-up": "levels.high", "level-1-2": "levels.low"}
LEVEL: Final = "level-"


def read_published_shares(form: CompiledInstrument, links: YearLinks) -> list[PublishedFigure]:
    """The shares that are about a row of this form's report. One query."""
    found = []
    for figure in Benchmark.objects.filter(year=links.year).exclude(percent=None):
        place = block_of_level(figure, links) if figure.kind != QUESTION else block_of_answer(figure, form, links)
        if place is not None and figure.percent is not None:
            found.append(PublishedFigure(*place, figure.percent, figure.base is not None))
    return found


def block_of_level(figure: Benchmark, links: YearLinks) -> tuple[str, str] | None:
    """The block and row of a share of levels; None where the framework changed."""
    code = figure.code
    if figure.kind == SUB_PILLAR:
        link = links.sub_pillar_from(code)
        if link is None or len(link.new) != 1 or len(links.sub_pillars_to(link.new[0])) != 1:
            return None
        code = link.new[0]
    elif figure.kind != PILLAR:
        return None
    if figure.option in SPANS:
        return SPANS[figure.option], code
    return f"levels.{code}", figure.option.removeprefix(LEVEL)


def block_of_answer(figure: Benchmark, form: CompiledInstrument, links: YearLinks) -> tuple[str, str] | None:
    """The block and row of a share of answers; None where no answer of this form is the same one."""
    link = links.link_from(figure.code)
    if link is None or not link.comparable or link.relation not in COMPARABLE:
        return None
    address, equals, option = (link.figure_address(figure.option, form) or "").partition("=")
    return place_of_answer(form, address, option) if equals else None


def place_of_answer(form: CompiledInstrument, address: str, option: str) -> tuple[str, str]:
    """The block and row that count an option of a field."""
    item = item_id_of(address)
    _table, slash, cell = address.partition("/")
    return f"question.{item}", f"{cell.replace('/', ':')}:{option}" if slash else option
