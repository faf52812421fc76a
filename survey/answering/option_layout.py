"""How options lie in a card: a set of short labels side by side, any other one below the other. PURE."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final

from survey.instrument.schema import Option, TableColumn

MOST_SHORT_OPTIONS: Final = 5
SHORT_LABEL: Final = 28  # places that a label takes; a set of these fits the width of a desk and wraps on a phone
NEGATIVE_KEYS: Final = ("no", "none")  # option keys that say "nothing of this kind", whatever the label's words


def display_width(text: str) -> int:
    """The number of places that a text takes on a line: Thai marks above and below take none."""
    return sum(unicodedata.category(character) != "Mn" for character in text)


def lies_on_one_line(options: Sequence[Option], language: str) -> bool:
    """Whether the options are few and short enough to lie side by side."""
    return 1 < len(options) <= MOST_SHORT_OPTIONS and all(
        not option.help and display_width(option.title.to(language)) <= SHORT_LABEL for option in options
    )


def negative_option(column: TableColumn) -> Option | None:
    """The option of a column that says no, where it asks for nothing more; it may be given to all rows at once."""
    if column.kind != "single" or column.when:
        return None
    found = next((option for option in column.options if option.key in NEGATIVE_KEYS), None)
    return found if found and found.evidence == "none" else None
