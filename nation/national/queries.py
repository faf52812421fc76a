"""Reads of the national report: its blocks as they may be told, names of sections, the provinces behind a figure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from accounts.respondents import RespondentKind
from dgready.localized_text import LocalizedText
from dgready.lru_cache import LruCache
from dgready.prepared_select import GREATEST_SMALL, PreparedSelect
from dgready.same_objects import SameObjects
from nation.agency_rounds.queries import read_averages
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

    Five queries where it is kept in the process, and then it is the very same one; eight where it is not; the averages
    of a year that each agency answers take five.
    """
    try:
        live = read_live_report(population)
    except UnknownGroup:
        return NationalReport(population, (), 0, ())
    # Averages are counted at each request, so what is kept by them would never be found again.
    return without_hidden(live) if live.by_agencies else _told.get(SameObjects(live), lambda: without_hidden(live))


_told: Final[LruCache[NationalReport]] = LruCache(64)


def read_live_report(population: Population, picked: PickedTexts | None = None) -> NationalReport:
    """What is counted now: the national report, or the averages of a year that each agency answers.

    `picked`: what the centre coded and picked, where it was read before. Raises UnknownGroup.
    """
    averages = read_averages(population)
    if averages is not None:
        return averages
    picked = picked or read_picked_texts(population.year)
    return read_national(population, reasons=picked.reasons, examples=picked.examples)


@dataclass(frozen=True, slots=True)
class PickedTexts:
    """Codes of reasons by item and folded text; picked examples by key of their block."""

    reasons: Mapping[tuple[str, str], tuple[str, LocalizedText]]
    examples: Mapping[str, Collection[LocalizedText]]


def read_picked_texts(year: int) -> PickedTexts:
    """What the centre coded and picked of a year. Two queries."""
    return PickedTexts(read_coded_reasons(year), read_picked_examples(year))


def section_titles(year: int) -> Mapping[str, LocalizedText] | None:
    """The names of the pillars of a year's form by number; None where no province has a round of it. One query."""
    form = newest_form(year)
    return None if form is None else {pillar.number: pillar.name for pillar in form.pillars}


def newest_form(year: int) -> CompiledInstrument | None:
    """The newest form that provinces have rounds of in a year; None where none has any. One query."""
    row = _NEWEST_FORM.first(min(year, GREATEST_SMALL))
    return None if row is None else compiled_instrument(row)


_NEWEST_FORM: Final[PreparedSelect[Instrument]] = PreparedSelect(
    lambda year: (
        Instrument.objects.filter(rounds__year=year, respondents=RespondentKind.PROVINCE)
        .only("checksum", "links_checksum")
        .order_by("-pk")[:1]
    )
)


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
