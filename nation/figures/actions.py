"""Counting answers and keeping their figures. Nothing here changes an answer, so nothing is told in a journal."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.utils import timezone

from nation.figures.counting import count_answer
from nation.figures.queries import YearBasis, kept_figures, outdated_answers, provincial_answers, read_basis
from nation.models import ProvinceFigures
from survey.models import Response

NO_REST: Final = timedelta(0)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CountOutcome:
    """How many answers were counted, how many are left, and which could not be counted."""

    counted: int
    left: int
    failed: tuple[int, ...] = ()


def count_year(
    year: int, *, seconds: float | None = None, rest: timedelta = NO_REST, everything: bool = False
) -> CountOutcome:
    """Counts the answers of a year whose figures are missing or out of date; `everything`: all of them.

    `seconds`: after which the rest is left for the next call. `rest`: since an answer's last count, unless its state
    changed. An answer that cannot be counted keeps its old figures.
    """
    basis = read_basis(year)
    waiting = list(provincial_answers(year) if everything else outdated_answers(year, basis, timezone.now() - rest))
    until = None if seconds is None else time.monotonic() + seconds
    failed: list[int] = []
    for number, response in enumerate(waiting):
        if until is not None and time.monotonic() > until:
            return CountOutcome(number - len(failed), len(waiting) - number, tuple(failed))
        try:
            keep_figures(response, basis)
        except Exception:  # one answer that cannot be read must not keep the figures of the others from being counted
            log.exception("the figures of response %s could not be counted", response.pk)
            failed.append(response.pk)
    return CountOutcome(len(waiting) - len(failed), 0, tuple(failed))


def keep_figures(response: Response, basis: YearBasis) -> ProvinceFigures:
    """Counts one answer and keeps its figures."""
    round_ = response.round
    fields = {
        "province": round_.province,
        "year": round_.year,
        "version": response.version,
        "basis": basis.of(round_),
        "state": response.state,
        "counted_at": timezone.now(),
        **count_answer(response),
    }
    return ProvinceFigures.objects.update_or_create(response=response, defaults=fields)[0]


def find_differences(year: int) -> list[dict[str, Any]]:
    """Counts a year anew and compares: the kept figures that are up to date and yet not what the count says."""
    basis = read_basis(year)
    kept = {row.response_id: row for row in kept_figures(year).defer(None)}
    found: list[dict[str, Any]] = []
    for response in provincial_answers(year):
        row = kept.get(response.pk)
        if row is None or (row.version, row.basis) != (response.version, basis.of(response.round)):
            continue
        for name, value in count_answer(response).items():
            if getattr(row, name) != value:
                found.append({"province": response.round.province.code, "year": year, "figure": name})
    return found
