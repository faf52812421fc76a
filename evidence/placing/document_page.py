"""What is known of one document: where it is used, its versions, what is like it, what was done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import BooleanField, Case, ExpressionWrapper, F, Q, When

from dgready.shortened import Shortened, first_rows
from evidence.attaching.proving import UNPROVEN
from evidence.library.usage import attachments_of
from evidence.models import Attachment, Document, DocumentVersion, FileText, LibraryEvent, Mark, Verdict
from evidence.places import describe_place, find_place
from evidence.placing.similar import nearest
from survey.instrument.queries import compiled_instrument
from survey.models import Answer

COMPARED: Final = 200  # documents of about the same length whose words are looked at
SHOWN_USES, MOST_USES, SHOWN_EVENTS, SHOWN_NEAR = 60, 300, 30, 5


@dataclass(frozen=True, slots=True)
class Use:
    """An attachment of a document: where, in whose answer, with which content, what a reviewer says, its marks."""

    attachment: Attachment
    parts: tuple[str, ...]
    office: str
    is_present: bool
    """Whether it has the document's present content."""
    marks: tuple[Mark, ...]

    @property
    def open_marks(self) -> tuple[Mark, ...]:
        """The marks that prove nothing as they are."""
        return tuple(mark for mark in self.marks if mark.state in UNPROVEN)

    @property
    def verdict_text(self) -> str:
        """The reviewer's verdict in words; empty for none."""
        return str(Verdict(self.attachment.verdict).label) if self.attachment.verdict else ""


def uses_of(document: Document, readable: Q, language: str) -> tuple[list[Use], int]:
    """The attachments of a document that may be read, newest round first, and how many others there are.

    Three queries.
    """
    related = (
        "response__round__instrument",
        "response__round__province",
        "response__agency",
        "question",
        "added_by",
        "verdict_by",
    )
    rows = attachments_of(document).annotate(may_be_read=ExpressionWrapper(readable, BooleanField()))
    rows = rows.select_related(*related).prefetch_related("marks").defer("response__round__instrument__source")
    found = list(rows.order_by("-may_be_read", "-response__round__year", "question__order")[:MOST_USES])
    shown = [attachment for attachment in found[:SHOWN_USES] if attachment.may_be_read]
    values = _values_around(shown)
    uses = [_use(document, attachment, values.get(attachment.response_id, {}), language) for attachment in shown]
    return uses, len(found) - len(uses)


def _values_around(attachments: Sequence[Attachment]) -> dict[int, dict[str, Any]]:
    """The answers to the questions of attachments by response: they tell which row of a list is meant. One query."""
    rows = Answer.objects.filter(
        response__in={attachment.response_id for attachment in attachments},
        question__in={attachment.question_id for attachment in attachments},
    )
    values: dict[int, dict[str, Any]] = {}
    for response, value in rows.values_list("response", "value"):
        values.setdefault(response, {}).update(value)
    return values


def _use(document: Document, attachment: Attachment, values: Mapping[str, Any], language: str) -> Use:
    response = attachment.response
    instrument = compiled_instrument(response.round.instrument)
    place = find_place(instrument, attachment.address)
    return Use(
        attachment,
        describe_place(instrument, place, values, language) if place else (),
        response.agency.name if response.agency else "",
        attachment.file_id == document.file_id,
        tuple(attachment.marks.all()),
    )


def versions_of(document: Document) -> list[DocumentVersion]:
    """The contents that a document had, the newest first; none where it has only had one. One query."""
    return list(document.versions.select_related("file", "by").order_by("-number"))


def log_of(document: Document) -> Shortened[LibraryEvent]:
    """What was done with it, the newest first. One query."""
    return first_rows(document.events.select_related("by"), SHOWN_EVENTS)


@dataclass(frozen=True, slots=True)
class LikeDocument:
    """Another document of the province: with the same content, or with nearly the same words (`share` in percent)."""

    document: Document
    share: int
    """100 for the same content."""


def like_documents(document: Document, text: FileText | None) -> list[LikeDocument]:
    """Documents of the province with the same content, then those with nearly the same text. One query."""
    others = Document.objects.filter(province=document.province_id, removed_at=None).exclude(pk=document.pk)
    alike, words = Q(file=document.file_id), text.words if text else ""
    if text is not None and words:
        about = (int(text.characters * 0.7), int(text.characters * 1.4))
        alike |= Q(file__text__characters__range=about)
    found = others.filter(alike).select_related("agency").annotate(its_words=F("file__text__words"))
    looked_at = list(found.order_by(Case(When(file=document.file_id, then=0), default=1), "-added_at")[:COMPARED])
    twins = [LikeDocument(other, 100) for other in looked_at if other.file_id == document.file_id]
    return twins + _near(words, [other for other in looked_at if other.file_id != document.file_id])


def _near(words: str, others: Sequence[Document]) -> list[LikeDocument]:
    by_number = {other.pk: other for other in others}
    found = nearest(words, ((other.pk, getattr(other, "its_words", "") or "") for other in others), SHOWN_NEAR)
    return [LikeDocument(by_number[pk], min(round(share * 100), 99)) for pk, share in found]


def text_of(document: Document) -> FileText | None:
    """How far the text of its present content is read, without the text itself. One query."""
    return FileText.objects.filter(file=document.file_id).defer("pages").first()


def date_shown(document: Document, text: FileText | None) -> tuple[date | None, bool]:
    """The date that it bears, and whether a person typed it."""
    if document.document_date is not None:
        return document.document_date, True
    return (text.document_date if text else None), False
