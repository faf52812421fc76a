"""Every file that the installation keeps and vouches for, by source, in an order in which one can stop and go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.conf import DEFAULT_STORAGE_ALIAS
from django.db.models import QuerySet

from accounts.models import Province
from evidence.models import Attachment, File
from evidence.store import STORE as EVIDENCE_STORE
from reports.models import Job, JobState
from survey.models import Delegation, TabledPaper

CHUNK_ROWS: Final = 200


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that a row names. `source`: a key of SOURCES; `pk`: of the row."""

    source: str
    pk: int
    store: str
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class _Source:
    """Rows that name files. `fields`: name in the store, SHA-256; `owner`: the file as people know it, its province."""

    store: str
    rows: Callable[[], QuerySet[Any]]
    fields: tuple[str, str]
    owner: Callable[[int], tuple[str, Province | None]]


def _attachment_of(pk: int) -> tuple[str, Province | None]:
    row = Attachment.objects.filter(file=pk).select_related("response__round__province").first()
    return (row.name, row.response.round.province) if row else (f"evidence {pk}", None)


def _job_of(pk: int) -> tuple[str, Province | None]:
    job = Job.objects.select_related("response__round__province").get(pk=pk)
    return job.file_name, job.response.round.province if job.response else None


def _paper_of(pk: int) -> tuple[str, Province | None]:
    paper = TabledPaper.objects.select_related("meeting__round__province").get(pk=pk)
    return f"tabled-{paper.sha256[:8]}.pdf", paper.meeting.round.province


def _order_of(pk: int) -> tuple[str, Province | None]:
    row = Delegation.objects.select_related("province").get(pk=pk)
    return f"delegation-{row.province.code}-{row.pk}.pdf", row.province


SOURCES: Final[dict[str, _Source]] = {
    "evidence": _Source(EVIDENCE_STORE, File.objects.all, ("stored", "sha256"), _attachment_of),
    "tabled": _Source(DEFAULT_STORAGE_ALIAS, TabledPaper.objects.all, ("stored", "sha256"), _paper_of),
    "delegations": _Source(DEFAULT_STORAGE_ALIAS, Delegation.objects.all, ("document", "document_sha256"), _order_of),
    "jobs": _Source(
        DEFAULT_STORAGE_ALIAS, lambda: Job.objects.filter(state=JobState.DONE), ("stored", "sha256"), _job_of
    ),
}


def stored_files(after: tuple[str, int] | None = None) -> Iterator[StoredFile]:
    """All files behind source and key of `after`; memory stays flat, and no query is open while one is read."""
    names = list(SOURCES)
    start, last = after or (names[0], 0)
    for source in names[names.index(start) :]:
        yield from _files_of(source, last if source == start else 0)


def _files_of(source: str, last: int) -> Iterator[StoredFile]:
    which = SOURCES[source]
    while rows := list(which.rows().filter(pk__gt=last).order_by("pk").values_list("pk", *which.fields)[:CHUNK_ROWS]):
        for pk, name, sha256 in rows:
            yield StoredFile(source, pk, which.store, name, sha256)
        last = rows[-1][0]


def count_stored_files() -> int:
    """How many files there are. One query for each source."""
    return sum(source.rows().count() for source in SOURCES.values())
