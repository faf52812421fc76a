"""Passages that may prove what a place of the form asks for, the likeliest first, with reasons in words. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice, pairwise
from typing import Final

from dgready.localized_text import LocalizedText
from dgready.thai import format_date
from dgready.thai_repair import find_key
from dgready.thai_words import cut_words
from evidence.reading.document_dates import DocumentDate, document_date
from evidence.reading.pages import DocumentText, Rectangle, TextSource
from evidence.reading.passages import PassageText, joined_passages, passages_of
from evidence.reading.ranking import Ranked, rank_passages
from evidence.reading.words import terms_of

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
_SHORTEST_WHOLE: Final = 6  # letters of an option that is not found by chance


@dataclass(frozen=True, slots=True)
class PlaceTerms:
    """What a place asks for: its option, row or cell; its question; what counts as proof; more words; the period."""

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


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A passage with its score, before anything is said about it."""

    document: int
    ranked: Ranked
    score: float
    is_whole: bool


def suggest(place: PlaceTerms, documents: Sequence[DocumentText], most: int = MOST) -> list[Suggestion]:
    """The likeliest passages of some documents, over all of them."""
    terms = weigh_terms(place)
    if not terms:
        return []
    dates = [document_date(document) for document in documents]
    phrases = _phrases(place.option)
    found: list[_Candidate] = []
    for number, document in enumerate(documents):
        found += _candidates(number, document, place, terms, phrases, _in_period(dates[number], place.period))
    found.sort(key=lambda each: (-each.score, each.document, each.ranked.passage.page, each.ranked.passage.start))
    words = _words_by_text(place)
    return [
        _suggestion(each, documents[each.document], dates[each.document], place, words)
        for each in islice(_apart(found), most)
    ]


def _apart(found: Sequence[_Candidate]) -> Iterator[_Candidate]:
    """Those that share nothing with a better one."""
    taken: dict[tuple[int, int], list[PassageText]] = {}
    for each in found:
        passage = each.ranked.passage
        others = taken.setdefault((each.document, passage.page), [])
        if not any(passage.start < other.end and other.start < passage.end for other in others):
            others.append(passage)
            yield each


def weigh_terms(place: PlaceTerms) -> dict[str, float]:
    """The terms that are looked for, with their weight; one that stands in several texts has its highest."""
    weights: dict[str, float] = {}
    texts = [(place.option, _OPTION), (place.proof, _PROOF), (place.question, _QUESTION)]
    for text, weight in [*texts, *((word, _KEYWORD) for word in place.keywords)]:
        for term in terms_of(text):
            weights[term] = max(weights.get(term, 0.0), weight)
    return weights


def _candidates(
    number: int,
    document: DocumentText,
    place: PlaceTerms,
    terms: Mapping[str, float],
    phrases: Sequence[str],
    in_period: bool | None,
) -> list[_Candidate]:
    passages: list[PassageText] = []
    for page in document.pages:
        single = list(passages_of(page))
        passages += [*single, *joined_passages(page, single)]
    if not passages:
        return []
    ranked = rank_passages(passages, terms, {page.number: page.quality for page in document.pages})
    pages = _page_shares(ranked, terms)
    whole = find_key(place.option)
    base = _DOCUMENT_SHARE * max(pages.values()) + {True: _PERIOD, False: -_PERIOD, None: 0.0}[in_period]
    made = []
    for each in ranked:
        if each.share < LEAST_SHARE:
            continue
        told = sum(phrase in each.passage.key for phrase in phrases) / max(len(phrases), 1)
        is_whole = len(whole) > _SHORTEST_WHOLE and whole in each.passage.key
        score = each.share + _PHRASE * told + _WHOLE * is_whole + _PAGE_SHARE * pages[each.passage.page]
        score *= _CONTENTS if _CONTENTS_LINE.search(each.passage.text) else 1
        made.append(_Candidate(number, each, score + base, is_whole))
    return made


def _suggestion(
    found: _Candidate,
    document: DocumentText,
    own: DocumentDate | None,
    place: PlaceTerms,
    words: Sequence[tuple[LocalizedText, list[str]]],
) -> Suggestion:
    passage = found.ranked.passage
    page = document.page(passage.page)
    reasons = [*_term_reasons(found, words), *_date_reason(own, place.period)]
    if page is not None and page.source is TextSource.PICTURE:
        reasons.append(LocalizedText("อ่านจากภาพ โปรดตรวจตัวสะกด", "Read off the picture; check the spelling"))
    return Suggestion(
        found.document,
        passage.page,
        passage.start,
        passage.end,
        " ".join(passage.text.split("\n")),
        tuple(page.rectangles(passage.start, passage.end)) if page else (),
        round(found.score, 4),
        tuple(reasons),
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
    return [one + two for one, two in pairwise(words) if one in telling and two in telling]


def _in_period(own: DocumentDate | None, period: tuple[date, date] | None) -> bool | None:
    return None if own is None or period is None else period[0] <= own.day <= period[1]


def _date_reason(own: DocumentDate | None, period: tuple[date, date] | None) -> list[LocalizedText]:
    if own is None:
        return []
    thai, english = format_date(own.day), format_date(own.day, "en")
    where = {
        True: LocalizedText(" อยู่ในช่วงที่สำรวจ", ", within the period"),
        False: LocalizedText(" อยู่นอกช่วงที่สำรวจ", ", outside the period"),
        None: LocalizedText("", ""),
    }[_in_period(own, period)]
    return [LocalizedText(f"เอกสารลงวันที่ {thai}{where.th}", f"The document is dated {english}{where.en}")]


def _words_by_text(place: PlaceTerms) -> list[tuple[LocalizedText, list[str]]]:
    """What is said of words found, and the words of each text of the place."""
    groups = (
        (place.option, LocalizedText("มีคำของตัวเลือก", "Has words of the option")),
        (place.proof, LocalizedText("มีคำของหลักฐานที่ใช้ได้", "Has words of what counts as proof")),
        (" ".join(place.keywords), LocalizedText("มีคำค้น", "Has the words sought")),
        (place.question, LocalizedText("มีคำของคำถาม", "Has words of the question")),
    )
    return [(said, list(dict.fromkeys(terms_of(text)))) for text, said in groups]


def _term_reasons(found: _Candidate, words: Sequence[tuple[LocalizedText, list[str]]]) -> Iterator[LocalizedText]:
    left = set(found.ranked.found)
    for number, (said, terms) in enumerate(words):
        shown = [term for term in terms if term in left]
        left -= set(shown)
        if number == 0 and found.is_whole:
            yield LocalizedText("ตรงกับข้อความของตัวเลือกทุกคำ", "Has the option word by word")
        elif shown:
            listed = ", ".join(shown[:_SHOWN_WORDS])
            yield LocalizedText(f"{said.th}: {listed}", f"{said.en}: {listed}")
