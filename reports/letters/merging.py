"""Two people word one letter at once: what each changed, and what a page offers to save instead. PURE."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reports.letters.wording import LetterText


@dataclass(frozen=True, slots=True)
class Clash:
    """A part of the text that is otherwise now than what was typed. `both`: both changed it since it was read."""

    name: str
    theirs: str
    mine: str
    both: bool


def find_clashes(base: LetterText, theirs: LetterText, mine: LetterText) -> list[Clash]:
    """Every part that differs, in the order of the letter."""
    found = []
    for name, their_part in theirs.texts():
        my_part, before = getattr(mine, name), getattr(base, name)
        if my_part != their_part:
            found.append(Clash(name, their_part, my_part, before not in (their_part, my_part)))
    return found


def merge_texts(base: LetterText, theirs: LetterText, mine: LetterText) -> LetterText:
    """What only they changed as they have it, the rest as it was typed."""
    names = [name for name, _text in base.texts()] + ["thai_digits"]
    kept = {name: getattr(theirs, name) for name in names if getattr(mine, name) == getattr(base, name)}
    return replace(mine, **kept)
