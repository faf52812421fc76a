"""The whole verification: every journal, the account log, what is published, the anchors, every stored file.

It can stop after some time and go on from there: `verify_all` returns with a report whose `position` says where.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Self

from reports.proof.anchors import anchor_faults
from reports.proof.files import FILE_SOURCES, FileCheck, FileSource, check_file
from reports.proof.published import published_faults
from reports.proof.verbs import JOURNAL_VERBS, KINDS, LOG_KINDS
from survey.verifying.log_chain import log_chain_faults
from survey.verifying.log_replayer import replay_log
from survey.verifying.replayer import Names
from survey.verifying.report import JournalFault, VerificationReport
from survey.verifying.verify import add_faults, one_moment, orphaned_journals, response_keys, verify_response

RESPONSES: Final = "responses"


@dataclass(frozen=True, slots=True)
class ProofPosition:
    """Where a verification is: a stage, and the key of the last row that was looked at in it."""

    stage: str = RESPONSES
    after: int = 0

    def json(self) -> dict[str, Any]:
        """As kept between two slices."""
        return {"stage": self.stage, "after": self.after}

    @classmethod
    def from_json(cls, data: dict[str, Any] | None) -> Self:
        """The position that was kept; the beginning where there is none."""
        return cls(str(data["stage"]), int(data["after"])) if data else cls()


@dataclass(slots=True)
class ProofReport(VerificationReport):
    """A VerificationReport; `position`: where to go on, None when everything was looked at."""

    position: ProofPosition | None = None


# One thing looked at: it adds to the report and gives the key to go on after.
Look = Iterator[int]


def verify_all(
    *, files: FileCheck = FileCheck.FULL, start: ProofPosition | None = None, seconds: float | None = None
) -> ProofReport:
    """Verifies everything, from `start` on, for about `seconds` (None: to the end).

    Each response and each file is looked at whole; what was not reached is in the report's `position`.
    """
    report, names = ProofReport(), Names()
    started = time.monotonic()
    stages = _stages(report, names, files)
    position = start or ProofPosition()
    reached = list(stages).index(position.stage) if position.stage in stages else 0
    for number, (stage, look) in enumerate(stages.items()):
        if number < reached:
            continue
        after = position.after if number == reached else 0
        for key in look(after):
            if seconds is not None and time.monotonic() - started >= seconds:
                report.position = ProofPosition(stage, key)
                return report
    return report


def _stages(report: ProofReport, names: Names, files: FileCheck) -> dict[str, Callable[[int], Look]]:
    """What is looked at, in order, each from a key on."""
    stages: dict[str, Callable[[int], Look]] = {
        RESPONSES: lambda after: _look_at_responses(report, names, after),
        "lost": lambda after: _look_once(report, lambda: iter(orphaned_journals()), after),
        "log": lambda after: _look_once(report, lambda: _log_faults(report), after),
        "published": lambda after: _look_once(report, published_faults, after),
        "anchors": lambda after: _look_at_anchors(report, after),
    }
    if files is not FileCheck.NONE:
        for source in FILE_SOURCES:
            stages[f"files.{source.name}"] = _file_stage(report, names, source, files)
    return stages


def _log_faults(report: ProofReport) -> Iterator[JournalFault]:
    yield from log_chain_faults()
    yield from replay_log(LOG_KINDS, report.unproved)


def _look_at_responses(report: ProofReport, names: Names, after: int) -> Look:
    for pk in response_keys(after):
        verify_response(pk, report, KINDS, names=names, known_verbs=JOURNAL_VERBS)
        yield pk


def _look_once(report: ProofReport, faults: Callable[[], Iterator[JournalFault]], after: int) -> Look:
    """A stage that is looked at as a whole, at one moment."""
    if not after:
        with one_moment():
            add_faults(report, faults())
        yield 1


def _look_at_anchors(report: ProofReport, after: int) -> Look:
    """Outside of any transaction: they name events of the past, and lie in a store that takes its time."""
    if not after:
        add_faults(report, anchor_faults())
        yield 1


def _file_stage(report: ProofReport, names: Names, source: FileSource, files: FileCheck) -> Callable[[int], Look]:
    """The files of one kind of row; outside of any transaction, since reading them takes long."""

    def look(after: int) -> Look:
        storage = source.storage()
        for stored in source.read(after, names):
            report.files += 1
            if (fault := check_file(storage, stored, files)) is not None:
                report.faults.append(fault)
            yield stored.pk

    return look
