"""Copies of what web addresses showed, as pages show them: kind, size, when kept and by whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from evidence.attaching.attachment_view import AttachmentView
from evidence.files.notes import FileNote
from evidence.files.sizes import format_size
from evidence.models import File, FileKind, ScanState
from survey.models import Event, Response


@dataclass(frozen=True, slots=True)
class CopyView:
    """A copy: its file in words, when it was kept and by whom; `infected`: it is handed out to nobody."""

    kind_text: str
    size_text: str
    at: datetime | None
    by: str
    notes: tuple[FileNote, ...]
    infected: bool


def copies_of(response: Response, files: Collection[AttachmentView]) -> Mapping[str, CopyView]:
    """The copies by attachment id. Two queries, none where there is no copy."""
    kept = {file.id: file.copy for file in files if file.copy}
    if not kept:
        return {}
    rows = {row.sha256: row for row in File.objects.filter(sha256__in=set(kept.values()))}
    events = Event.objects.filter(response=response, verb="evidence.copy", data__attachment__in=list(kept))
    told = {event.data["attachment"]: event for event in events.select_related("by").order_by("seq")}
    return {key: _copy_view(rows[sha256], told.get(key)) for key, sha256 in kept.items() if sha256 in rows}


def _copy_view(file: File, event: Event | None) -> CopyView:
    return CopyView(
        kind_text=str(FileKind(file.kind).label),
        size_text=format_size(file.size),
        at=event.at if event else None,
        by=str(event.by) if event and event.by else "",
        notes=file.notes,
        infected=file.scan_state == ScanState.INFECTED,
    )
