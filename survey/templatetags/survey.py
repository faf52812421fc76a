"""Template helpers of the survey."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from survey.instrument.schema import Text

register = template.Library()


@register.filter
def wording(text: Text) -> str:
    """A bilingual wording in the language of the reader."""
    return text.to("en" if get_language() == "en" else "th")
