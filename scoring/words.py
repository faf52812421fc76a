"""Bilingual wordings of the data in the reader's language."""

from __future__ import annotations

from django.utils.translation import get_language

from survey.instrument.schema import Text


def wording(text: Text) -> str:
    """A wording in the reader's language."""
    return text.to("en" if get_language() == "en" else "th")
