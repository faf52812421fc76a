"""Template filters of the survey."""

from __future__ import annotations

from django import template

from accounts.models import User
from accounts.roles import Capability
from dgready.templatetags.thai import wording
from survey import access
from survey.models import Response

register = template.Library()
register.filter(wording)


@register.filter
def may_edit_answers(response: Response, user: User) -> bool:
    """Whether the user may edit the answers of a response, to show links; the linked view checks again."""
    return isinstance(user, User) and access.has_response_capability(user, response, Capability.ANSWER_EDIT)
