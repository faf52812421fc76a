"""Characters that are not seen, or look like others: removed or folded before anything is read. PURE."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from dgready.thai import normalise_text

_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_DASHES: Final = dict.fromkeys(map(ord, "‐‑‒–—―⁃−⸺⸻﹘﹣"), "-")
_LINE_ENDS: Final = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_TAB: Final = "\t"
# Cc control · Cf format (zero-width, bidirectional marks and isolates) · Cs lone surrogates, which no database stores.
_NEVER_IN: Final = frozenset({"Cc", "Cf", "Cs"})


def _is_plain(text: str) -> bool:
    """Whether a text holds nothing to remove or fold, as most values that are read: codes, numbers, addresses."""
    return text.isascii() and text.isprintable()


def _visible(text: str) -> str:
    if _is_plain(text):
        return text
    return "".join(c for c in text if unicodedata.category(c) not in _NEVER_IN)


def clean_lines(text: str) -> str:
    """A text of several lines: no invisible or control characters but the line feed; no blanks around it."""
    if _is_plain(text):
        return text.strip()
    lines = (_visible(line.replace(_TAB, " ")) for line in _LINE_ENDS.split(text))
    # `normalise` joins what stood apart, so that its result can have blanks at its ends again.
    return "\n".join(normalise_text(line).rstrip() for line in lines).strip()


def clean_line(text: str) -> str:
    """A text of one line: as `clean_lines`, with single spaces between words."""
    return normalise_text(" ".join(clean_lines(text).split())).strip()


def clean_name(text: str) -> str:
    """A name of a person, an agency, a place: one line, full-width letters made plain, digits as written."""
    return clean_line(fold_width(clean_line(text)))


def fold_width(text: str) -> str:
    """Full-width letters, digits and signs as plain ones."""
    return text.translate(_FULL_WIDTH)


def fold_digits(text: str) -> str:
    """Decimal digits of every script (๐–๙ and others) as 0–9."""
    return "".join(str(unicodedata.decimal(c)) if not c.isascii() and c.isdecimal() else c for c in text)


def fold_dashes(text: str) -> str:
    """Every kind of dash and minus as "-"."""
    return text.translate(_DASHES)


def fold_typed(text: str) -> str:
    """One line of plain characters, for values that are read: widths, digits and dashes folded."""
    if _is_plain(text):
        return " ".join(text.split())
    return fold_dashes(fold_digits(clean_name(text)))
