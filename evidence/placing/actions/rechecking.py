"""Looking for marks in a new version that was not read yet when it came; done when its text is there."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from evidence.events import mark_state, record_evidence_event
from evidence.models import Attachment, Document, FileText, LibraryEvent, LibraryVerb, Mark, MarkState, TextState
from evidence.placing.actions.moving import (
    Moved,
    attachments_of_office,
    editable_attachments,
    set_found,
    told_change,
)
from evidence.reading.pages import DocumentText
from evidence.reading.queries import document_text
from survey.models import Response

UNSETTLED = frozenset({MarkState.UNCHECKED, MarkState.MISSING, MarkState.ELSEWHERE, MarkState.UNREAD})


def recheck_file(pk: int) -> int:
    """Checks the marks that wait for the text of a file, once that is read; how many attachments changed.

    Cheap where nothing waits: whoever has just read a text may call it. One query then.
    """
    due = Document.objects.filter(file=pk, marks_due=True).values_list("pk", flat=True)
    return sum(_recheck(document) for document in list(due))


def _recheck(pk: int) -> int:
    with transaction.atomic():
        document = Document.objects.select_for_update(of=("self",)).select_related("file").get(pk=pk)
        waiting = FileText.objects.filter(file=document.file_id, state=TextState.WAITING)
        if not document.marks_due or waiting.exists():
            return 0
        text = document_text(document.file)
        since = _in_use_since(document)
        rows = attachments_of_office(document, document.file)
        changed = sum(
            _recheck_attachment(locked, attachment, text, since)
            for locked, attachment in editable_attachments(rows, Moved())
        )
        document.marks_due = False
        document.save(update_fields=["marks_due"])
        return changed


def _recheck_attachment(locked: Response, attachment: Attachment, text: DocumentText | None, since: datetime) -> bool:
    changes = []
    for mark in attachment.marks.all():
        if _waits(mark, since):
            was = mark_state(mark)
            set_found(mark, text)
            changes += told_change(mark, was)
    if changes:
        record_evidence_event(None, locked, locked, "evidence.check", attachment, more={"marks": changes})
    return bool(changes)


def _waits(mark: Mark, since: datetime) -> bool:
    """Whether a mark is from before the present content and nobody found its passage there yet."""
    return bool(mark.quote) and mark.at < since and mark.state in UNSETTLED


def _in_use_since(document: Document) -> datetime:
    """When the document got its present content."""
    changes = LibraryEvent.objects.filter(document=document, verb__in=(LibraryVerb.VERSION, LibraryVerb.RETURN))
    return changes.order_by("-pk").values_list("at", flat=True)[0]
