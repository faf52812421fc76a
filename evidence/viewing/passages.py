"""Text and rectangles of a document, each from the other: what a frame holds, where a passage stands. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from evidence.attaching.areas import MOST_AREAS, PARTS, Area
from evidence.reading.pages import DocumentText, PageText
from evidence.reading.quotes import find_quote

MOST_QUOTE: Final = 2000  # characters of a passage, as marks keep them
_PLANES: Final = 4
_ON_A_LETTER: Final = frozenset("ัิีึืฺุู็่้๊๋์ํ๎ำ")  # what stands on, below or behind the letter before it


class MarkedPassage(NamedTuple):
    """What a mark takes of a document: its pages as people type them, its words, and its rectangles."""

    pages: str
    quote: str
    areas: tuple[Area, ...] = ()


class TextRun(NamedTuple):
    """A word or more of one line with its place: edges in ten-thousandths of the page."""

    start: int
    text: str
    left: int
    top: int
    right: int
    bottom: int


def areas_of(page: PageText, start: int, end: int) -> list[Area]:
    """Where text[start:end] of a page stands, one rectangle for each line."""
    found = []
    for box in page.rectangles(start, end):
        edges = (max(0, min(PARTS, round(edge * PARTS))) for edge in (box.left, box.top, box.right, box.bottom))
        area = Area(page.number, *edges)
        if area.left < area.right and area.top < area.bottom:
            found.append(area)
    return found


def passage_between(document: DocumentText, first: tuple[int, int], last: tuple[int, int]) -> MarkedPassage | None:
    """The text from one place to another, both (page, character); None where there is nothing between them."""
    pieces, areas, numbers = [], [], []
    for page in document.pages:
        if not first[0] <= page.number <= last[0]:
            continue
        start = first[1] if page.number == first[0] else 0
        end = last[1] if page.number == last[0] else len(page.text)
        start, end = whole_letters(page.text, start, end)
        if text := _one_line(page.text[start:end]):
            pieces.append(text)
            numbers.append(page.number)
            areas += areas_of(page, start, end)
    return _passage(numbers, pieces, areas)


def passage_in_areas(document: DocumentText, areas: Iterable[Area]) -> MarkedPassage:
    """The text whose characters have their middle in the rectangles; without any, the rectangles alone."""
    given = list(areas)
    pieces, numbers = [], sorted({area.page for area in given})
    for number in numbers:
        page = document.page(number)
        inside = [area for area in given if area.page == number]
        if page is not None and (text := _one_line(_text_inside(page, inside))):
            pieces.append(text)
    return _passage(numbers, pieces, given) or MarkedPassage("", "")


def passage_of_quote(document: DocumentText, quote: str, near: int) -> MarkedPassage | None:
    """A passage that something else says (another copy of the document), as our text has it; the nearest to a page."""
    check = find_quote(document, quote, [near])
    candidates = ([check.found] if check.found else []) + list(check.elsewhere)
    if not candidates:
        return None
    best = min(candidates, key=lambda each: (abs(each.page - near), each.page))
    page = document.page(best.page)
    areas = areas_of(page, best.start, best.end) if page else []
    return _passage([best.page], [_one_line(best.quote)], areas)


def runs_of(page: PageText) -> Iterator[TextRun]:
    """The words of a page with their places, for laying a text to be selected over its picture."""
    size = len(page.text)
    if len(page.boxes) != _PLANES * size:
        return
    for start, end in _word_spans(page.text):
        box = [page.boxes[plane * size + start : plane * size + end] for plane in range(_PLANES)]
        edges = (min(box[0]), min(box[1]), max(box[2]), max(box[3]))
        if edges[2] > edges[0] and edges[3] > edges[1]:
            yield TextRun(start, page.text[start:end], *edges)


def spans_of_mark(document: DocumentText, page: PageText, quote: str, areas: Sequence[Area]) -> list[tuple[int, int]]:
    """Where a mark stands in the text of a page: by its words, else by its rectangles."""
    if quote:
        check = find_quote(DocumentText((page,)), quote, [page.number])
        if check.found:
            return [(check.found.start, check.found.end)]
    here = [area for area in areas if area.page == page.number]
    return _joined(_inside(page, here)) if here else []


def _word_spans(text: str) -> Iterator[tuple[int, int]]:
    start = None
    for position, character in enumerate(text):
        if character.isspace():
            if start is not None:
                yield start, position
            start = None
        elif start is None:
            start = position
    if start is not None:
        yield start, len(text)


def _inside(page: PageText, areas: Sequence[Area]) -> list[int]:
    """The characters of a page whose middle lies in one of the rectangles."""
    size = len(page.text)
    if len(page.boxes) != _PLANES * size:
        return []
    left, top, right, bottom = (page.boxes[plane * size : (plane + 1) * size] for plane in range(_PLANES))
    found = []
    for position in range(size):
        across, down = (left[position] + right[position]) / 2, (top[position] + bottom[position]) / 2
        if right[position] > left[position] and any(
            area.left <= across <= area.right and area.top <= down <= area.bottom for area in areas
        ):
            found.append(position)
    return found


def _text_inside(page: PageText, areas: Sequence[Area]) -> str:
    """What stands in the rectangles; what lies between two of its characters and has no place comes along."""
    pieces = []
    for start, end in _joined(_inside(page, areas), gap=2):
        start, end = whole_letters(page.text, start, end)
        pieces.append(page.text[start:end])
    return " ".join(pieces)


def whole_letters(text: str, start: int, end: int) -> tuple[int, int]:
    """The span, so that no letter loses its vowels and tones at either end."""
    if not 0 <= start < end <= len(text):
        return max(start, 0), min(end, len(text))
    while start > 0 and text[start] in _ON_A_LETTER:
        start -= 1
    while end < len(text) and text[end] in _ON_A_LETTER:
        end += 1
    return start, end


def _joined(positions: Sequence[int], gap: int = 1) -> list[tuple[int, int]]:
    """Characters as spans; those no more than `gap` apart belong together."""
    spans: list[tuple[int, int]] = []
    for position in positions:
        if spans and position <= spans[-1][1] - 1 + gap:
            spans[-1] = (spans[-1][0], position + 1)
        else:
            spans.append((position, position + 1))
    return spans


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _passage(numbers: Sequence[int], pieces: Sequence[str], areas: Sequence[Area]) -> MarkedPassage | None:
    if not pieces and not areas:
        return None
    whole = " ".join(pieces)[:MOST_QUOTE].strip()
    pages = str(numbers[0]) if numbers[0] == numbers[-1] else f"{numbers[0]}-{numbers[-1]}"
    return MarkedPassage(pages, whole, tuple(areas[:MOST_AREAS]))
