"""Reads of kept figures: those of a year, and the answers whose figures are missing or out of date."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db.models import F, Max, Q, QuerySet

from accounts.models import AccountEvent
from accounts.respondents import of_provinces
from nation.facts.contribution import FORMAT
from nation.models import ProvinceFigures
from scoring.results.actions.editions import CORRECT_VERB
from scoring.results.actions.undoing import UNDO_VERBS
from scoring.scheme.queries import get_round_scheme
from scoring.scheme.registry import FaultyScheme, MissingScheme
from survey.instrument.queries import forms_of_each_agency
from survey.models import Response, Round


@dataclass(frozen=True, slots=True)
class YearBasis:
    """What the figures of a year are counted by, apart from the answers: by form and scheme of the round."""

    by_scheme: dict[tuple[int, str], str]

    def of(self, round_: Round) -> str:
        """The basis of a round's figures."""
        return self.by_scheme[round_.instrument_id, round_.scheme_sha256]


def provincial_answers(year: int | None = None) -> QuerySet[Response]:
    """The answers of provinces with round, province and form, of one year or of all, newest year first.

    Where each agency answers for itself there is none: its row only keeps the journal of the round.
    """
    rows = Response.objects.filter(of_provinces("round__province"), agency=None)
    rows = rows.exclude(round__instrument__in=forms_of_each_agency())
    rows = rows.select_related("round__province", "round__instrument", "figures")
    rows = rows.defer("round__instrument__source")
    return (rows if year is None else rows.filter(round__year=year)).order_by("-round__year", "round__province_id")


def years_with_rounds() -> list[int]:
    """The years that any province has a round of, newest first. One query."""
    return list(Round.objects.filter(of_provinces()).order_by("-year").values_list("year", flat=True).distinct())


def read_basis(year: int) -> YearBasis:
    """The basis of a year's figures: checksums of its schemes, and the newest import of published results. Two queries.

    Where a form has no scheme, the basis says so: its figures then hold no score.
    """
    imports = AccountEvent.objects.filter(verb__in=[*UNDO_VERBS, *UNDO_VERBS.values(), CORRECT_VERB])
    published = imports.aggregate(last=Max("pk"))["last"] or 0
    rounds = Round.objects.filter(of_provinces(), year=year).select_related("instrument").defer("instrument__source")
    samples = {(one.instrument_id, one.scheme_sha256): one for one in rounds}
    return YearBasis({key: _basis(one, published) for key, one in samples.items()})


def _basis(round_: Round, published: int) -> str:
    try:
        scheme = get_round_scheme(round_).checksum
    except (MissingScheme, FaultyScheme):
        scheme = "none"
    return sha256(f"{scheme} {published} {FORMAT}".encode()).hexdigest()


def outdated_answers(year: int, basis: YearBasis, counted_before: datetime) -> QuerySet[Response]:
    """The provincial answers of a year to be counted (again): never counted, moved to another state, or changed.

    Of those changed, only the ones last counted before that moment.
    """
    changed = ~Q(figures__version=F("version")) | ~Q(figures__basis__in=set(basis.by_scheme.values()))
    moved = Q(figures=None) | ~Q(figures__state=F("state"))
    return provincial_answers(year).filter(moved | changed & Q(figures__counted_at__lt=counted_before))


def kept_figures(year: int, provinces: Collection[int] | None = None) -> QuerySet[ProvinceFigures]:
    """The kept figures of a year, without their facts; of these provinces or of all."""
    rows = ProvinceFigures.objects.filter(year=year).defer("facts")
    return rows if provinces is None else rows.filter(province__in=provinces)
