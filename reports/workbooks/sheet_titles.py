"""Titles of sheets within the limits of Excel."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\]")
MAX_TITLE_LENGTH = 31  # what Excel allows


def unique_sheet_title(wanted: str, taken: Iterable[str]) -> str:
    """A valid title that no other sheet has; a Thai mark is never cut from its letter."""
    title = _NOT_IN_TITLE.sub(" ", wanted)
    length = MAX_TITLE_LENGTH
    while length < len(title) and unicodedata.category(title[length]) == "Mn":
        length -= 1
    title = title[:length].strip("' ")
    number = 2
    base, used = title, {t.casefold() for t in taken}
    while title.casefold() in used:
        title = f"{base[: MAX_TITLE_LENGTH - 4]} ({number})"
        number += 1
    return title
