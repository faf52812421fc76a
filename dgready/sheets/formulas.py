"""Text that a spreadsheet would compute, and how it stays text in a CSV file. PURE.

Source: OWASP, CSV Injection: `=`, `+`, `-`, `@`, tab and line ends begin a formula. Full-width signs do in East Asian
editions, and blanks or characters without width before a sign are passed over by some programs.
"""

from __future__ import annotations

import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Final

_SIGNS: Final = frozenset("=+-@")
_BREAKS: Final = frozenset("\t\r\n")


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet may take the text for something to compute."""
    for character in text:
        if character in _BREAKS:
            return True
        if unicodedata.category(character) in ("Zs", "Cf", "Cc"):
            continue
        return unicodedata.normalize("NFKC", character) in _SIGNS
    return False


def csv_text(text: str) -> str:
    """A field of a CSV file that no spreadsheet computes: an apostrophe before it; a number stays one."""
    if not looks_like_formula(text):
        return text
    try:
        return text if Decimal(text).is_finite() and text == text.strip() else f"'{text}"
    except InvalidOperation:
        return f"'{text}"
