"""Suggestions for a place of a response: the passages of its files that may prove it, ready to be marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from dgready.language import localize_text
from dgready.lru_cache import LruCache
from evidence.models import Attachment, ScanState
from evidence.places import PlaceDefinition
from evidence.reading.pages import DocumentText
from evidence.reading.place_terms import place_terms
from evidence.reading.suggesting import MOST, Suggestion, suggest
from evidence.viewing.passages import MOST_QUOTE, MarkedPassage, areas_of
from evidence.viewing.texts import ReadText, read_texts
from survey.instrument.place_windows import window_of
from survey.instrument.queries import compiled_instrument
from survey.models import Response

MOST_FILES: Final = 8  # looked through for one place, the newest first
SHOWN_REASONS: Final = 2
_found: LruCache[list[Suggestion]] = LruCache(200)


@dataclass(frozen=True, slots=True)
class SuggestedPassage:
    """A passage of an attachment with why it is suggested."""

    attachment: Attachment
    page: int
    passage: MarkedPassage
    reasons: tuple[str, ...]

    @property
    def areas(self) -> str:
        """Its rectangles as a form sends them."""
        return " ".join(map(str, self.passage.areas))


@dataclass(frozen=True, slots=True)
class PlaceSuggestions:
    """What is suggested for a place. `waiting`: files are still being read, so that more may come.

    `unread`: none of the files has any text: pictures that nothing here reads, or files that could not be read.
    """

    passages: list[SuggestedPassage] = field(default_factory=list)
    waiting: bool = False
    unread: bool = False


def suggest_for_place(
    response: Response, place: PlaceDefinition, attachments: Sequence[Attachment], most: int = MOST
) -> PlaceSuggestions:
    """The likeliest passages of some attachments of a place that are not marked yet. Three queries at most."""
    usable = [each for each in attachments if each.file is not None and each.file.scan_state != ScanState.INFECTED]
    usable = usable[-MOST_FILES:]
    texts = read_texts([each.file_id for each in usable if each.file_id is not None])
    read = [(each, texts[each.file_id]) for each in usable if each.file_id is not None]
    readable = [(each, text, text.document) for each, text in read if text.document is not None]
    waiting = any(text.is_waiting for _each, text in read)
    if not readable:
        return PlaceSuggestions(waiting=waiting, unread=bool(read) and not waiting)
    found = _suggestions(response, place, [(text, document) for _each, text, document in readable])
    passages = [_suggested(readable[each.document][0], readable[each.document][2], each) for each in found]
    marked = {each.pk: [mark.quote for mark in each.marks.all()] for each in usable}
    passages = [each for each in passages if each.passage.quote not in marked[each.attachment.pk]]
    has_text = any(document.characters for _each, _text, document in readable)
    return PlaceSuggestions(passages[:most], waiting, unread=not has_text and not waiting)


def _suggestions(
    response: Response, place: PlaceDefinition, texts: Sequence[tuple[ReadText, DocumentText]]
) -> list[Suggestion]:
    """Kept while neither the texts nor the form change."""
    round_ = response.round
    instrument = compiled_instrument(round_.instrument)
    period = window_of(place.item, place.row, place.column, place.option).span((round_.period_from, round_.period_to))
    versions = tuple(text.version for text, _document in texts)
    key = None if None in versions else (round_.instrument_id, place.address, period, versions)

    def look() -> list[Suggestion]:
        terms = place_terms(instrument, place.address, period=period)
        return suggest(terms, [document for _text, document in texts], MOST + 3) if terms else []

    return _found.get(key, look)


def _suggested(attachment: Attachment, document: DocumentText, found: Suggestion) -> SuggestedPassage:
    page = document.page(found.page)
    areas = tuple(areas_of(page, found.start, found.end)) if page else ()
    passage = MarkedPassage(str(found.page), " ".join(found.quote.split())[:MOST_QUOTE], areas)
    reasons = tuple(localize_text(reason) for reason in found.reasons[:SHOWN_REASONS])
    return SuggestedPassage(attachment, found.page, passage, reasons)
