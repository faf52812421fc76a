"""Moving the attachments of an office from one content of a document to another, with their marks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from evidence.events import mark_state, record_evidence_event
from evidence.files.names import clean_file_name
from evidence.models import Attachment, Document, File, Mark, MarkState, Verdict
from evidence.placing.finding_marks import find_mark
from evidence.reading.pages import DocumentText
from survey.answering import actions as answers
from survey.journal import actions as journal
from survey.models import Event, Response


@dataclass(slots=True)
class NewText:
    """What a content says: `document` is None where nothing could be read. `known`: whether it is read at all."""

    known: bool
    document: DocumentText | None = None


@dataclass(slots=True)
class Moved:
    """How many attachments moved, how many stay as they are, how many marks were lost; whether marks wait."""

    attachments: int = 0
    left: int = 0
    lost: int = 0
    waiting: bool = field(default=False)


def attachments_of_office(document: Document, file: File) -> QuerySet[Attachment]:
    """The attachments of a content in the responses of the document's own office."""
    office = {"response__round__province": document.province_id, "response__agency": document.agency_id}
    rows = Attachment.objects.filter(file=file, removed_at=None, **office).select_related("file", "question")
    return rows.prefetch_related("marks").order_by("response", "pk")


def editable_attachments(rows: QuerySet[Attachment], moved: Moved) -> Iterator[tuple[Response, Attachment]]:
    """Those that can change now, each with its locked response; the others are counted as left."""
    for response, some in groupby(rows, key=lambda row: row.response_id):
        locked = journal.lock_response(response)
        for attachment in some:
            attachment.response = locked
            try:
                answers.require_editable(locked, attachment.question)
            except answers.NotEditable:
                moved.left += 1
            else:
                yield locked, attachment


def move_attachments(*, by: User, document: Document, old: File, new: File, text: NewText) -> Moved:
    """Gives the office's attachments the other content, where they can change; approved answers keep theirs."""
    moved = Moved()
    for locked, attachment in editable_attachments(attachments_of_office(document, old), moved):
        there = Attachment.objects.filter(response=locked, address=attachment.address, file=new, removed_at=None)
        if there.exists():
            moved.left += 1
            continue
        _move(by, locked, attachment, new, text, moved)
    return moved


def _move(by: User, locked: Response, attachment: Attachment, new: File, text: NewText, moved: Moved) -> None:
    before = _content(attachment)
    earlier = _earlier_marks(attachment, new)
    attachment.file, attachment.name = new, clean_file_name(attachment.name, new.kind)
    attachment.save(update_fields=["file", "name"])
    changes = []
    for mark in attachment.marks.all():
        was = mark_state(mark)
        _find_again(mark, text, earlier)
        moved.lost += mark.state == MarkState.LOST
        moved.waiting |= bool(mark.quote) and not text.known and mark.state == MarkState.UNCHECKED
        changes += told_change(mark, was)
    record_evidence_event(
        by,
        locked,
        locked,
        "evidence.version",
        attachment,
        before=before,
        after=_content(attachment),
        more={"marks": changes} if changes else None,
    )
    _clear_verdict(by, locked, attachment)
    moved.attachments += 1


def _content(attachment: Attachment) -> dict[str, Any]:
    assert attachment.file is not None
    return {"name": attachment.name, "sha256": attachment.file.sha256, "size": attachment.file.size}


def _find_again(mark: Mark, text: NewText, earlier: list[Mapping[str, Any]]) -> None:
    """Sets what a mark is in the other content: as it was when it last had that, else where its passage is found."""
    now = mark_state(mark)
    was = next((told["was"] for told in earlier if {k: v for k, v in told.items() if k != "was"} == now), None)
    if was is not None:
        mark.pages, mark.areas, mark.state = was["pages"], was.get("areas", ""), was.get("state", "")
    elif mark.quote and not text.known:
        mark.state = MarkState.UNCHECKED
    else:
        set_found(mark, text.document)


def set_found(mark: Mark, document: DocumentText | None) -> None:
    """Sets pages, rectangles and state of a mark as its passage is found; not saved yet."""
    mark.pages, mark.areas, mark.state = find_mark(document, mark.pages, mark.quote, mark.areas)


def told_change(mark: Mark, was: Mapping[str, str]) -> list[dict[str, Any]]:
    """Saves a mark where it is not what it was; what the event tells of that, nothing where nothing changed."""
    now = mark_state(mark)
    if now == was:
        return []
    mark.save(update_fields=["pages", "areas", "state"])
    return [{**now, "was": dict(was)}]


def _earlier_marks(attachment: Attachment, new: File) -> list[Mapping[str, Any]]:
    """What its marks became when it last lost this content: exactly that is taken back when it gets it again."""
    events = Event.objects.filter(response=attachment.response, verb="evidence.version").order_by("-seq")
    for data in events.filter(data__attachment=str(attachment.public_id)).values_list("data", flat=True):
        if data["before"].get("sha256") == new.sha256:
            return list(data.get("marks", ()))
    return []


def _clear_verdict(by: User, locked: Response, attachment: Attachment) -> None:
    """A reviewer judged the other content: this one is to be looked at again."""
    if not attachment.verdict:
        return
    before = {"verdict": str(attachment.verdict), "verdict_reason": attachment.verdict_reason}
    attachment.verdict, attachment.verdict_reason = Verdict.NONE, ""
    attachment.verdict_by = attachment.verdict_at = None
    attachment.save(update_fields=["verdict", "verdict_reason", "verdict_by", "verdict_at"])
    record_evidence_event(by, locked, locked, "evidence.judge", attachment, before=before)
