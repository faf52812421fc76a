"""Repairs Thai text that the extraction from a PDF broke: spaces inside words, misplaced and lost marks. PURE.

A run of Thai letters is read as the cheapest sequence of known words. A word may be read across spaces, with a mark
that slipped behind the next letter, or with one lost mark; what fits no word stays as printed and is marked doubtful.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from survey.instrument.official.vocabulary import (
    MARKS,
    OWN_COST,
    LetterNode,
    Vocabulary,
    thai_runs,
)

SPACE_COST = 0.3  # a space inside a word
SLIPPED_COST = 0.5  # a mark behind the letter after its own
LOST_COST = 1.3  # a mark that is not there
UNKNOWN_COST = 2.6  # a letter that belongs to no word
MOST_EDITS = 3  # slipped and lost marks of one word
LONGEST_LOST = 4  # letters a word must have before a lost mark is believed
_ABBREVIATION = re.compile(r"[ก-ฮ]{1,4}\Z")
_MARK_AFTER_SIGN = re.compile(f"(?<=[ก-ฮ])([:;,.])([{''.join(sorted(MARKS))}]+)")
_SPACED_DIGITS = re.compile(r"(?<![\d.])\d(?: \d){2,}(?!\d)")
_SPACED_POINT = re.compile(r"(?<=\d) \. (?=\d)")
_BRACKETS = ((re.compile(r"\( +"), "("), (re.compile(r" +\)"), ")"))


@dataclass(frozen=True, slots=True)
class ReadWord:
    """A word as read and as printed; `known` is false for letters that belong to no word."""

    text: str
    known: bool
    printed: str

    @property
    def mended(self) -> bool:
        """Whether it was printed otherwise."""
        return self.known and self.text != self.printed

    @property
    def spaced(self) -> bool:
        """Whether it was printed with spaces inside."""
        return self.mended and " " in self.printed


@dataclass(slots=True)
class RepairedText:
    """A repaired text, where doubtful stretches stand in it, and how many words were read, mended and doubtful."""

    text: str
    doubts: list[tuple[int, int]] = field(default_factory=list)
    words: int = 0
    mended: int = 0

    @property
    def doubtful(self) -> int:
        """The number of words that stayed doubtful."""
        return len(self.doubts)


@dataclass(frozen=True, slots=True)
class _Match:
    """A word read from a position: where it ends, which later marks it took, what it costs."""

    end: int
    taken: frozenset[int]
    word: str
    cost: float


class ThaiRepairer:
    """Repairs texts with one vocabulary; knows which pairs of words the form prints together and which with a space."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.together: Counter[tuple[str, str]] = Counter()
        self.apart: Counter[tuple[str, str]] = Counter()
        self._read: dict[str, list[ReadWord]] = {}

    def learn(self, texts: Sequence[str]) -> None:
        """Take the words that the texts print undamaged as the form's own, and which of them stand side by side."""
        seen: Counter[str] = Counter()
        for text in texts:
            for start, end in thai_runs(text):
                words = self.read(text[start:end])
                seen.update(w.text for w in words if w.known and not w.mended)
                for one, other in pairwise(words):
                    self.together[one.text, other.text] += " " not in (one.text, other.text)
                for one, space, other in zip(words, words[1:], words[2:], strict=False):
                    self.apart[one.text, other.text] += space.text == " "
        for word, times in seen.items():
            if times > 1 and word in self.vocabulary:
                self.vocabulary.add(word, OWN_COST)
        self._read.clear()

    def repair(self, text: str) -> RepairedText:
        """Repair a text; nothing but spaces and marks of Thai words changes."""
        text = _MARK_AFTER_SIGN.sub(r"\2\1", text)
        text = _SPACED_POINT.sub(".", _SPACED_DIGITS.sub(lambda m: m[0].replace(" ", ""), text))
        for pattern, sign in _BRACKETS:
            text = pattern.sub(sign, text)
        result, last = RepairedText(""), 0
        for start, end in thai_runs(text):
            result.text += text[last:start]
            self._append_run(result, text[start:end])
            last = end
        result.text += text[last:]
        return result

    def _append_run(self, result: RepairedText, run: str) -> None:
        words = [ReadWord(run, True, run)] if _ABBREVIATION.match(run) else self.read(run)
        for number, word in enumerate(words):
            if word.text == " ":
                if self._is_chance_space(words[number - 1], words[number + 1]):
                    result.mended += 1
                    continue
            else:
                result.words += 1
                result.mended += word.mended
                if not word.known and not _is_abbreviation(words, number):
                    result.doubts.append((len(result.text), len(result.text) + len(word.text)))
            result.text += word.text

    def _is_chance_space(self, before: ReadWord, after: ReadWord) -> bool:
        """Whether a space between two words is of the extraction: beside spaced words, or where the form has none."""
        pair = before.text, after.text
        if before.spaced or after.spaced:
            return (before.spaced and after.spaced) or self.together[pair] > 0
        return self.together[pair] > 2 and self.together[pair] > 3 * self.apart[pair]

    def read(self, run: str) -> list[ReadWord]:
        """A run of Thai letters and spaces as words; lost marks are looked for only where words stay unknown."""
        if run not in self._read:
            words = self._cheapest(run, lost=False)
            if any(not w.known for w in words):
                words = self._cheapest(run, lost=True)
            self._read[run] = [part for word in words for part in self._as_printed(word)]
        return self._read[run]

    def _as_printed(self, word: ReadWord) -> list[ReadWord]:
        """A word read across spaces as its parts, where each of them is a word: such spaces may be meant."""
        parts = word.printed.split(" ") if word.spaced else []
        if not parts or not all(len(part) > 1 and part in self.vocabulary for part in parts):
            return [word]
        space = ReadWord(" ", True, " ")
        return [w for part in parts for w in (space, ReadWord(part, True, part))][1:]

    def _cheapest(self, run: str, *, lost: bool) -> list[ReadWord]:
        best: list[dict[frozenset[int], tuple[float, tuple[int, frozenset[int]] | None, str, bool]]]
        best = [{} for _ in range(len(run) + 1)]
        best[0][frozenset()] = (0.0, None, "", True)
        for at in range(len(run)):
            for taken, (cost, _, _, _) in list(best[at].items()):
                here = (at, taken)
                for end, marks, word, price, known in self._steps(run, at, taken, lost):
                    new = best[end].get(marks)
                    if new is None or cost + price < new[0] - 1e-9:
                        best[end][marks] = (cost + price, here, word, known)
        return _trace(run, best)

    def _steps(
        self, run: str, at: int, taken: frozenset[int], lost: bool
    ) -> Iterator[tuple[int, frozenset[int], str, float, bool]]:
        """What may be read next: a taken mark is passed, a space, a known word, or one unknown letter."""
        if at in taken:
            yield at + 1, taken - {at}, "", 0.0, True
            return
        if run[at] == " ":
            yield at + 1, taken, " ", 0.0, True
            return
        for match in self._matches(run, at, taken, self.vocabulary.root, "", 0.0, 0, lost):
            yield match.end, match.taken, match.word, match.cost, True
        yield at + 1, taken, run[at], UNKNOWN_COST if run[at] not in MARKS else UNKNOWN_COST / 2, False

    def _matches(
        self, run: str, at: int, taken: frozenset[int], node: LetterNode, word: str, cost: float, edits: int, lost: bool
    ) -> Iterator[_Match]:
        """The known words that begin with what is read so far, with their spaces and misplaced or lost marks."""
        if node.cost is not None and (at >= len(run) or run[at] not in MARKS or at in taken):
            yield _Match(at, taken, word, node.cost + cost)
        if at >= len(run):
            letter = ""
        elif at in taken:
            yield from self._matches(run, at + 1, taken - {at}, node, word, cost, edits, lost)
            return
        else:
            letter = run[at]
        if letter == " " and word:
            yield from self._matches(run, at + 1, taken, node, word, cost + SPACE_COST, edits, lost)
        elif letter and (following := node.next.get(letter)):
            yield from self._matches(run, at + 1, taken, following, word + letter, cost, edits, lost)
        if not word or edits >= MOST_EDITS:
            return
        for mark in node.next.keys() & MARKS:
            slipped = _slipped_mark(run, at, mark) if letter and letter not in MARKS else None
            if slipped is not None and slipped not in taken:
                more = cost + SLIPPED_COST
                yield from self._matches(
                    run, at, taken | {slipped}, node.next[mark], word + mark, more, edits + 1, lost
                )
            elif lost and edits == 0 and letter != mark:
                for match in self._matches(
                    run, at, taken, node.next[mark], word + mark, cost + LOST_COST, MOST_EDITS, lost
                ):
                    if len(match.word) > LONGEST_LOST:
                        yield match


def _slipped_mark(run: str, at: int, mark: str) -> int | None:
    """Where a mark stands among the marks of the next letter; beyond a leading vowel also of the one after it."""
    position = at + 1
    while position < len(run) and run[position] in MARKS:
        if run[position] == mark:
            return position
        position += 1
    return None


def _trace(
    run: str, best: list[dict[frozenset[int], tuple[float, tuple[int, frozenset[int]] | None, str, bool]]]
) -> list[ReadWord]:
    """The words of the cheapest reading, neighbouring unknown letters as one word."""
    words: list[ReadWord] = []
    end = len(run)
    state: tuple[int, frozenset[int]] | None = (end, frozenset())
    while state is not None:
        at, taken = state
        _, before, text, known = best[at][taken]
        if before is not None and text:
            printed = run[before[0] : at]
            if not known and words and not words[-1].known:
                words[-1] = ReadWord(text + words[-1].text, False, printed + words[-1].printed)
            else:
                words.append(ReadWord(text, known, printed))
        state = before
    return words[::-1]


def _is_abbreviation(words: Sequence[ReadWord], number: int) -> bool:
    """Whether an unknown word is a few consonants that stand alone."""
    beside = [words[n].text for n in (number - 1, number + 1) if 0 <= n < len(words)]
    return bool(_ABBREVIATION.match(words[number].text)) and all(text == " " for text in beside)
