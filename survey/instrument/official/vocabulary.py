"""Vocabulary of Thai words with what each costs a reading, held as a tree of letters. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

OWN_COST = 1.0  # a word that the form or our own wording of it uses
DICTIONARY_COST = 1.5  # a word that only the dictionary knows
SHORT_COST = 0.9  # on top, for a word of one or two letters: most are chips of longer words
MARKS = frozenset("ัิีึืฺุู็่้๊๋์ํ")  # stand above or below a consonant
LEADING = frozenset("เแโใไ")


def is_thai_letter(character: str) -> bool:
    """Whether a character is a Thai letter or mark; signs and digits are not."""
    return "ก" <= character <= "ฮ" or "ะ" <= character <= "ฺ" or "เ" <= character <= "ๅ" or "็" <= character <= "ํ"


@dataclass(slots=True)
class LetterNode:
    """A node of the tree: what may follow, and the cost of the word that ends here."""

    next: dict[str, LetterNode] = field(default_factory=dict)
    cost: float | None = None


class Vocabulary:
    """Thai words by their letters."""

    def __init__(self, dictionary: Iterable[str], own: Iterable[str] = ()) -> None:
        self.root = LetterNode()
        for word in dictionary:
            self.add(word, DICTIONARY_COST)
        for word in own:
            self.add(word, OWN_COST)

    def add(self, word: str, cost: float) -> None:
        """Add a word of Thai letters; of two costs the lower one holds."""
        if not word or not all(map(is_thai_letter, word)) or word[0] in MARKS:
            return
        if cost > OWN_COST and (len(word) == 1 or word[-1] in LEADING):
            return
        node = self.root
        for letter in word:
            node = node.next.setdefault(letter, LetterNode())
        cost += SHORT_COST if len(word) <= 2 else 0
        node.cost = cost if node.cost is None else min(node.cost, cost)

    def __contains__(self, word: str) -> bool:
        return self.cost_of(word) is not None

    def cost_of(self, word: str) -> float | None:
        """What a word costs; None for a word that is not in the vocabulary."""
        node: LetterNode | None = self.root
        for letter in word:
            if (node := node.next.get(letter) if node else None) is None:
                return None
        return node.cost if node else None


def thai_runs(text: str) -> Iterator[tuple[int, int]]:
    """Where runs of Thai letters stand in a text; single spaces between Thai letters belong to the run."""
    start, position = -1, 0
    while position < len(text):
        if is_thai_letter(text[position]):
            start = position if start < 0 else start
        elif start >= 0 and not _is_inner_space(text, position):
            yield start, position
            start = -1
        position += 1
    if start >= 0:
        yield start, len(text)


def _is_inner_space(text: str, position: int) -> bool:
    return text[position] == " " and position + 1 < len(text) and is_thai_letter(text[position + 1])
