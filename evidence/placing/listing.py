"""The list of a library: its documents with what is known of each, filtered and searched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import Agency
from dgready.counted_rows import CountedRows
from dgready.prepared_select import PreparedSelect
from evidence.attaching.attachment_view import icon_of
from evidence.attaching.proving import REJECTING
from evidence.files.notes import FileNote, file_notes
from evidence.files.sizes import format_size
from evidence.library.usage import earlier_rows, used_rows
from evidence.models import Attachment, Document, FileKind
from evidence.reading.searching import filter_terms

SHOW: Final = ("unused", "duplicates", "undated", "rejected", "removed")
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "pdf": (FileKind.PDF,),
    "office": (FileKind.DOCX, FileKind.XLSX, FileKind.PPTX, FileKind.ODT, FileKind.ODS, FileKind.ODP),
    "image": (FileKind.JPEG, FileKind.PNG),
}


@dataclass(frozen=True, slots=True)
class LibraryFilter:
    """What is asked of the list; values that mean nothing are left out."""

    query: str = ""
    show: str = ""
    kind: str = ""

    @property
    def is_set(self) -> bool:
        """Whether anything is asked."""
        return bool(self.query or self.show or self.kind)


class DocumentFacts(NamedTuple):
    """What is read of a document of the list."""

    pk: int
    public_id: UUID
    file: int
    name: str
    added_at: datetime
    kind: str
    size: int
    pages: int | None
    active: Sequence[str]
    restricted: bool
    scan: str
    scan_detail: str
    office_th: str | None
    office_en: str | None
    first_name: str
    last_name: str
    email: str
    bears: date | None
    typed_date: date | None
    twins: bool
    """Whether the same content is in another library of the province."""


_COLUMNS: Final = (
    *("pk", "public_id", "file_id", "name", "added_at"),
    *("file__kind", "file__size", "file__pages"),
    *("file__active_content", "file__restricted", "file__scan_state", "file__scan_detail"),
    *("agency__name_th", "agency__name_en"),
    *("added_by__first_name", "added_by__last_name", "added_by__email"),
    *("dated", "document_date", "twins"),
)


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document as the list shows it. `places`: how many attachments of it stand in the province."""

    document: DocumentFacts
    places: int = 0
    rejected: int = 0

    @property
    def icon(self) -> str:
        """The name of its picture among the Bootstrap icons."""
        return icon_of(self.document.kind)

    @property
    def size_text(self) -> str:
        """The size as people say it."""
        return format_size(self.document.size)

    @property
    def kind_text(self) -> str:
        """The kind of file in words."""
        return str(FileKind(self.document.kind).label)

    @property
    def pages(self) -> int | None:
        """How many pages it has, where that says something."""
        return None if FileKind(self.document.kind).is_image else self.document.pages

    @property
    def notes(self) -> tuple[FileNote, ...]:
        """What everybody should see beside it."""
        file = self.document
        return file_notes(file.active, file.restricted, file.scan, file.scan_detail)

    @property
    def added_by(self) -> str:
        """Who brought it in."""
        file = self.document
        return f"{file.first_name} {file.last_name}".strip() or file.email

    @property
    def office(self) -> str:
        """The name of the agency it is of; empty: the secretariat."""
        return Agency(name_th=self.document.office_th or "", name_en=self.document.office_en or "").name


def with_date(documents: QuerySet[Document]) -> QuerySet[Any]:
    """Documents with `dated`: the date that was typed, else the one that the text bears."""
    return documents.annotate(dated=Coalesce("document_date", F("file__text__document_date")))


def twin_rows() -> QuerySet[Document]:
    """For a subquery of documents: others of the province with the same content."""
    others = Document.objects.filter(province=OuterRef("province"), file=OuterRef("file"), removed_at=None)
    return others.exclude(pk=OuterRef("pk")).order_by()


def filter_documents(documents: QuerySet[Document], wanted: LibraryFilter) -> QuerySet[Any]:
    """Those that a filter asks for, with `dated`, the newest first."""
    found = with_date(documents).filter(removed_at__isnull=wanted.show != "removed")
    if wanted.kind in KINDS:
        found = found.filter(file__kind__in=KINDS[wanted.kind])
    if wanted.show == "unused":
        found = found.filter(~Exists(used_rows()), ~Exists(earlier_rows()))
    elif wanted.show == "duplicates":
        found = found.filter(Exists(twin_rows()))
    elif wanted.show == "undated":
        found = found.filter(dated=None)
    elif wanted.show == "rejected":
        found = found.filter(Exists(used_rows().filter(verdict__in=REJECTING)))
    if wanted.query:
        found = found.filter(_sought(wanted.query))
    return found.order_by("-added_at", "-pk")


def _sought(query: str) -> Q:
    """Name, text, agency, or the code of a question where it is used."""
    sought = Q(name__icontains=query) | Q(agency__name_th__icontains=query) | Q(agency__name_en__icontains=query)
    words = Q()
    for term in filter_terms(query):
        words &= Q(file__text__words__contains=term)
    if words:
        sought |= words
    return sought | Q(Exists(used_rows().filter(question__code__istartswith=query)))


def _filtered(province: int, *agency: int, of_all: bool, show: str, kind: str, query: str) -> QuerySet[Any]:
    """Documents of a province: `of_all` its offices, else of an agency, of the secretariat without one."""
    documents = Document.objects.filter(province=province)
    if not of_all:
        documents = documents.filter(agency=agency[0] if agency else None)
    return filter_documents(documents, LibraryFilter(query, show, kind))


def _facts(*key: int, start: int, stop: int, **wanted: Any) -> QuerySet[Any, Any]:
    found = _filtered(*key, **wanted).annotate(twins=Exists(twin_rows()))
    return found.values_list(*_COLUMNS)[start:stop]


def _number(*key: int, **wanted: Any) -> QuerySet[Any, Any]:
    counted = _filtered(*key, **wanted).order_by("province").values("province").annotate(n=Count("pk"))
    return counted.values_list("n")


_FACTS: PreparedSelect[tuple[Any, ...]] = PreparedSelect(_facts)
_NUMBER: PreparedSelect[tuple[int]] = PreparedSelect(_number)


def listed_documents(
    province: int, agency: int | None, wanted: LibraryFilter, *, of_all: bool
) -> CountedRows[DocumentRow]:
    """The rows of a library's list, for a page. One query, and two for each slice."""
    key = (province,) if agency is None else (province, agency)
    asked: dict[str, Any] = {"of_all": of_all, "show": wanted.show, "kind": wanted.kind, "query": wanted.query}
    prepared = not wanted.query  # each search is a statement of its own

    def read(start: int, stop: int) -> list[DocumentRow]:
        rows = (
            _FACTS.all(*key, start=start, stop=stop, **asked)
            if prepared
            else _facts(*key, start=start, stop=stop, **asked)
        )
        return _with_places(province, [DocumentFacts(*row) for row in rows])

    found = _NUMBER.first(*key, **asked) if prepared else _number(*key, **asked).first()
    return CountedRows(found[0] if found else 0, read)


def _with_places(province: int, documents: list[DocumentFacts]) -> list[DocumentRow]:
    """With how many attachments stand, and of these how many a reviewer rejected."""
    counted = _PLACES.all(province, sorted({document.file for document in documents})) if documents else ()
    counts = {file: (n, rejected) for file, n, rejected in counted}
    return [DocumentRow(document, *counts.get(document.file, (0, 0))) for document in documents]


_PLACES: PreparedSelect[tuple[int, int, int]] = PreparedSelect(
    lambda province, files: (
        Attachment.objects.filter(removed_at=None, response__round__province=province, file__in=files)
        .order_by()
        .values("file")
        .annotate(n=Count("pk"), rejected=Count("pk", filter=Q(verdict__in=REJECTING)))
        .values_list("file", "n", "rejected")
    )
)
