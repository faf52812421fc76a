"""Reads of placing: whose marks are to be looked for, at which places an office's document could prove something."""

from __future__ import annotations

from evidence.models import Document, TextState


def files_to_recheck(most: int) -> list[int]:
    """Keys of files that are read by now, and in which marks are still to be looked for. One query."""
    due = Document.objects.filter(marks_due=True).exclude(file__text__state=TextState.WAITING)
    return list(due.order_by("pk").values_list("file", flat=True)[:most])
