"""Choosing for a place from the library of its office: what fits best, with the reason, or what is searched for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import F, QuerySet

from dgready.localized_text import LocalizedText
from evidence.attaching.attachment_view import icon_of
from evidence.models import Document, FileText
from evidence.placing.fitting import Fit, best_fits, weights_of
from evidence.placing.listing import LibraryFilter, filter_documents
from evidence.reading.place_terms import place_terms
from evidence.reading.queries import documents_of
from evidence.reading.suggesting import Suggestion, suggest
from survey.instrument.schema import CompiledInstrument
from survey.models import Response

LOOKED_THROUGH: Final = 400  # documents of an office, the newest
SHOWN, SHOWN_FOUND = 4, 12
READ_THROUGH, MOST_CHARACTERS = 3, 60_000  # documents of which the passage is looked for, and how long they may be


@dataclass(frozen=True, slots=True)
class Choice:
    """A document that may be attached with one press; `page` and `quote`: its passage that fits best, if any."""

    document: Document
    dated: date | None
    reasons: tuple[LocalizedText, ...] = ()
    page: int = 0
    quote: str = ""

    @property
    def icon(self) -> str:
        """The name of its picture among the Bootstrap icons."""
        return icon_of(self.document.file.kind)


def choices_for(response: Response, instrument: CompiledInstrument, address: str, query: str) -> list[Choice]:
    """The documents of the response's office for a place: those searched for, else those that fit. Four queries."""
    office = Document.objects.filter(province=response.round.province_id, agency=response.agency_id)
    standing = response.attachments.filter(address=address, removed_at=None, file__isnull=False).values("file")
    free = filter_documents(office.exclude(file__in=standing), LibraryFilter(query=query)).select_related("file")
    if query:
        return [Choice(document, document.dated) for document in free[:SHOWN_FOUND]]
    return _fitting(free, instrument, address)


def _fitting(free: QuerySet[Any], instrument: CompiledInstrument, address: str) -> list[Choice]:
    newest = list(free.annotate(its_words=F("file__text__words"))[:LOOKED_THROUGH])
    documents = {document.pk: document for document in newest}
    words = ((document.pk, document.its_words or "") for document in newest)
    fits = best_fits(words, weights_of(instrument, address), SHOWN)
    passages = _passages([documents[pk].file_id for pk, _fit in fits[:READ_THROUGH]], instrument, address)
    return [_choice(documents[pk], fit, passages.get(documents[pk].file_id)) for pk, fit in fits]


def _choice(document: Any, fit: Fit, passage: Suggestion | None) -> Choice:
    if passage is None:
        return Choice(document, document.dated, (LocalizedText(f"มีคำ: {fit.words}", f"Has the words: {fit.words}"),))
    return Choice(document, document.dated, passage.reasons, passage.page, passage.quote)


def _passages(files: Sequence[int], instrument: CompiledInstrument, address: str) -> dict[int, Suggestion]:
    """The best passage of each file that is not too long to be looked through at once. Two queries."""
    terms = place_terms(instrument, address)
    short = FileText.objects.filter(file__in=files, characters__lte=MOST_CHARACTERS).values_list("file", flat=True)
    if terms is None or not files:
        return {}
    best = {file: suggest(terms, [text], 1) for file, text in documents_of(list(short)).items()}
    return {file: found[0] for file, found in best.items() if found}
