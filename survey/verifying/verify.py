"""Verifying the journal: hash chains, answers against their events, frozen versions. Memory stays flat."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from django.db import transaction

from survey.models import Event, FrozenResponse, Response
from survey.verifying.replay import CHUNK_ROWS, JournalReplay
from survey.verifying.report import JournalFault, VerificationReport

MAX_LISTED_FAULTS = 50  # faults of one response that are told one by one


def verify_journal() -> VerificationReport:
    """Verifies every response, one after the other, each in its own transaction."""
    report = VerificationReport()
    for pk in _response_keys():
        with transaction.atomic():
            # Writers of this response wait meanwhile: a save half seen would look like tampering.
            response = Response.objects.select_for_update().filter(pk=pk).first()
            if response is not None:
                report.responses += 1
                _add_faults(report, pk, JournalReplay(response, report).faults())
    for rows in (Event.objects.order_by(), FrozenResponse.objects.order_by()):
        lost = rows.exclude(response__in=Response.objects.values("pk")).values_list("response_id", flat=True)
        report.faults += [JournalFault(pk, None, "the response is gone, its journal is not") for pk in lost.distinct()]
    return report


def _response_keys() -> Iterator[int]:
    last = 0
    while keys := list(Response.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK_ROWS]):
        yield from keys
        last = keys[-1]


def _add_faults(report: VerificationReport, response: int, faults: Iterator[JournalFault]) -> None:
    """Adds the first MAX_LISTED_FAULTS faults of a response and counts the others."""
    report.faults += islice(faults, MAX_LISTED_FAULTS)
    if more := sum(1 for _ in faults):
        report.faults.append(JournalFault(response, None, f"{more} more faults"))
