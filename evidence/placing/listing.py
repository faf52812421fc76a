"""The list of a library: its documents with what is known of each, filtered and searched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from evidence.attaching.attachment_view import icon_of
from evidence.attaching.proving import REJECTING
from evidence.files.notes import FileNote
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


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document as the list shows it. `places`: how many attachments of it stand in the province."""

    document: Document
    places: int
    rejected: int
    twins: bool
    """Whether the same content is in another library of the province."""
    date: date | None
    is_date_typed: bool
    office: str

    @property
    def icon(self) -> str:
        """The name of its picture among the Bootstrap icons."""
        return icon_of(self.document.file.kind)

    @property
    def size_text(self) -> str:
        """The size as people say it."""
        return format_size(self.document.file.size)

    @property
    def kind_text(self) -> str:
        """The kind of file in words."""
        return str(FileKind(self.document.file.kind).label)

    @property
    def notes(self) -> tuple[FileNote, ...]:
        """What everybody should see beside it."""
        return self.document.file.notes

    @property
    def added_at(self) -> datetime:
        """When it came."""
        return self.document.added_at


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


def document_rows(documents: QuerySet[Any]) -> list[DocumentRow]:
    """The rows of one page of a list made by `filter_documents`. Two queries."""
    shown = list(
        documents.select_related("file", "agency", "added_by")
        .defer("agency__sort_key")
        .annotate(twins=Exists(twin_rows()))
    )
    counts = _counts(shown)
    return [
        DocumentRow(
            document,
            *counts.get((document.province_id, document.file_id), (0, 0)),
            twins=document.twins,
            date=document.dated,
            is_date_typed=document.document_date is not None,
            office=document.agency.name if document.agency else "",
        )
        for document in shown
    ]


def _counts(documents: Iterable[Document]) -> dict[tuple[int, int], tuple[int, int]]:
    """Attachments that stand and of these those that a reviewer rejected, by province and content."""
    keys = {(d.province_id, d.file_id) for d in documents}
    if not keys:
        return {}
    rows = Attachment.objects.filter(
        removed_at=None,
        response__round__province__in={province for province, _file in keys},
        file__in={file for _province, file in keys},
    )
    counted = rows.order_by().values_list("response__round__province", "file")
    told = counted.annotate(n=Count("pk"), rejected=Count("pk", filter=Q(verdict__in=REJECTING)))
    return {(province, file): (n, rejected) for province, file, n, rejected in told}
