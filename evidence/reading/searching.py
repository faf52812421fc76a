"""Searching documents for Thai and English words: ranked passages with the places to be highlighted. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from dgready.thai_repair import find_key, repair_text
from dgready.thai_words import cut_words
from evidence.reading.pages import DocumentText, PageText
from evidence.reading.passages import PassageText, passages_of
from evidence.reading.ranking import rank_passages
from evidence.reading.words import COMMON, terms_of

MOST: Final = 20  # hits
MOST_TERMS: Final = 24  # of one search
_QUOTED: Final = re.compile(r'"([^"]{2,200})"')
_INSIDE_WORD: Final = 0.35  # of the worth of a term that only stands inside longer words


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A passage text[start:end] of a page; `marks`: (start, end) within it of what was found."""

    document: int
    page: int
    start: int
    end: int
    text: str
    marks: tuple[tuple[int, int], ...]
    score: float


def query_terms(query: str) -> dict[str, float]:
    """The terms of a search: its words; what stands in quotation marks as a whole."""
    query = repair_text(query)
    terms: dict[str, float] = {find_key(phrase): 3.0 for phrase in _QUOTED.findall(query)}
    rest = _QUOTED.sub(" ", query)
    terms |= dict.fromkeys(terms_of(rest), 1.0)
    if not terms:  # nothing but common words: they are what is sought
        terms = {key: 1.0 for word in cut_words(rest) if (key := find_key(word)) and key.isalnum() | (key in COMMON)}
    return dict(list(terms.items())[:MOST_TERMS])


def filter_terms(query: str) -> list[str]:
    """The words of which a document must have at least one to be worth looking through."""
    return list(dict.fromkeys(terms_of(repair_text(query))))[:MOST_TERMS] or list(query_terms(query))


def search(query: str, documents: Mapping[int, DocumentText], most: int = MOST) -> list[SearchHit]:
    """The passages that fit best, of documents under any numbers. A document lacks no word that is in quotes."""
    terms = query_terms(query)
    phrases = [term for term, weight in terms.items() if weight > 1]
    passages: list[PassageText] = []
    owners: list[int] = []
    qualities: dict[int, float] = {}
    pages: dict[tuple[int, int], PageText] = {}
    for number, document in documents.items():
        if not all(any(phrase in page.key for page in document.pages) for phrase in phrases):
            continue
        for page in document.pages:
            pages[number, page.number] = page
            for passage in passages_of(page):
                passages.append(passage)
                owners.append(number)
            qualities[page.number] = min(page.quality, qualities.get(page.number, 1.0))
    hits = []
    for ranked, owner in zip(rank_passages(passages, terms, qualities), owners, strict=True):
        if ranked.found:
            hits.append((ranked.share * len(ranked.found) / len(terms), owner, ranked.passage))
    hits.sort(key=lambda hit: (-hit[0], hit[1], hit[2].page, hit[2].start))
    # Whether words are whole ones is asked of the likeliest only: it takes cutting them apart.
    made = [_hit(score, owner, passage, terms) for score, owner, passage in hits[: 3 * most]]
    made.sort(key=lambda hit: (-hit.score, hit.document, hit.page, hit.start))
    return made[:most]


def _hit(score: float, owner: int, passage: PassageText, terms: Mapping[str, float]) -> SearchHit:
    marks = merge_spans(_spans(passage, terms))
    borders = _word_borders(passage.text)
    whole = sum(start in borders and end in borders for start, end in marks)
    worth = (whole + _INSIDE_WORD * (len(marks) - whole)) / len(marks) if marks else _INSIDE_WORD
    return SearchHit(
        owner, passage.page, passage.start, passage.end, passage.text, tuple(marks), round(score * worth, 4)
    )


def _spans(passage: PassageText, terms: Mapping[str, float]) -> Iterator[tuple[int, int]]:
    """Where terms stand in the passage's own text, blanks inside them and marks behind them included."""
    origins = [i for i, character in enumerate(passage.text) if not character.isspace()]
    for term in terms:
        start = passage.key.find(term)
        while start >= 0:
            yield origins[start], origins[start + len(term) - 1] + 1
            start = passage.key.find(term, start + len(term))


def merge_spans(spans: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in their order, those that touch as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _word_borders(text: str) -> set[int]:
    borders, position = {0}, 0
    for word in cut_words(text):
        position += len(word)
        borders.add(position)
    return borders
