"""Comparing every stored file with its row: evidence, papers on the table, orders of delegations, papers made."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.conf import DEFAULT_STORAGE_ALIAS
from django.core.files.storage import Storage, storages
from django.db.models import Q, QuerySet

from dgready.disk import stream_sha256
from evidence.models import Attachment, File
from evidence.store import STORE as EVIDENCE_STORE
from reports.models import Job, JobState
from survey.models import Delegation, TabledPaper
from survey.verifying.replayer import Names
from survey.verifying.report import JournalFault

log = logging.getLogger(__name__)
CHUNK_ROWS: Final = 100


class FileCheck(StrEnum):
    """How files are looked at: not at all, by presence and size, or every byte."""

    NONE = "none"
    FAST = "fast"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as its row knows it. `size` is None where the row does not know it."""

    pk: int
    name: str
    sha256: str
    size: int | None
    subject: str
    province: str = ""
    year: int | None = None
    question: str = ""
    place: str = ""
    response: int | None = None

    def fault(self, code: str, **pair: Any) -> JournalFault:
        """A fault of this file."""
        where = {name: getattr(self, name) for name in ("province", "year", "question", "place", "response", "subject")}
        return JournalFault(code, **where, **pair)


def check_file(storage: Storage, stored: StoredFile, how: FileCheck) -> JournalFault | None:
    """What is wrong with one file, if anything. Its bytes are streamed, never held whole."""
    try:
        if not stored.name or not storage.exists(stored.name):
            return stored.fault("file.missing", expected=stored.sha256)
        if stored.size is not None and (size := storage.size(stored.name)) != stored.size:
            return stored.fault("file.size", expected=stored.size, found=size)
        if how is FileCheck.FULL and (digest := _digest(storage, stored.name)) != stored.sha256:
            return stored.fault("file.sha256", expected=stored.sha256, found=digest)
    except FileNotFoundError:
        return stored.fault("file.missing", expected=stored.sha256)
    except Exception as error:  # each store has errors of its own
        log.exception("stored file %s cannot be read", stored.name)
        return stored.fault("file.unreadable", expected=stored.sha256, found=repr(error))
    return None


def _digest(storage: Storage, name: str) -> str:
    with storage.open(name, "rb") as file:
        return stream_sha256(file)


class FileSource(ABC):
    """One kind of row that names files in one store, read in order of its keys."""

    name: str
    store: str = DEFAULT_STORAGE_ALIAS

    @abstractmethod
    def rows(self) -> QuerySet[Any, Any]:
        """The rows."""

    def storage(self) -> Storage:
        """Where their files are."""
        return storages[self.store]

    def read(self, after: int, names: Names) -> Iterator[StoredFile]:
        """The files of the rows after a key."""
        while found := list(self.rows().filter(pk__gt=after).order_by("pk")[:CHUNK_ROWS]):
            yield from self.describe(found, names)
            after = found[-1].pk

    @abstractmethod
    def describe(self, rows: list[Any], names: Names) -> Iterator[StoredFile]:
        """The files of some rows."""


class EvidenceFiles(FileSource):
    """Evidence: each content once; a fault names the first place where it is attached."""

    name = "evidence"
    store = EVIDENCE_STORE

    def rows(self) -> QuerySet[File]:
        """All contents, also of what was removed."""
        return File.objects.all()

    def describe(self, rows: list[File], names: Names) -> Iterator[StoredFile]:
        """The files with where they are attached. One query."""
        columns = ("file_id", "copy_id", "name", "address", "question_id", "response_id")
        names_of_round = ("response__round__province__code", "response__round__year", "response__round__instrument_id")
        attached = Attachment.objects.filter(Q(file__in=rows) | Q(copy__in=rows)).order_by("-removed_at", "-pk")
        places = {row[0] or row[1]: row[1:] for row in attached.values_list(*columns, *names_of_round)}
        for row in rows:
            where: dict[str, Any] = {"subject": row.sha256[:12]}
            if row.pk in places:
                _copy, name, place, question, response, province, year, instrument = places[row.pk]
                item, code = names.questions(instrument).get(question, ("", ""))
                where = {"subject": name, "place": place, "question": code or item, "response": response}
                where |= {"province": province, "year": year}
            yield StoredFile(row.pk, row.stored, row.sha256, row.size, **where)


class TabledPapers(FileSource):
    """Papers on the table of meetings."""

    name = "papers"

    def rows(self) -> QuerySet[TabledPaper]:
        """All papers, also of meetings called off."""
        return TabledPaper.objects.select_related("meeting__round__province")

    def describe(self, rows: list[TabledPaper], names: Names) -> Iterator[StoredFile]:
        """The papers with their rounds."""
        for row in rows:
            round_ = row.meeting.round
            where: dict[str, Any] = {"province": round_.province.code, "year": round_.year}
            subject = f"paper {row.meeting_id} {row.public_id}"
            yield StoredFile(row.pk, row.stored, row.sha256, row.size, subject, **where)


class DelegationOrders(FileSource):
    """Orders of delegations."""

    name = "delegations"

    def rows(self) -> QuerySet[Delegation]:
        """All delegations."""
        return Delegation.objects.select_related("province")

    def describe(self, rows: list[Delegation], names: Names) -> Iterator[StoredFile]:
        """The orders with their provinces."""
        for row in rows:
            subject = f"delegation {row.document_number}"
            yield StoredFile(row.pk, row.document.name or "", row.document_sha256, None, subject, row.province.code)


class MadePapers(FileSource):
    """Papers and workbooks that were made for download."""

    name = "jobs"

    def rows(self) -> QuerySet[Job]:
        """Those that are done."""
        return Job.objects.filter(state=JobState.DONE).select_related("response__round__province", "province")

    def describe(self, rows: list[Job], names: Names) -> Iterator[StoredFile]:
        """The papers with their responses."""
        for row in rows:
            round_ = row.response.round if row.response else None
            province = round_.province if round_ else row.province
            where: dict[str, Any] = {"response": row.response_id, "year": round_.year if round_ else None}
            where["province"] = province.code if province else ""
            yield StoredFile(row.pk, row.stored, row.sha256, row.size, row.file_name, **where)


FILE_SOURCES: Final[tuple[FileSource, ...]] = (EvidenceFiles(), TabledPapers(), DelegationOrders(), MadePapers())
