"""Reads of renditions: the PDF of a file, and which are to be made."""

from __future__ import annotations

from datetime import datetime

from evidence.models import File, FileRendition, RenditionState, ScanState
from evidence.renditions import office
from evidence.renditions.actions import NOT_INSTALLED


def rendition_of(file: File) -> FileRendition | None:
    """The PDF of an office document, in whatever state it is; None where none is made or was asked for. One query."""
    return FileRendition.objects.filter(file=file).first()


def rendition_digest(row: FileRendition) -> str:
    """The SHA-256 of a PDF that is made: the store keeps it under that."""
    return row.stored.rsplit("/", 1)[-1][:64]


def due_renditions(now: datetime, most: int) -> list[int]:
    """Keys of files whose rendition is due, the longest waiting first."""
    due = FileRendition.objects.filter(state=RenditionState.WAITING, due_at__lte=now)
    due = due.exclude(file__scan_state=ScanState.INFECTED)
    return list(due.order_by("due_at", "pk").values_list("file", flat=True)[:most])


def files_without_rendition(most: int) -> list[int]:
    """Keys of office documents that were never queued: they came before there were renditions."""
    unmade = File.objects.filter(rendition__isnull=True, kind__in=office.KINDS)
    return list(unmade.exclude(scan_state=ScanState.INFECTED).order_by("pk").values_list("pk", flat=True)[:most])


def renditions_to_renew(most: int) -> list[int]:
    """Keys of files of which no PDF was made because nothing here could make one."""
    unmade = FileRendition.objects.filter(state=RenditionState.UNMADE, detail=NOT_INSTALLED)
    return list(unmade.order_by("pk").values_list("file", flat=True)[:most])
