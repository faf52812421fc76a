"""Texts of stored files as if they had been read, for tests that need words and no reader."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from evidence.models import File, FileText, TextState
from evidence.reading.pages import DocumentText, PageText, pack
from evidence.reading.words import terms_of


def say(file: File, *pages: str, day: date | None = None) -> None:
    """Gives a file a text, page by page."""
    document = DocumentText(tuple(PageText(number, text) for number, text in enumerate(pages, 1)))
    words = sorted({term for text in pages for term in terms_of(text)})
    FileText.objects.update_or_create(
        file=file,
        defaults={
            "state": TextState.READ,
            "pages": pack(document),
            "words": f" {' '.join(words)} ",
            "characters": document.characters,
            "document_date": day,
            "due_at": None,
            "read_at": timezone.now(),
        },
    )
