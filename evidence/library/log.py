"""The log of what is done with the documents of a library; it only grows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from evidence.models import Document, LibraryEvent, LibraryVerb


def record_library_event(
    by: User,
    document: Document,
    verb: LibraryVerb,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> LibraryEvent:
    """Records one act in the transaction of what it records."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an act is recorded in its own transaction")
    told = {"before": dict(before or {}), "after": dict(after or {})}
    return LibraryEvent.objects.create(document=document, by=by, at=timezone.now(), verb=verb, **told)
