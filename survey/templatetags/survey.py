"""Template filters and tags of the survey."""

from __future__ import annotations

from typing import Any

from django import template

from accounts.models import User
from accounts.roles import Capability
from dgready.templatetags.thai import wording
from survey import access
from survey.instrument.queries import compiled_instrument
from survey.linking.registry import links_into
from survey.linking.wording import earlier_question_text
from survey.models import Response

register = template.Library()
register.filter(wording)


@register.filter
def may_edit_answers(response: Response, user: User) -> bool:
    """Whether the user may edit the answers of a response, to show links; the linked view checks again."""
    return isinstance(user, User) and access.has_response_capability(user, response, Capability.ANSWER_EDIT)


@register.inclusion_tag("survey/approval/_papers.html", takes_context=True)
def approved_papers(context: dict[str, Any], response: Response | None) -> dict[str, Any]:
    """The certificate and papers of an approved provincial answer, for who may have them; nothing for other answers."""
    user = context.get("user")
    offered = (
        response is not None
        and response.is_provincial
        and response.state == Response.State.APPROVED
        and isinstance(user, User)
        and access.has_response_capability(user, response, Capability.REPORT_READ)
    )
    return {"response": response if offered else None, "csrf_token": context.get("csrf_token")}


@register.filter
def may_only_be_read_by(response: Response, user: User) -> bool:
    """Whether the user is given the answers as text only; the form's page leads them there."""
    return isinstance(user, User) and access.may_only_read(user, response)


@register.filter
def earlier_question(response: Response | None, question: str) -> str:
    """What a question of a response was in the year before, in one line; empty where nothing is known. No query."""
    if not response:
        return ""
    return earlier_question_text(links_into(compiled_instrument(response.round.instrument)), question)
