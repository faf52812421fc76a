"""The state of the installation: each part with its level, read from database and disk at the time it is asked for."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from dgready.prepared_select import PreparedSelect
from reports.models import RunKind, SystemRun
from reports.system.heartbeats import CLOCK, WORKER, last_heartbeats
from reports.system.queues import Waiting, waiting_by_queue

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
# Age from which a part is late, and from which it has failed.
HEARTBEAT_AGES: Final = (3 * MINUTE, 10 * MINUTE)
QUEUE_AGES: Final[Mapping[str, tuple[timedelta, timedelta]]] = {
    "jobs": (5 * MINUTE, 30 * MINUTE),
    "letters": (15 * MINUTE, 2 * HOUR),
    "notices": (26 * HOUR, 50 * HOUR),  # they go out with the daily letter
    "scans": (15 * MINUTE, 2 * HOUR),
}
RUN_AGES: Final[Mapping[str, tuple[timedelta, timedelta]]] = {
    RunKind.VERIFY: (36 * HOUR, 7 * DAY),
    RunKind.VERIFY_FILES: (36 * HOUR, 7 * DAY),
    RunKind.ANCHOR: (36 * HOUR, 7 * DAY),
    RunKind.BACKUP: (36 * HOUR, 7 * DAY),
    RunKind.DRILL: (400 * DAY, timedelta.max),  # once a year, by hand
}
BY_HAND: Final = (RunKind.DRILL,)  # nobody waits for the first


class Level(StrEnum):
    """How a part is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


# What has failed for good, and how bad one of it is.
FAILED_LEVELS: Final = {"given_up": Level.WARN, "infected": Level.WARN, "file_faults": Level.FAIL}
# Free space below which a disk is so: a share of it, and bytes.
DISK_LIMITS: Final = {Level.WARN: (0.10, 2 << 30), Level.FAIL: (0.03, 512 << 20)}


@dataclass(frozen=True, slots=True)
class PartState:
    """A part with its level. `at`: when it was last seen, or since when something waits; `number`: what is counted."""

    key: str
    level: Level
    at: datetime | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class DiskSpace:
    """Bytes of the disk on which a folder lies."""

    free: int
    size: int


@dataclass(frozen=True, slots=True)
class SystemState:
    """All that page, /readyz and /metrics tell. `runs`: the newest run of each kind, `good_runs`: that went well."""

    now: datetime
    heartbeats: Mapping[str, datetime]
    queues: Mapping[str, Waiting]
    runs: Mapping[str, SystemRun]
    good_runs: Mapping[str, SystemRun]
    disks: Mapping[str, DiskSpace]
    parts: tuple[PartState, ...] = field(default=())

    @property
    def worst(self) -> Level:
        """The level of the worst part."""
        levels = {part.level for part in self.parts}
        return next((level for level in (Level.FAIL, Level.WARN) if level in levels), Level.OK)


def read_system_state() -> SystemState:
    """The state now. Three queries."""
    now = timezone.now()
    runs, good_runs = _newest_runs()
    state = SystemState(now, last_heartbeats(), waiting_by_queue(), runs, good_runs, _disks())
    return SystemState(now, state.heartbeats, state.queues, runs, good_runs, state.disks, tuple(_parts(state)))


def system_levels() -> dict[str, str]:
    """The level of each part, for /readyz."""
    return {part.key: part.level.value for part in read_system_state().parts}


def _newest_runs() -> tuple[dict[str, SystemRun], dict[str, SystemRun]]:
    """By kind the newest run, and the newest that went well. One query."""
    rows = _NEWEST_RUNS.all()
    return {run.kind: run for run in rows}, {run.kind: run for run in rows if run.ok}


def _make_newest_runs() -> QuerySet[SystemRun]:
    newest = SystemRun.objects.order_by().values("kind").annotate(newest=Max("pk")).values("newest")
    good = SystemRun.objects.filter(ok=True).order_by().values("kind").annotate(newest=Max("pk")).values("newest")
    return SystemRun.objects.filter(Q(pk__in=newest) | Q(pk__in=good)).order_by("pk")


_NEWEST_RUNS: Final[PreparedSelect[SystemRun]] = PreparedSelect(_make_newest_runs)


def _disks() -> dict[str, DiskSpace]:
    """The disks of the local folders, each once, by the name of the first folder on it."""
    folders = {"var": Path(settings.VAR_DIR), "tmp": Path(settings.UPLOAD_DIR)}
    folders |= {n: Path(s.location) for n in ("default", "evidence") if isinstance(s := storages[n], FileSystemStorage)}
    seen: dict[int, str] = {}
    disks = {}
    for name, folder in folders.items():
        if folder.exists() and (device := folder.stat().st_dev) not in seen:
            seen[device] = name
            usage = shutil.disk_usage(folder)
            disks[name] = DiskSpace(usage.free, usage.total)
    return disks


# -- levels ----------------------------------------------------------------------------------------


def _parts(state: SystemState) -> Iterator[PartState]:
    for kind in (WORKER, CLOCK):
        at = state.heartbeats.get(kind)
        yield PartState(kind, _level_of_age(state.now - at, heartbeat_ages()) if at else Level.FAIL, at)
    for name, ages in QUEUE_AGES.items():
        waiting = state.queues.get(name, Waiting())
        yield PartState(name, _level_of_age(waiting.age(state.now), ages), waiting.oldest, waiting.count)
    for name, level in FAILED_LEVELS.items():
        failed = state.queues.get(name, Waiting())
        yield PartState(name, level if failed.count else Level.OK, failed.oldest, failed.count)
    for name, disk in state.disks.items():
        yield PartState(f"disk.{name}", _level_of_disk(disk), number=disk.free)
    for kind, ages in RUN_AGES.items():
        yield _run_part(kind, ages, state)


def heartbeat_ages() -> tuple[timedelta, timedelta]:
    """The embedded worker shows no sign while it is at a long task: there it counts as failed only after that."""
    late, failed = HEARTBEAT_AGES
    return late, max(failed, timedelta(seconds=settings.TASK_SECONDS) + late) if settings.EMBEDDED_WORKER else failed


def _run_part(kind: str, ages: tuple[timedelta, timedelta], state: SystemState) -> PartState:
    """A run that found or met a fault has failed; one that is not there yet, or is old, is late."""
    run = state.runs.get(kind)
    if run is None:
        return PartState(kind, Level.OK if kind in BY_HAND else Level.WARN)
    faults = int(run.detail.get("pass_faults", run.detail.get("faults", 0)) or 0)
    level = Level.FAIL if not run.ok else _level_of_age(state.now - run.ended_at, ages)
    return PartState(kind, level, run.ended_at, faults)


def _level_of_age(age: timedelta, ages: tuple[timedelta, timedelta]) -> Level:
    late, failed = ages
    return Level.FAIL if age > failed else Level.WARN if age > late else Level.OK


def _level_of_disk(disk: DiskSpace) -> Level:
    for level in (Level.FAIL, Level.WARN):
        share, least = DISK_LIMITS[level]
        if disk.free < max(share * disk.size, least):
            return level
    return Level.OK
