"""Passages that may prove what a place of the form asks for, the likeliest first, each with the reasons in words. PURE."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from dgready.localized_text import LocalizedText
from dgready.thai import format_date
from dgready.thai_repair import find_key
from evidence.reading.document_dates import DocumentDate, document_date
from evidence.reading.pages import DocumentText, Rectangle, TextSource
from evidence.reading.passages import PassageText, passages_of
from evidence.reading.ranking import Ranked, rank_passages
from evidence.reading.words import cut_words, terms_of

MOST: Final = 5  # suggestions
LEAST_SHARE: Final = 0.06  # of what the terms could bring: less is chance
_OPTION, _PROOF, _QUESTION, _KEYWORD = 3.0, 2.0, 1.0, 2.5  # what a term weighs, by where it stands
_PAGE_SHARE: Final = 0.35  # how much the rest of the page speaks for a passage
_DOCUMENT_SHARE: Final = 0.1
_PHRASE: Final = 0.3  # for words of the option that stand side by side
_WHOLE: Final = 0.35  # for the option word by word
_PERIOD: Final = 0.04
_CONTENTS: Final = 0.55  # what a line of a table of contents is worth
_CONTENTS_LINE: Final = re.compile(r"(?:\.\s?){4,}|…{2,}|[_\s.]{6,}[\d๐-๙]+\s*\Z")
_SHOWN_WORDS: Final = 6


@dataclass(frozen=True, slots=True)
class PlaceTerms:
    """What a place asks for: the option (or row, or cell), its question, what counts as proof, more words, the period."""

    option: str
    question: str = ""
    proof: str = ""
    keywords: tuple[str, ...] = ()
    period: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A passage that may prove it: text[start:end] of a page of the document with that number in the list given."""

    document: int
    page: int
    start: int
    end: int
    quote: str
    rectangles: tuple[Rectangle, ...]
    score: float
    reasons: tuple[LocalizedText, ...]


def suggest(place: PlaceTerms, documents: Sequence[DocumentText], most: int = MOST) -> list[Suggestion]:
    """The likeliest passages of some documents, over all of them."""
    terms = weigh_terms(place)
    found: list[Suggestion] = []
    for number, document in enumerate(documents):
        found += _of_document(number, document, place, terms)
    found.sort(key=lambda each: (-each.score, each.document, each.page, each.start))
    return found[:most]


def weigh_terms(place: PlaceTerms) -> dict[str, float]:
    """The terms that are looked for, with their weight; one that stands in several texts has its highest."""
    weights: dict[str, float] = {}
    texts = [(place.option, _OPTION), (place.proof, _PROOF), (place.question, _QUESTION)]
    for text, weight in [*texts, *((word, _KEYWORD) for word in place.keywords)]:
        for term in terms_of(text):
            weights[term] = max(weights.get(term, 0.0), weight)
    return weights


def _of_document(
    number: int, document: DocumentText, place: PlaceTerms, terms: Mapping[str, float]
) -> list[Suggestion]:
    passages = [passage for page in document.pages for passage in passages_of(page)]
    if not passages or not terms:
        return []
    qualities = {page.number: page.quality for page in document.pages}
    ranked = rank_passages(passages, terms, qualities)
    pages = _page_shares(ranked, terms)
    phrases = _phrases(place.option)
    whole = find_key(place.option)
    own_date = document_date(document)
    dated, date_reason = _judge_date(own_date, place.period)
    best_page = max(pages.values())
    made = []
    for each in ranked:
        if each.share < LEAST_SHARE:
            continue
        told = sum(phrase in each.passage.key for phrase in phrases) / max(len(phrases), 1)
        is_whole = len(whole) > 6 and whole in each.passage.key
        score = each.share + _PHRASE * told + _WHOLE * is_whole + _PAGE_SHARE * pages[each.passage.page]
        score = score * (_CONTENTS if _CONTENTS_LINE.search(each.passage.text) else 1) + _DOCUMENT_SHARE * best_page
        reasons = [*_reasons(each, place, is_whole), *date_reason, *_source_reason(document, each.passage.page)]
        made.append(_suggestion(number, document, each.passage, score + dated, reasons))
    return made


def _suggestion(
    number: int, document: DocumentText, passage: PassageText, score: float, reasons: Sequence[LocalizedText]
) -> Suggestion:
    page = document.page(passage.page)
    rectangles = tuple(page.rectangles(passage.start, passage.end)) if page else ()
    quote = " ".join(passage.text.split("\n"))
    return Suggestion(
        number, passage.page, passage.start, passage.end, quote, rectangles, round(score, 4), tuple(reasons)
    )


def _page_shares(ranked: Sequence[Ranked], terms: Mapping[str, float]) -> dict[int, float]:
    """How much of all terms each page has."""
    found: dict[int, set[str]] = {}
    for each in ranked:
        found.setdefault(each.passage.page, set()).update(each.found)
    total = sum(terms.values())
    return {page: sum(terms[term] for term in words) / total for page, words in found.items()}


def _phrases(text: str) -> list[str]:
    """Each two words of a text that say something and stand side by side."""
    words = [find_key(word) for word in cut_words(text) if word.strip()]
    telling = set(terms_of(text))
    return [one + two for one, two in zip(words, words[1:], strict=False) if one in telling and two in telling]


def _judge_date(own: DocumentDate | None, period: tuple[date, date] | None) -> tuple[float, list[LocalizedText]]:
    if own is None:
        return 0.0, []
    thai, english = format_date(own.day), format_date(own.day, "en")
    if period is None:
        return 0.0, [LocalizedText(f"เอกสารลงวันที่ {thai}", f"The document is dated {english}")]
    if period[0] <= own.day <= period[1]:
        return _PERIOD, [
            LocalizedText(f"เอกสารลงวันที่ {thai} อยู่ในช่วงที่สำรวจ", f"The document is dated {english}, within the period")
        ]
    return -_PERIOD, [
        LocalizedText(f"เอกสารลงวันที่ {thai} อยู่นอกช่วงที่สำรวจ", f"The document is dated {english}, outside the period")
    ]


def _reasons(each: Ranked, place: PlaceTerms, is_whole: bool) -> list[LocalizedText]:
    reasons = [LocalizedText("ตรงกับข้อความของตัวเลือกทุกคำ", "Has the option word by word")] if is_whole else []
    left = set(each.found)
    groups = (
        (place.option, "มีคำของตัวเลือก: {words}", "Has words of the option: {words}"),
        (place.proof, "มีคำของหลักฐานที่ใช้ได้: {words}", "Has words of what counts as proof: {words}"),
        (" ".join(place.keywords), "มีคำค้น: {words}", "Has the words sought: {words}"),
        (place.question, "มีคำของคำถาม: {words}", "Has words of the question: {words}"),
    )
    for text, thai, english in groups:
        words = [term for term in dict.fromkeys(terms_of(text)) if term in left]
        left -= set(words)
        if words and not (is_whole and text == place.option):
            shown = ", ".join(words[:_SHOWN_WORDS])
            reasons.append(LocalizedText(thai.format(words=shown), english.format(words=shown)))
    return reasons


def _source_reason(document: DocumentText, number: int) -> list[LocalizedText]:
    page = document.page(number)
    if page is None or page.source is not TextSource.PICTURE:
        return []
    return [LocalizedText("อ่านจากภาพ โปรดตรวจตัวสะกด", "Read off the picture; check the spelling")]
