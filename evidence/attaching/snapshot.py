"""What a frozen version of a response records of its evidence."""

from __future__ import annotations

from typing import Any

from evidence.events import mark_state
from evidence.models import Attachment
from survey.models import Response


def evidence_snapshot(response: Response) -> list[dict[str, Any]]:
    """The evidence as a frozen version records it, in the same order on every database. Two queries."""
    rows = Attachment.objects.filter(response=response, removed_at=None).select_related("file", "copy")
    entries = [_snapshot_entry(row) for row in rows.prefetch_related("marks")]
    return sorted(entries, key=lambda entry: (entry["address"], entry["sha256"], entry["url"]))


def _snapshot_entry(row: Attachment) -> dict[str, Any]:
    entry = {
        "address": row.address,
        "name": row.name,
        "sha256": row.file.sha256 if row.file else "",
        "size": row.file.size if row.file else 0,
        "url": row.url or "",
        "document_date": row.document_date.isoformat() if row.document_date else "",
        "marks": sorted((mark_state(m) for m in row.marks.all()), key=_mark_place),
    }
    # What came later stands only where there is some: a text frozen before says the same as ever.
    if row.copy is not None:
        entry["copy"] = row.copy.sha256
    if row.verdict:
        entry |= {"verdict": str(row.verdict), "verdict_reason": row.verdict_reason}
    return entry | ({"to_confirm": True} if row.to_confirm else {})


def _mark_place(mark: dict[str, str]) -> tuple[str, ...]:
    return tuple(mark.get(name, "") for name in ("pages", "quote", "areas", "note"))
