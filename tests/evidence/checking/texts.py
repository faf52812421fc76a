"""Texts of stored files as if they had been read."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import BinaryIO

from django.utils import timezone

from dgready.guard.readers import page_texts
from evidence import store
from evidence.models import Attachment, File, FileText, TextState
from evidence.reading.extracting import VERSION
from evidence.reading.pages import DocumentText, PageText, TextSource, pack, page_of_reader
from evidence.reading.quality import page_quality


def document(*pages: str | PageText, cut: bool = False) -> DocumentText:
    """A document of these pages; "" is a picture that nobody read."""
    made = [page if isinstance(page, PageText) else page_of(n, page) for n, page in enumerate(pages, start=1)]
    return DocumentText(tuple(made), cut)


def page_of(number: int, text: str) -> PageText:
    """A page with a text of its own, or one that is a picture."""
    return PageText(number, text) if text else PageText(number, "", TextSource.NONE, quality=0.0)


def read_as(attachment: Attachment, *pages: str | PageText, state: TextState = TextState.READ) -> File:
    """Its file, read with this text; no message is sent."""
    file = attachment.file
    assert file is not None
    values = {"state": state, "reader": VERSION, "pages": pack(document(*pages)) if pages else None}
    due = timezone.now() if state == TextState.WAITING else None
    FileText.objects.update_or_create(file=file, defaults={**values, "due_at": due, "read_at": timezone.now()})
    return file


def read_content(content: BinaryIO, kind: str) -> DocumentText:
    """What a file of our own says, read inside this process: hundreds would take long in children."""
    answer = page_texts.read(content, kind, 200, 1_000_000)
    pages = [(page_of_reader(number, read), read["unmapped"]) for number, read in enumerate(answer["pages"], start=1)]
    return DocumentText(tuple(replace(page, quality=page_quality(page.text, lost)) for page, lost in pages))


def read_all_files() -> None:
    """Reads every stored file and keeps its text; no mark is checked."""
    for file in File.objects.all():
        with store.open_stored_content(file.stored) as content:
            pages = pack(read_content(io.BytesIO(content.read()), file.kind))
        values = {"state": TextState.READ, "reader": VERSION, "pages": pages, "read_at": timezone.now(), "due_at": None}
        FileText.objects.update_or_create(file=file, defaults=values)
