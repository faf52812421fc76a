"""Bilingual wordings in the reader's language, for pages and forms."""

from __future__ import annotations

from django.utils.translation import get_language

from dgready.localized_text import LocalizedText


def localize_text(text: LocalizedText) -> str:
    """A wording in the language of the reader."""
    return text.to("en" if get_language() == "en" else "th")
