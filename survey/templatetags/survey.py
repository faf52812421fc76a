"""Template filters of the survey."""

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
    """A bilingual text in the language of the reader."""
    return text.to(reader_language())


@register.filter
def may_edit_answers(response: Response, user: User) -> bool:
    """Whether the user may edit the answers of a response, to show links; the linked view checks again."""
    return isinstance(user, User) and access.has_response_capability(user, response, Capability.ANSWER_EDIT)


@register.filter
def may_only_be_read_by(response: Response, user: User) -> bool:
    """Whether the user is given the answers as text only; the form's page leads them there."""
    return isinstance(user, User) and access.may_only_read(user, response)
