"""Finding a text inside a longer one where some letters differ: bit-parallel matching (Myers), exact first. PURE."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_MOST_PATTERN: Final = 600  # letters; of a longer one the beginning is looked for


@dataclass(frozen=True, slots=True)
class Hit:
    """text[start:end] is the pattern but for `distance` letters put in, left out or changed."""

    start: int
    end: int
    distance: int


def find_approximate(text: str, pattern: str, most: int) -> Hit | None:
    """The place with the fewest differing letters, the first of equal ones; None where more than `most` differ."""
    start = text.find(pattern)
    if start >= 0:
        return Hit(start, start + len(pattern), 0)
    pattern = pattern[:_MOST_PATTERN]
    if most <= 0 or not pattern:
        return None
    end, distance = _best_end(text, pattern, most)
    if end < 0:
        return None
    # Where it begins: the same from its end backwards, within what a match can be long.
    window = text[max(0, end - len(pattern) - most) : end][::-1]
    length = _prefix_length(window, pattern[::-1], distance)
    return Hit(end - length, end, distance)


def _best_end(text: str, pattern: str, most: int) -> tuple[int, int]:
    masks: dict[str, int] = {}
    for position, letter in enumerate(pattern):
        masks[letter] = masks.get(letter, 0) | (1 << position)
    full = (1 << len(pattern)) - 1
    last = 1 << (len(pattern) - 1)
    plus, minus, score = full, 0, len(pattern)
    best, best_end = most + 1, -1
    for position, letter in enumerate(text):
        equal = masks.get(letter, 0)
        diagonal = (((equal & plus) + plus) ^ plus) | equal | minus
        up = minus | ~(diagonal | plus) & full
        down = plus & diagonal
        if up & last:
            score += 1
        elif down & last:
            score -= 1
        up = up << 1 & full
        down = down << 1 & full
        plus = down | ~(diagonal | up) & full
        minus = up & diagonal
        if score < best:
            best, best_end = score, position + 1
    return best_end, best


def _prefix_length(window: str, pattern: str, distance: int) -> int:
    """How much of the window's beginning the whole pattern is, within `distance` letters."""
    row = list(range(len(pattern) + 1))
    best, length = row[-1], 0
    for count, letter in enumerate(window, start=1):
        before, row[0] = row[0], count
        for position, other in enumerate(pattern, start=1):
            before, row[position] = (
                row[position],
                min(before + (letter != other), row[position] + 1, row[position - 1] + 1),
            )
        if row[-1] < best or (row[-1] == best == distance and abs(count - len(pattern)) < abs(length - len(pattern))):
            best, length = row[-1], count
    return length or min(len(pattern), len(window))
