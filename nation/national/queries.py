"""Reads of the national report: its blocks as they may be told, names of sections, the provinces behind a figure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from accounts.respondents import RespondentKind
from dgready.localized_text import LocalizedText
from nation.facts.types import NationalReport, Population
from nation.figures.national_queries import UnknownGroup, read_national
from nation.figures.queries import kept_figures
from nation.models import ProvinceFigures
from nation.national.lines import without_hidden
from nation.reasons.queries import read_coded_reasons, read_picked_examples
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument
from survey.models import Instrument


def get_report(population: Population) -> NationalReport:
    """The report of a population from kept facts, without what is not to be told; empty where nobody is in its group.

    Five queries where it is kept in the process, eight where it is not.
    """
    reasons, examples = read_coded_reasons(population.year), read_picked_examples(population.year)
    try:
        return without_hidden(read_national(population, reasons=reasons, examples=examples))
    except UnknownGroup:
        return NationalReport(population, (), 0, ())


def section_titles(year: int) -> Mapping[str, LocalizedText] | None:
    """The names of the pillars of a year's form by number; None where no province has a round of it. One query."""
    form = newest_form(year)
    return None if form is None else {pillar.number: pillar.name for pillar in form.pillars}


def newest_form(year: int) -> CompiledInstrument | None:
    """The newest form that provinces have rounds of in a year; None where none has any. One query."""
    rows = Instrument.objects.filter(rounds__year=year, respondents=RespondentKind.PROVINCE).defer("source")
    row = rows.order_by("-pk").first()
    return None if row is None else compiled_instrument(row)


@dataclass(frozen=True, slots=True)
class ProvinceBand:
    """Provinces of one level in Thai order; `level` None: their score cannot be told."""

    level: int | None
    rows: tuple[ProvinceFigures, ...]


def provinces_behind(year: int, codes: Collection[str]) -> list[ProvinceBand]:
    """The provinces behind a figure with their answers, in bands of their level, the highest first. One query."""
    rows = kept_figures(year).filter(province__code__in=codes).select_related("province").order_by("province__sort_key")
    bands: dict[int | None, list[ProvinceFigures]] = {}
    for row in rows:
        bands.setdefault(row.level, []).append(row)
    order = sorted(bands, key=lambda level: -(level or 0))
    return [ProvinceBand(level, tuple(bands[level])) for level in order]
