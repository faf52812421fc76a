"""What a frozen version of a response records of its evidence."""

from __future__ import annotations

from typing import Any

from evidence.models import Attachment
from survey.models import Response


def evidence_snapshot(response: Response) -> list[dict[str, Any]]:
    """The evidence as a frozen version records it, in the same order on every database. Two queries."""
    rows = Attachment.objects.filter(response=response, removed_at=None).select_related("file")
    entries = [_snapshot_entry(row) for row in rows.prefetch_related("marks")]
    return sorted(entries, key=lambda entry: (entry["address"], entry["sha256"], entry["url"]))


def _snapshot_entry(row: Attachment) -> dict[str, Any]:
    marks = [{"pages": m.pages, "quote": m.quote} for m in row.marks.all()]
    return {
        "address": row.address,
        "name": row.name,
        "sha256": row.file.sha256 if row.file else "",
        "size": row.file.size if row.file else 0,
        "url": row.url or "",
        "document_date": row.document_date.isoformat() if row.document_date else "",
        "marks": sorted(marks, key=lambda m: (m["pages"], m["quote"])),
    }
