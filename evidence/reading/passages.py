"""Pages cut into passages: what a person would mark as one, a sentence, a clause, a row of a table. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from dgready.thai_repair import find_key, skeleton
from evidence.reading.pages import PageText

LONGEST: Final = 420  # characters
_SHORT_LINE: Final = 0.66  # of the longest lines: a line that ends before that ends its paragraph
_GAP: Final = 1.25  # of the distance between lines: more is that between paragraphs
_SHORT_PASSAGE: Final = 110  # characters
_BEGINS: Final = re.compile(
    r"\s*(?:[\d๐-๙]+(?:[.)][\d๐-๙]*)+\s|[\d๐-๙]+\s+\S|ข้อ\s*[\d๐-๙]+|มาตรา\s*[\d๐-๙]+|หมวด|[-•–●○▪*◦]\s|\([\d๐-๙ก-ฮ]+\)|[ก-ฮ][.)]\s"
    r"|ทั้งนี้|เรื่อง|เรียน|อ้างถึง|สิ่งที่ส่งมาด้วย|จึง|ประกาศ|สั่ง ณ|มติ|ระเบียบวาระ|วาระ|ที่ประชุม)"
)


@dataclass(frozen=True, slots=True)
class PassageText:
    """text[start:end] of a page; its key is for counting terms. `line`: number of its first line."""

    page: int
    start: int
    end: int
    text: str
    key: str
    line: int

    @property
    def bare(self) -> str:
        """Its skeleton."""
        return skeleton(self.text)


def passages_of(page: PageText) -> Iterator[PassageText]:
    """The passages of a page in their order."""
    usual = _usual_length(page.text)
    lines = list(_lines(page.text))
    apart = _lines_after_a_gap(page, lines)
    start, line, first = 0, 0, 0
    end = -1
    for number, (begin, stop) in enumerate(lines):
        goes_on = end >= 0 and number not in apart
        goes_on = goes_on and _goes_on(page.text[start:end], page.text[begin:stop], end - line, usual)
        if end >= 0 and not goes_on:
            yield from _pieces(page, start, end, first)
        if not goes_on:
            start, first = begin, number
        line, end = begin, stop
    if end >= 0:
        yield from _pieces(page, start, end, first)


def joined_passages(page: PageText, passages: Sequence[PassageText]) -> Iterator[PassageText]:
    """Two and three short passages that follow one another, as one: cells of a table and columns break sentences."""
    for count in (2, 3):
        for first in range(len(passages) - count + 1):
            group = passages[first : first + count]
            if all(len(each.text) <= _SHORT_PASSAGE for each in group):
                yield _piece(page, group[0].start, group[-1].end, group[0].line)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.split("\n"):
        if line.strip():
            yield start, start + len(line)
        start += len(line) + 1


def _lines_after_a_gap(page: PageText, lines: Sequence[tuple[int, int]]) -> set[int]:
    """The numbers of lines that stand further below the one before than is usual there: paragraphs begin so."""
    middles = [page.middle(begin) for begin, _stop in lines]
    if not middles or None in middles:
        return set()
    heights = [two - one for one, two in pairwise(middles)]  # type: ignore[operator]
    usual = sorted(height for height in heights if height > 0)
    if not usual:
        return set()
    most = _GAP * usual[len(usual) // 3]
    return {number for number, height in enumerate(heights, start=1) if height > most}


def _usual_length(text: str) -> int:
    """How long the full lines of a page are."""
    lengths = sorted(len(line) for line in text.split("\n") if line.strip())
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def _goes_on(so_far: str, following: str, last_length: int, usual: int) -> bool:
    """Whether a line goes on with the passage before it."""
    if last_length < _SHORT_LINE * usual or usual < 30:
        return False
    return not _BEGINS.match(following) and len(so_far) + len(following) <= LONGEST


def _pieces(page: PageText, start: int, end: int, line: int) -> Iterator[PassageText]:
    """The passage, cut at blanks where it is longer than a person would mark."""
    while end - start > LONGEST:
        cut = page.text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = cut if cut > start else start + LONGEST
        yield _piece(page, start, cut, line)
        start = cut
    yield _piece(page, start, end, line)


def _piece(page: PageText, start: int, end: int, line: int) -> PassageText:
    while start < end and page.text[start].isspace():
        start += 1
    while end > start and page.text[end - 1].isspace():
        end -= 1
    text = page.text[start:end]
    return PassageText(page.number, start, end, text, find_key(text), line)
