"""Template helpers of the survey."""

from __future__ import annotations

from django import template

from accounts.models import User
from accounts.roles import Capability
from dgready.language import reader_language
from survey import access
from survey.instrument.schema import LocalizedText
from survey.models import Response

register = template.Library()


@register.filter
def wording(text: LocalizedText) -> str:
    """A bilingual wording in the language of the reader."""
    return text.to(reader_language())


@register.filter
def lets(response: Response, user: User) -> bool:
    """Whether the person may make this answer, so that a page can lead there; the page asks again."""
    return isinstance(user, User) and access.has_response_capability(user, response, Capability.ANSWER_EDIT)
