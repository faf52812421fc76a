"""Reads of the texts of files: what a file says, which files are due, a search over many files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from evidence.models import File, FileText, ScanState, TextState
from evidence.reading.extracting import NO_READER, VERSION
from evidence.reading.pages import DocumentText, unpack
from evidence.reading.searching import SearchHit, filter_terms, search

MOST_SEARCHED: Final = 60  # files whose text is looked through for one search; those with most of the words come first


def document_text(file: File) -> DocumentText | None:
    """The text of a file; None while it is not read. One query."""
    return documents_of([file.pk]).get(file.pk)


def documents_of(files: Iterable[int]) -> dict[int, DocumentText]:
    """The texts of files by their keys, as far as they are read. One query."""
    rows = FileText.objects.filter(file__in=list(files), pages__isnull=False)
    return {pk: unpack(bytes(pages)) for pk, pages in rows.values_list("file", "pages") if pages is not None}


def search_files(query: str, files: QuerySet[File], most: int) -> list[SearchHit]:
    """The passages of some files that fit a search best; `document` of a hit is the key of its file. Two queries."""
    terms = filter_terms(query)
    if not terms:
        return []
    wanted = Q()
    for term in terms:
        wanted |= Q(words__contains=term)
    rows = FileText.objects.filter(wanted, file__in=files.values("pk"), pages__isnull=False)
    held = rows.order_by("-read_at").values_list("file", "words")
    ranked = sorted(held, key=lambda row: -sum(term in row[1] for term in terms))
    return search(query, documents_of(pk for pk, _words in ranked[:MOST_SEARCHED]), most)


def due_texts(now: datetime, most: int) -> list[int]:
    """Keys of files whose text is due, the longest waiting first."""
    due = FileText.objects.filter(state=TextState.WAITING, due_at__lte=now)
    due = due.exclude(file__scan_state=ScanState.INFECTED)
    return list(due.order_by("due_at", "pk").values_list("file", flat=True)[:most])


def files_without_text(most: int) -> list[int]:
    """Keys of stored files that were never queued: they came before there was reading."""
    unread = File.objects.filter(text__isnull=True).exclude(scan_state=ScanState.INFECTED)
    return list(unread.order_by("pk").values_list("pk", flat=True)[:most])


def texts_to_renew(most: int, *, pictures: bool) -> list[int]:
    """Keys of files that an older version read; with `pictures` also those that had pages nothing here could read."""
    settled = FileText.objects.exclude(state=TextState.WAITING)
    renewed = Q(reader__lt=VERSION)
    if pictures:
        renewed |= Q(detail=NO_READER)
    return list(settled.filter(renewed).order_by("pk").values_list("file", flat=True)[:most])
