"""Counting the handed-in answers of agencies, and keeping their scores. Nothing here changes an answer."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.respondents import RespondentKind
from nation.figures.actions import CountOutcome
from nation.models import AgencyFigures
from scoring.engine.queries import score_response
from scoring.engine.score_tables import list_table_codes
from scoring.scheme.queries import get_round_scheme
from scoring.scheme.registry import FaultyScheme, MissingScheme
from survey.answering.queries import response_path
from survey.assigning.queries import ANSWERING_ROLES, OPEN_STATES
from survey.assigning.targets import AssignmentTarget, covered_questions
from survey.instrument.addresses import item_id_of
from survey.instrument.queries import forms_of_each_agency
from survey.models import Assignment, Instrument, Response, Round

FORMAT: Final = 1  # of what is kept; another number counts everything again
log = logging.getLogger(__name__)


def agency_forms(year: int | None = None) -> QuerySet[Instrument]:
    """The forms of provinces, of one year or of all, that each agency answers for itself."""
    rows = forms_of_each_agency().filter(respondents=RespondentKind.PROVINCE)
    return rows if year is None else rows.filter(year=year)


def agency_answers(year: int | None = None) -> QuerySet[Response]:
    """The answers of agencies, of one year or of all, to forms that each answers for itself."""
    forms = list(agency_forms(year).values_list("pk", flat=True))
    rows = Response.objects.filter(round__instrument__in=forms, agency__isnull=False)
    rows = rows.select_related("round__instrument", "round__province", "agency", "agency_figures")
    return rows.defer("round__instrument__source").order_by("-round__year", "pk")


def basis_of(round_: Round) -> str:
    """The checksum of what scores of a round are counted by; "" where its form has no scheme."""
    try:
        scheme = get_round_scheme(round_).checksum
    except (MissingScheme, FaultyScheme):
        return ""
    return sha256(f"{round_.instrument.checksum} {scheme} {FORMAT}".encode()).hexdigest()


def outdated_agency_answers(year: int | None = None) -> list[Response]:
    """The handed-in answers whose scores are missing or out of date. Three queries."""
    parts = Assignment.objects.filter(round=OuterRef("round"), agency=OuterRef("agency"), role__in=ANSWERING_ROLES)
    rows = agency_answers(year).filter(Exists(parts), ~Exists(parts.filter(state__in=OPEN_STATES)))
    samples = Round.objects.filter(instrument__in=agency_forms(year)).select_related("instrument")
    bases = {basis_of(one) for one in samples.defer("instrument__source")} - {""}
    changed = ~Q(agency_figures__version=F("version")) | ~Q(agency_figures__basis__in=bases)
    return list(rows.filter(Q(agency_figures=None) | changed))


def count_agencies(year: int | None = None, *, seconds: float | None = None, everything: bool = False) -> CountOutcome:
    """Counts the handed-in answers of agencies whose scores are missing or out of date; `everything`: of all agencies.

    `seconds`: after which the rest is left for the next call. One that cannot be counted keeps its old scores.
    """
    until = None if seconds is None else time.monotonic() + seconds
    waiting = list(agency_answers(year)) if everything else outdated_agency_answers(year)
    failed: list[int] = []
    for number, response in enumerate(waiting):
        if until is not None and time.monotonic() > until:
            return CountOutcome(number - len(failed), len(waiting) - number, tuple(failed))
        try:
            keep_agency_figures(response)
        except Exception:  # one answer that cannot be read must not keep those of the others from being counted
            log.exception("the scores of response %s could not be counted", response.pk)
            failed.append(response.pk)
    return CountOutcome(len(waiting) - len(failed), 0, tuple(failed))


def find_agency_differences(year: int) -> list[dict[str, Any]]:
    """Counts a year anew and compares: the kept scores that are up to date and yet not what the count says."""
    found = []
    answers = {response.pk: response for response in agency_answers(year)}
    for kept in AgencyFigures.objects.filter(response__in=answers):
        response = answers[kept.response_id]
        round_ = response.round
        if (kept.version, kept.basis) == (response.version, basis_of(round_)) and kept.components != _count(response):
            agency = response.agency.code if response.agency else ""
            place = {"province": round_.province.code, "agency": agency}
            found.append({**place, "year": year, "figure": "components"})
    return found


def _count(response: Response) -> dict[str, str]:
    return {code: f"{score:f}" for code, score in score_components(response).items()}


def keep_agency_figures(response: Response) -> None:
    """Counts one agency's answer and keeps its scores; does nothing where its form has no scheme."""
    basis = basis_of(response.round)
    if not basis:
        return
    fields: dict[str, Any] = {"version": response.version, "basis": basis, "counted_at": timezone.now()}
    fields["components"] = _count(response)
    AgencyFigures.objects.update_or_create(response=response, defaults=fields)


def score_components(response: Response) -> Mapping[str, Decimal]:
    """The scores of an agency by component, as the engine gives them; without those that it did not answer at all."""
    scored, path = score_response(response), response_path(response)
    answered = {scored.instrument.items[item_id_of(address)].question for address in path.values}
    scores = {sub.code: sub.score for sub in scored.sheet.sub_pillars}
    found = {}
    for code in list_table_codes(scored.scheme):
        score = scores.get(code)
        if score is not None and answered.intersection(covered_questions(scored.instrument, AssignmentTarget(code))):
            found[code] = score
    return found
