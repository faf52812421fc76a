"""Reads of a year that each agency answers: who was asked and answered, with kept scores; a few queries for all."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Q, QuerySet

from dgready.language import reader_language
from dgready.prepared_select import GREATEST_SMALL, PreparedSelect
from nation.agency_rounds.averaging import AgencyAnswer, AgencyStanding
from nation.agency_rounds.counting import agency_forms, basis_of
from nation.agency_rounds.report import AgencyYear
from nation.facts.types import NationalReport, Population
from nation.figures.national_queries import population_members
from scoring.scheme.queries import get_round_scheme
from scoring.scheme.registry import FaultyScheme, MissingScheme
from scoring.scheme.types import ScoringScheme
from survey.assigning.queries import ANSWERING_ROLES, OPEN_STATES
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument
from survey.models import Assignment, Response, Round

_AGENCY = ("round", "agency", "round__province__code", "agency__code", "agency__name_th", "agency__name_en")


def is_agency_year(year: int) -> bool:
    """Whether the year has a form that each agency answers for itself. One query."""
    return bool(agency_form_keys(year))


def agency_form_keys(year: int) -> list[int]:
    """The keys of the year's forms that each agency answers for itself. One query."""
    return [pk for (pk,) in _FORMS.all(min(year, GREATEST_SMALL))]


_FORMS: Final[PreparedSelect[tuple[int]]] = PreparedSelect(lambda year: agency_forms(year).values_list("pk"))


def read_agency_year(year: int) -> AgencyYear | None:
    """All asked agencies of a year; None where no round of it is answered so. Four queries.

    Where rounds are of several versions of the form, the newest names kinds and dimensions.
    """
    forms = agency_form_keys(year)
    return _read(Round.objects.filter(instrument__in=forms)) if forms else None


def read_averages(population: Population) -> NationalReport | None:
    """The averages of a population as a national report; None where no round of the year is answered so.

    Raises UnknownGroup. Four queries, one more for a group.
    """
    found = read_agency_year(population.year)
    if found is None:
        return None
    if population.group:
        found = found.of_provinces(population_members(population))
    return found.national_report(population)


def read_agency_round(round_: Round) -> AgencyYear | None:
    """The asked agencies of one round; None where the province answers it. Three queries."""
    if not compiled_instrument(round_.instrument).answering.is_each_agency:
        return None
    return _read(Round.objects.filter(pk=round_.pk))


def _read(rows: QuerySet[Round]) -> AgencyYear | None:
    rounds = list(
        rows.select_related("instrument", "province").defer("instrument__source").order_by("province__sort_key")
    )
    if not rounds:
        return None
    newest = max(rounds, key=lambda one: (one.instrument.version, one.pk))
    form = compiled_instrument(newest.instrument)
    keys = [one.pk for one in rounds]
    bases = _bases(rounds)
    given = _contributions(keys)
    answers = tuple(_answer(form, row, given.get((row["round"], row["agency"])), bases) for row in _asked(keys))
    provinces = {one.province.code: one.province.name for one in rounds}
    return AgencyYear(newest.year, form, _scheme(newest), provinces, answers)


def _asked(rounds: list[int]) -> list[dict[str, Any]]:
    """Every agency that has a part to answer, with how many of its parts are open and declined. One query."""
    parts = Assignment.objects.filter(round__in=rounds, role__in=ANSWERING_ROLES).order_by().values(*_AGENCY)
    counts = {
        "parts": Count("pk"),
        "open": Count("pk", filter=Q(state__in=OPEN_STATES)),
        "declined": Count("pk", filter=Q(state=Assignment.State.DECLINED)),
    }
    return list(parts.annotate(**counts).order_by("round__province__sort_key", "agency__sort_key", "agency"))


def _contributions(rounds: list[int]) -> dict[tuple[int, int], dict[str, Any]]:
    """The answers of agencies with their kept scores, by round and agency. One query."""
    kept = ("agency_figures__version", "agency_figures__basis", "agency_figures__components")
    rows = Response.objects.filter(round__in=rounds, agency__isnull=False)
    return {
        (row["round"], row["agency"]): row for row in rows.values("pk", "round", "agency", "version", "channel", *kept)
    }


def _answer(
    form: CompiledInstrument, asked: Mapping[str, Any], given: Mapping[str, Any] | None, bases: Mapping[int, str]
) -> AgencyAnswer:
    kind = form.answering.kind_of(asked["agency__code"])
    english = reader_language() == "en" and asked["agency__name_en"]
    standing = _standing(asked, given)
    answered = standing is AgencyStanding.ANSWERED and given is not None
    kept: Mapping[str, str] = {}
    is_counted = False
    if answered and given is not None:
        now = (given["version"], bases[asked["round"]])
        is_counted = (given["agency_figures__version"], given["agency_figures__basis"]) == now
        kept = (given["agency_figures__components"] or {}) if is_counted else {}
    return AgencyAnswer(
        province=asked["round__province__code"],
        code=asked["agency__code"],
        name=asked["agency__name_en"] if english else asked["agency__name_th"],
        kind=kind.key if kind else "",
        standing=standing,
        channel=given["channel"] if answered and given is not None else "",
        components={code: Decimal(score) for code, score in kept.items()},
        is_counted=is_counted or not answered,
        response=given["pk"] if given else None,
    )


def _standing(asked: Mapping[str, Any], given: Mapping[str, Any] | None) -> AgencyStanding:
    """Answered once nothing is open any more, and something of it was handed in."""
    if asked["open"] or (given is None and asked["declined"] < asked["parts"]):
        return AgencyStanding.OPEN
    return AgencyStanding.DECLINED if asked["declined"] == asked["parts"] else AgencyStanding.ANSWERED


def _bases(rounds: list[Round]) -> dict[int, str]:
    """What the scores of each round are counted by; computed once for rounds of one form and scheme."""
    known: dict[tuple[int, str], str] = {}
    for one in rounds:
        key = (one.instrument_id, one.scheme_sha256)
        if key not in known:
            known[key] = basis_of(one)
    return {one.pk: known[one.instrument_id, one.scheme_sha256] for one in rounds}


def _scheme(round_: Round) -> ScoringScheme | None:
    try:
        return get_round_scheme(round_).scheme
    except (MissingScheme, FaultyScheme):
        return None
