"""Placing a document of the library as evidence, at one place or at many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from evidence.attaching.actions.attach import attach_stored_file
from evidence.files.refusal import EvidenceRefused
from evidence.library.actions import lock_document
from evidence.library.log import record_library_event
from evidence.models import Attachment, Document, FileText, LibraryVerb
from survey.answering.actions import NotEditable
from survey.answering.edit_refusals import edit_refusal
from survey.instrument.addresses import item_id_of
from survey.models import Question, Response


@dataclass(frozen=True, slots=True)
class PlaceTarget:
    """An evidence place of a response."""

    response: Response
    question: Question
    address: str


@dataclass(frozen=True, slots=True)
class PlacedDocument:
    """What became of one place: the attachment, new or there before, or why there is none."""

    target: PlaceTarget
    attachment: Attachment | None
    created: bool = False
    refusal: str = ""


def place_document(*, by: User, document: Document, targets: Sequence[PlaceTarget]) -> list[PlacedDocument]:
    """Attaches the document at each place, each an event of its own; a refusal at one leaves the others.

    The caller has asked whether the person may edit there. Raises EvidenceRefused where the document was removed.
    """
    with transaction.atomic():
        document = lock_document(document)
        day = date_of(document)
    placed = [_place(by, document, target, day) for target in targets]
    new = [f"{done.target.response.pk} {done.target.address}" for done in placed if done.created]
    if new:
        with transaction.atomic():
            record_library_event(by, document, LibraryVerb.PLACE, after={"places": new})
    return placed


def date_of(document: Document) -> date | None:
    """The date that a document bears: as it was typed, else as its text says. One query or none."""
    if document.document_date is not None:
        return document.document_date
    return FileText.objects.filter(file=document.file_id).values_list("document_date", flat=True).first()


def _place(by: User, document: Document, target: PlaceTarget, day: date | None) -> PlacedDocument:
    response, question, address = target.response, target.question, target.address
    where: dict[str, Any] = {"response": response, "question": question, "address": address}
    try:
        done = attach_stored_file(by=by, **where, file=document.file, name=document.name, document_date=day)
    except EvidenceRefused as refused:
        return PlacedDocument(target, None, refusal=str(refused))
    except NotEditable:
        return PlacedDocument(target, None, refusal=edit_refusal(response, question, item_id_of(address)))
    return PlacedDocument(target, done.attachment, done.created)
