"""The scanned paper beside the questions: which document it is, what it can be shown as, where its questions stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from evidence.models import Document, FileKind
from evidence.scanning.queries import is_withheld
from evidence.viewing.texts import read_text
from survey.entry.paper_pages import PrintedQuestion, pages_of_questions
from survey.instrument.queries import compiled_instrument
from survey.models import Response

SHOWN_KINDS: Final = (FileKind.PDF, FileKind.JPEG, FileKind.PNG)
OFFERED: Final = 40  # documents in the list to choose from


@dataclass(frozen=True, slots=True)
class Scan:
    """The scan of a response as a page shows it. `pages`: the page of each question, as far as it is known.

    `withheld`: why the file may not be opened now, in words.
    """

    document: Document
    url: str
    shown_as: str
    withheld: str = ""
    pages: Mapping[str, int] = field(default_factory=dict)


def read_scan(user: User, response: Response, *, with_pages: bool = True) -> Scan | None:
    """The scan of a response; None without one, or where it was taken from the library. One query, three with pages."""
    document = find_paper(response, response.paper)
    if document is None:
        return None
    url = reverse("evidence:document-file", args=[response.round.province.code, document.public_id])
    shown_as = "image" if FileKind(document.file.kind).is_image else "pdf"
    if is_withheld(document.file, user):
        return Scan(document, url, shown_as, " ".join(str(note.text) for note in document.file.notes))
    pages = _question_pages(response, document) if with_pages and shown_as == "pdf" else {}
    return Scan(document, url, shown_as, pages=pages)


def find_paper(response: Response, public_id: UUID | None) -> Document | None:
    """A document that can be shown as the paper of a response: of its office's own library, not removed."""
    return _papers(response).filter(public_id=public_id).select_related("file").first() if public_id else None


def offered_papers(response: Response, name: str = "") -> list[Document]:
    """The documents that can be chosen, the newest first; `name`: a part of theirs. One query."""
    papers = _papers(response).filter(name__icontains=name) if name else _papers(response)
    return list(papers.order_by("-added_at", "-pk")[:OFFERED])


def _papers(response: Response) -> QuerySet[Document]:
    return Document.objects.filter(
        province=response.round.province_id,
        agency=response.agency_id,
        removed_at=None,
        file__kind__in=[str(kind) for kind in SHOWN_KINDS],
    )


def _question_pages(response: Response, document: Document) -> dict[str, int]:
    text = read_text(document.file).document
    if text is None:
        return {}
    questions = (
        PrintedQuestion(item.id, item.code or "", item.ask.to("th"))
        for item in compiled_instrument(response.round.instrument).questions
    )
    return pages_of_questions([page.text for page in text.pages], questions)
