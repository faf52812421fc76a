"""The language of the current request as one of the two languages the texts exist in."""

from __future__ import annotations

from django.utils.translation import get_language

from dgready import thai
from dgready.localized_text import LocalizedText


def reader_language() -> thai.Language:
    """The reader's language: "th" or "en"."""
    return "en" if get_language() == "en" else "th"


def localize_text(text: LocalizedText) -> str:
    """The text in the reader's language."""
    return text.to(reader_language())
