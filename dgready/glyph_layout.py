"""Text of a page from its glyphs and where they stand: marks beside their letter, spaces where there is room. PURE.

The order in which a PDF draws Thai marks is of no use: they come late, early, twice, or behind a line break. Where
they are drawn is what a person sees, so each mark goes to the letter that it stands above or below.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from dgready.thai_repair import ABOVE_OR_BELOW, is_consonant, order_of_mark, sound_glyph

SPACE_GAP: Final = 0.19  # of the height of the letters; a drawn blank of Thai faces is wider
COLUMN_GAP: Final = 1.6  # from here on a gap is that between the columns of a table
OVERLAP: Final = 0.4  # of the lower letter's height, for two to be of one line
BACK: Final = 0.6  # of the height: a letter that far to the left begins a line
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character as drawn: its whole box, and the box of its ink, which is what tells where a mark stands."""

    character: str
    box: Box
    ink: Box
    unsure: bool = False
    """Whether the file has no word about what it means: its character is a guess."""


@dataclass(slots=True)
class _Letter:
    """What stands on the line, with the marks that belong to it: (mark, number of its glyph)."""

    character: str
    glyph: int
    left: float
    right: float
    marks: list[tuple[str, int]] = field(default_factory=list)


@dataclass(slots=True)
class _Line:
    """Letters side by side."""

    top: float
    bottom: float
    letters: list[_Letter] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    rises: bool = True
    """Whether its letters follow one another to the right, as nearly always."""
    joined: _Line | None = None
    """The line that it was found to be a part of."""

    @property
    def height(self) -> float:
        """Of its letters."""
        return max(self.bottom - self.top, 0.1)

    def add(self, letter: _Letter, box: Box) -> None:
        """The next letter."""
        if self.starts and letter.left < self.starts[-1]:
            self.rises = False
        self.letters.append(letter)
        self.starts.append(letter.left)
        self.top, self.bottom = min(self.top, box[1]), max(self.bottom, box[3])

    def is_beside(self, top: float, bottom: float) -> bool:
        """Whether what reaches from top to bottom is at the height of this line."""
        shared = min(self.bottom, bottom) - max(self.top, top)
        return shared >= OVERLAP * min(self.height, max(bottom - top, 0.1))

    def holds(self, box: Box) -> bool:
        """Whether a box is of this line by its height, and does not begin another."""
        return self.is_beside(box[1], box[3]) and box[0] >= self.letters[-1].left - BACK * self.height

    def take(self, other: _Line) -> bool:
        """Takes a piece of the same row that was drawn next, as tables are drawn; not what lies over this one."""
        letters = sorted([*self.letters, *other.letters], key=lambda each: each.left)
        if not self.is_beside(other.top + 0.2 * other.height, other.bottom - 0.2 * other.height):
            return False
        if any(one.right > two.left + 0.3 * self.height for one, two in pairwise(letters)):
            return False
        self.letters, self.starts, self.rises = letters, [each.left for each in letters], True
        self.top, self.bottom = min(self.top, other.top), max(self.bottom, other.bottom)
        other.joined = self
        return True

    def letter_at(self, x: float) -> _Letter:
        """The letter whose room reaches over x."""
        if self.rises:
            return self.letters[max(bisect_right(self.starts, x) - 1, 0)]
        return min(self.letters, key=lambda each: max(each.left - x, x - each.right, 0))


def lay_out(glyphs: Sequence[Glyph]) -> tuple[str, list[int]]:
    """The text, and for each of its characters the number of its glyph (-1: a space or line end that was made up)."""
    pieces, marks = _lines(glyphs)
    lines = _rows(pieces)
    for number, mark, line, letter in marks:
        _attach(glyphs[number], number, mark, line and (line.joined or line), letter)
    characters: list[str] = []
    origins: list[int] = []
    for line in lines:
        _write(line, characters, origins)
        characters.append("\n")
        origins.append(-1)
    return "".join(characters), origins


def _lines(glyphs: Sequence[Glyph]) -> tuple[list[_Line], list[tuple[int, str, _Line | None, _Letter | None]]]:
    """Letters in lines as they are drawn; marks apart, each with the line and letter drawn before it."""
    lines: list[_Line] = []
    marks: list[tuple[int, str, _Line | None, _Letter | None]] = []
    line: _Line | None = None
    waiting: list[int] = []  # marks before the first letter
    for number, glyph in enumerate(glyphs):
        character = sound_glyph(glyph.character, glyph.unsure)
        if not character:
            continue
        if character in ABOVE_OR_BELOW:
            marks.append((number, character, line, line.letters[-1] if line else None))
            waiting += [len(marks) - 1] if line is None else []
            continue
        letter = _Letter(character, number, glyph.box[0], glyph.box[2])
        if line is None or not line.holds(glyph.box):
            line = _Line(glyph.box[1], glyph.box[3])
            lines.append(line)
        line.add(letter, glyph.box)
        for place in waiting:
            marks[place] = (*marks[place][:2], line, letter)
        waiting.clear()
    return lines, marks


def _rows(pieces: Sequence[_Line]) -> list[_Line]:
    rows: list[_Line] = []
    for piece in pieces:
        if not rows or not rows[-1].take(piece):
            rows.append(piece)
    return rows


def _attach(glyph: Glyph, number: int, mark: str, line: _Line | None, before: _Letter | None) -> None:
    """Gives a mark to the letter that it stands at."""
    if line is None or before is None:
        return
    letter = before
    if not _shares_room(glyph, line, before):
        # A mark ends with its letter, or reaches a little over it; it never begins much to the right of it.
        place = glyph.ink[0] + 0.3 * (glyph.ink[2] - glyph.ink[0])
        letter = line.letter_at(place)
        if not is_consonant(letter.character):
            letter = _consonant_beside(line, letter, place)
    letter.marks.append((mark, number))
    if glyph.box[2] - letter.right < 0.5 * line.height:
        letter.right = max(letter.right, glyph.box[2])


def _shares_room(glyph: Glyph, line: _Line, before: _Letter) -> bool:
    """Whether one box was divided between a letter and its marks: then it does not say where the mark stands."""
    same_room = abs(glyph.ink[1] - glyph.box[1]) < 0.05 and abs(glyph.ink[3] - glyph.box[3]) < 0.05
    return same_room and abs(glyph.box[0] - before.right) < 0.2 * line.height


def _consonant_beside(line: _Line, letter: _Letter, x: float) -> _Letter:
    """The nearest consonant to a place; the letter itself where there is none near."""
    near = [each for each in line.letters if is_consonant(each.character) and abs(each.left - x) < 2 * line.height]
    return min(near, key=lambda each: max(each.left - x, x - each.right, 0), default=letter)


def _write(line: _Line, characters: list[str], origins: list[int]) -> None:
    last: _Letter | None = None
    while line.letters and line.letters[-1].character == " ":
        line.letters.pop()
    for letter in line.letters:
        if letter.character == " " and (last is None or last.character == " "):
            continue
        if last is not None and last.character != " " and letter.character != " ":
            gap = (letter.left - last.right) / line.height
            # Where ำ was drawn twice its second half has no room of its own.
            if gap > SPACE_GAP and not (_is_doubled_am(characters) and gap < COLUMN_GAP):
                characters.append(" ")
                origins.append(-1)
        if letter.character == "ำ" and characters and characters[-1] == "ำ":
            last = _Letter("ำำ", letter.glyph, letter.left, max(letter.right, last.right if last else 0))
            characters.append("ำ")
            origins.append(letter.glyph)
            continue
        characters.append(letter.character)
        origins.append(letter.glyph)
        seen: set[str] = set()
        for mark, number in sorted(letter.marks, key=lambda each: order_of_mark(each[0])):
            if mark not in seen:
                seen.add(mark)
                characters.append(mark)
                origins.append(number)
        last = letter


def _is_doubled_am(characters: Sequence[str]) -> bool:
    return characters[-2:] == ["ำ", "ำ"]
