"""Reads the state in which a file of a response is asked for: what reports.jobs.sameness compares."""

from __future__ import annotations

from hashlib import sha256

from django.db.models import Q

from evidence.models import Attachment, ScanState
from reports.jobs.sameness import RequestedState, is_given_again
from reports.models import ReportKind
from scoring.models import OfficialResult
from scoring.scheme.queries import get_round_scheme
from scoring.scheme.registry import FaultyScheme, MissingScheme
from survey.models import Response


def read_requested_state(response: Response, kind: ReportKind) -> RequestedState:
    """The state of a response with its round and province. Up to three queries, where a made file may serve again."""
    own = (response.pk, response.state, response.version, response.head, response.form_moves)
    if not is_given_again(kind, {}):
        return RequestedState(*own)
    round_ = response.round
    return RequestedState(
        *own,
        scheme=_scheme_checksum(response),
        figures=_figures_checksum(response),
        period=f"{round_.period_from}–{round_.period_to}",
        name=round_.province.name_th,
        withheld=_infected_files(response),
    )


def _scheme_checksum(response: Response) -> str:
    try:
        return get_round_scheme(response.round).checksum
    except (MissingScheme, FaultyScheme):
        return ""


def _figures_checksum(response: Response) -> str:
    """A checksum of what is published of the province and beside it: an import changes papers of the same answers."""
    subjects = Q(province=response.round.province_id) | Q(province=None)
    rows = OfficialResult.objects.filter(subjects).order_by("pk")
    figures = rows.values_list("pk", "year", "score", "rank", "level", "origin")
    return sha256(repr(list(figures)).encode()).hexdigest()


def _infected_files(response: Response) -> int:
    rows = Attachment.objects.filter(response=response, removed_at=None, file__scan_state=ScanState.INFECTED)
    return rows.count()
