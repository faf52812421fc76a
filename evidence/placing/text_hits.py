"""The passages of a library's documents that a search finds, with what is to be highlighted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from evidence.models import Document, File
from evidence.reading.queries import search_files
from evidence.reading.searching import SearchHit

MOST_HITS: Final = 8
SHORTENED: Final = 320  # letters of a passage that are shown


@dataclass(frozen=True, slots=True)
class TextHit:
    """A passage of a document; `pieces`: its text with whether a piece was sought."""

    document: Document
    page: int
    pieces: tuple[tuple[str, bool], ...]


def text_hits(query: str, documents: QuerySet[Document]) -> list[TextHit]:
    """The passages that fit best, each with its document. Three queries."""
    hits = search_files(query, File.objects.filter(pk__in=documents.order_by().values("file")), MOST_HITS)
    if not hits:
        return []
    found = documents.filter(file__in={hit.document for hit in hits}).select_related("agency")
    by_file = {document.file_id: document for document in found}
    return [TextHit(by_file[hit.document], hit.page, tuple(_pieces(hit))) for hit in hits if hit.document in by_file]


def _pieces(hit: SearchHit) -> Iterator[tuple[str, bool]]:
    position = 0
    for start, end in hit.marks:
        if start >= SHORTENED:
            break
        yield hit.text[position:start], False
        yield hit.text[start:end], True
        position = end
    rest = hit.text[position : max(SHORTENED, position)]
    yield rest + ("…" if position + len(rest) < len(hit.text) else ""), False
