"""Verifying journals: hash chains, and all rows against the events that made them. Memory stays flat."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

from django.db import DatabaseError, connection, transaction

from survey.models import Event, FrozenResponse, Response
from survey.verifying.kinds import SURVEY_KINDS
from survey.verifying.replayer import CHUNK_ROWS, Names, Replayer
from survey.verifying.report import JournalFault, VerificationReport
from survey.verifying.response_replay import ResponseReplay

log = logging.getLogger(__name__)
MAX_LISTED_FAULTS = 50  # faults of one response that are told one by one


def verify_journal(
    kinds: Sequence[type[Replayer]] = SURVEY_KINDS, *, known_verbs: frozenset[str] | None = None
) -> VerificationReport:
    """Verifies every response, one after the other."""
    report, names = VerificationReport(), Names()
    for pk in response_keys():
        verify_response(pk, report, kinds, names=names, known_verbs=known_verbs)
    report.faults += orphaned_journals()
    return report


def verify_response(
    pk: int,
    report: VerificationReport,
    kinds: Sequence[type[Replayer]],
    *,
    names: Names,
    known_verbs: frozenset[str] | None = None,
) -> None:
    """Verifies one response; its numbers and faults go into the report. Nothing where it is gone meanwhile."""
    with one_moment():
        rows = Response.objects.select_related("round__province", "round__instrument", "agency")
        response = rows.defer("round__instrument__source").filter(pk=pk).first()
        if response is None:
            return
        report.responses += 1
        replay = ResponseReplay(response, report, kinds, names=names, known_verbs=known_verbs)
        try:
            add_faults(report, replay.faults())
        except DatabaseError:
            raise
        except Exception as error:  # what is not even readable is a fault too, and the others are still looked at
            log.exception("response %s cannot be verified", pk)
            report.faults.append(replay.scope.fault("response.unreadable", found=repr(error)))


@contextmanager
def one_moment() -> Iterator[None]:
    """A transaction that reads the database as it was at one moment: a save half seen would look like tampering.

    PostgreSQL keeps nobody waiting meanwhile; SQLite has one writer at a time.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def response_keys(after: int = 0) -> Iterator[int]:
    """The keys of all responses after one, in order."""
    last = after
    while keys := list(Response.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK_ROWS]):
        yield from keys
        last = keys[-1]


def orphaned_journals() -> list[JournalFault]:
    """A fault for each response that is gone while its journal or its versions are not."""
    found: dict[int, None] = {}
    for rows in (Event.objects.order_by(), FrozenResponse.objects.order_by()):
        lost = rows.exclude(response__in=Response.objects.values("pk")).values_list("response_id", flat=True)
        found |= dict.fromkeys(lost.distinct())
    return [JournalFault("chain.lost", pk) for pk in found]


def add_faults(report: VerificationReport, faults: Iterator[JournalFault]) -> None:
    """Adds the first MAX_LISTED_FAULTS faults of one thing that was looked at, and counts the others."""
    report.faults += islice(faults, MAX_LISTED_FAULTS)
    if more := sum(1 for _ in faults):
        last = report.faults[-1]
        counted = JournalFault("more", last.response, province=last.province, year=last.year, found=more)
        report.faults.append(counted)
