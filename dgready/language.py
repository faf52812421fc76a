"""The language of the current request as one of the two languages the texts exist in."""

from __future__ import annotations

from django.utils.translation import get_language

from dgready import thai


def reader_language() -> thai.Language:
    """The reader's language: "th" or "en"."""
    return "en" if get_language() == "en" else "th"
