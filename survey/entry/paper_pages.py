"""On which page of a scanned paper each question stands, by the codes and words that are printed there. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from dgready.thai_repair import find_key

WORDS_COMPARED: Final = 16  # letters of a question's wording behind its code: enough to tell it from a reference to it
_NOT_THE_WHOLE_CODE: Final = r"(?![\d๐-๙]|[.．][\d๐-๙])"


@dataclass(frozen=True)
class PrintedQuestion:
    """A question as the blank form prints it: its code, and the beginning of its wording."""

    id: str
    code: str
    wording: str

    @cached_property
    def key(self) -> str:
        """Code and wording as pages are looked through."""
        return find_key(self.code + self.wording)[: len(find_key(self.code)) + WORDS_COMPARED]


def pages_of_questions(pages: Sequence[str], questions: Iterable[PrintedQuestion]) -> dict[str, int]:
    """The page, counted from 1, of each question that is found, by its id.

    `questions` in the order of the paper: none is looked for before the page of the one before it. Code and wording
    count first; on a page whose words were read badly, the code alone at the beginning of a line.
    """
    keys = [find_key(text) for text in pages]
    found: dict[str, int] = {}
    first = 0
    for question in questions:
        at = _page_with(question, pages, keys, first)
        if at is not None:
            found[question.id], first = at + 1, at
    return found


def _page_with(question: PrintedQuestion, pages: Sequence[str], keys: Sequence[str], first: int) -> int | None:
    rest = range(first, len(pages))
    if question.key and (exact := next((n for n in rest if question.key in keys[n]), None)) is not None:
        return exact
    if not question.code:
        return None
    line = re.compile(rf"^\W*{re.escape(question.code)}{_NOT_THE_WHOLE_CODE}", re.MULTILINE)
    return next((n for n in rest if line.search(pages[n])), None)
