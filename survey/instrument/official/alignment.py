"""Aligns the places of an instrument with the segments of a paper form, in order, by codes, numbers and words. PURE."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from survey.instrument.official.paper import Segment, normalise_code
from survey.instrument.official.places import OfficialPlace, SoughtPlace

ENOUGH = 0.44  # a pair of place and segment below this likeness is no pair
SAME = 0.95  # likeness from which the words are the same
LONGEST_SPAN = 3  # segments that one place may take where a text runs over blank lines
_NOT_WORDS = re.compile(r"[\W_]+")
_FILLERS = re.compile(r"ของท่าน|โปรด|\(?แนบ\s*(?:เอกสาร)?\s*หล(?:ัก|กั)ฐาน[^)]*\)?|\(ข้ามไป[^)]*\)|\(ตอบได้มากกว่า[^)]*\)")
SAME_WORDS = (("e-mail", "อีเมล"), ("พระราชบัญญัติ", "พ.ร.บ."))

Span = range  # of segment numbers
Alignment = dict[int, Span]  # place number → segments


def align(places: Sequence[SoughtPlace], segments: Sequence[Segment]) -> Alignment:
    """The best order-keeping pairing: first by printed codes, then between these by likeness.

    Columns and their options come last: some papers print them above the rows, others in each row.
    """
    pairs: Alignment = {p: range(s, s + 1) for p, s in _code_anchors(places, segments)}
    if len(pairs) * 2 < sum(_has_form_code(place) for place in places):
        return pairs  # another form: to compare all with all would take minutes
    edges = [(-1, range(0)), *sorted(pairs.items()), (len(places), range(len(segments), len(segments)))]
    for (place, span), (next_place, next_span) in pairwise(edges):
        inner = [p for p in range(place + 1, next_place) if not _is_of_column(places[p])]
        pairs |= _between(places, segments, inner, range(span.stop, next_span.start))
    columns = [p.place for p in places if p.place.kind == "column"]
    for column in columns:
        pairs |= _of_column(places, segments, column, f"{column.part}=", pairs)
    for column in columns:
        pairs |= _of_column(places, segments, column, column.part, pairs)
    return pairs


def _has_form_code(place: SoughtPlace) -> bool:
    """Whether a place has a code of the whole form; plain numbers are used again and again."""
    return place.code[:1].isalpha()


def _is_of_column(place: SoughtPlace) -> bool:
    return place.place.kind == "column" or "=" in place.place.part


def _of_column(
    places: Sequence[SoughtPlace], segments: Sequence[Segment], column: OfficialPlace, begin: str, pairs: Alignment
) -> Alignment:
    """The options of a table's column, or the column, among what is left of the table's segments."""
    numbers = [n for n, p in enumerate(places) if p.place.owner == column.owner]
    sought = [n for n in numbers if _is_of_column(places[n]) and places[n].place.part.startswith(begin)]
    sought = [n for n in sought if n not in pairs]
    found = [pairs[n] for n in numbers if n in pairs]
    if not sought or not found:
        return {}
    taken = {s for span in pairs.values() for s in span}
    after = min((pairs[n].start for n in pairs if n > numbers[-1]), default=len(segments))
    free = [s for s in range(min(f.start for f in found), max(after, found[-1].stop)) if s not in taken]
    return _between(places, segments, sought, free)


def _code_anchors(places: Sequence[SoughtPlace], segments: Sequence[Segment]) -> list[tuple[int, int]]:
    """Pairs with the same printed code that keep both orders, as many and as alike as possible."""
    segments_by_code: dict[str, list[int]] = {}
    for number, segment in enumerate(segments):
        if segment.code:
            segments_by_code.setdefault(segment.code, []).append(number)
    found = [
        (p, s, 1 + likeness(place.label, segments[s].text))
        for p, place in enumerate(places)
        if _has_form_code(place)
        for s in reversed(segments_by_code.get(normalise_code(place.code), ()))
    ]
    best: list[tuple[float, int]] = []  # of each pair: weight of the best chain that ends in it, the pair before
    for number, (place_number, segment_number, weight) in enumerate(found):
        before = [k for k in range(number) if found[k][0] < place_number and found[k][1] < segment_number]
        chain = max(((best[k][0], k) for k in before), default=(0.0, -1))
        best.append((chain[0] + weight, chain[1]))
    pairs: list[tuple[int, int]] = []
    at = max(range(len(best)), key=lambda k: best[k][0], default=-1)
    while at >= 0:
        pairs.append(found[at][:2])
        at = best[at][1]
    return pairs[::-1]


def _between(
    places: Sequence[SoughtPlace], segments: Sequence[Segment], sought: Sequence[int], free: Sequence[int]
) -> Alignment:
    """The pairing of some places with some segments: the greatest sum of likeness in order, the earliest of equals."""
    if not sought or not free:
        return {}
    sums = [[0.0] * (len(free) + 1) for _ in range(len(sought) + 1)]
    spans: dict[tuple[int, int], int] = {}
    for row, p in enumerate(sought, 1):
        for column in range(1, len(free) + 1):
            most, length = max(sums[row - 1][column], sums[row][column - 1]), 0
            for size in range(1, min(LONGEST_SPAN, column) + 1):
                span = free[column - size : column]
                if size > 1 and not _runs_on(segments, span):
                    break
                gain = score(places[p], segments, span) - ENOUGH
                total = sums[row - 1][column - size] + gain - 1e-4 * column
                if gain > 0 and total > most:
                    most, length = total, size
            sums[row][column] = most
            if length:
                spans[row, column] = length
    pairs: Alignment = {}
    row, column = len(sought), len(free)
    while row and column:
        if size := spans.get((row, column), 0):
            pairs[sought[row - 1]] = range(free[column - size], free[column - 1] + 1)
            row, column = row - 1, column - size
        elif sums[row - 1][column] >= sums[row][column - 1]:
            row -= 1
        else:
            column -= 1
    return pairs


def _runs_on(segments: Sequence[Segment], span: Sequence[int]) -> bool:
    """Whether the segments of a span stand side by side and all but the first begin with nothing of their own."""
    return span[-1] - span[0] == len(span) - 1 and all(segments[s].is_plain for s in span[1:])


def score(place: SoughtPlace, segments: Sequence[Segment], span: Sequence[int]) -> float:
    """How likely segments are the wording of a place, from their words, number and box; 0 for never."""
    first = segments[span[0]]
    if first.is_evidence_mark or first.is_heading or first.is_note:
        return 0.0
    if first.code and first.code != normalise_code(place.code or place.number or "-"):
        return 0.0
    text = "".join(segments[s].text for s in span)
    alike, kind = likeness(place.label, text), place.place.kind
    same_field = alike >= SAME and kind == "question" and bool(first.number) and not place.code
    alike += 0.3 if same_field else 0.0
    own = (place.code or place.number).strip(".")
    if own and first.number and own[0].isdigit():
        alike += 0.3 if own == first.number else -0.5
    elif first.number and kind == "question":
        alike -= 0.1
    if kind == "option":
        alike += 0.1 if first.box else 0.0
        alike += 0.35 if squash(text).startswith(squash(place.label)) else 0.0
    elif first.box and kind == "question" and not place.code and not same_field:
        alike -= 0.25
    return alike


def likeness(ours: str, printed: str) -> float:
    """How much two texts have in common, from 0 to 1: shared pairs of letters, against the shorter and both."""
    a, b = _pairs(ours), _pairs(printed)
    if not a or not b:
        return 0.0
    shared = len(a & b)
    return 0.55 * shared / min(len(a), len(b)) + 0.45 * 2 * shared / (len(a) + len(b))


@lru_cache(maxsize=8192)
def _pairs(text: str) -> frozenset[str]:
    squashed = squash(text)
    return frozenset(f"^{squashed}$"[i : i + 2] for i in range(len(squashed) + 1)) if squashed else frozenset()


@lru_cache(maxsize=8192)
def squash(text: str) -> str:
    """A text without spaces, signs and the words that every question has: what is compared."""
    text = text.lower()
    for one, other in SAME_WORDS:
        text = text.replace(one, other)
    return _NOT_WORDS.sub("", _FILLERS.sub(" ", text)) or _NOT_WORDS.sub("", text)
