"""Putting together what the filling page shows of a response: reads of survey and evidence in one place."""

from __future__ import annotations

from collections.abc import Mapping

from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from accounts.access import SignedInRequest
from accounts.roles import Capability
from evidence.queries import evidence_by_address
from survey import access, queries
from survey.instrument.path import resolve
from survey.models import Response
from survey.page.compile import cards_of
from survey.page.render import Sheet

C = Capability


def language() -> str:
    """The reader's language: "th" or "en"."""
    return "en" if get_language() == "en" else "th"


def load(request: SignedInRequest, response: Response) -> Sheet:
    """The sheet of a response for this reader. Five queries, whatever the size of the form."""
    row = response.round.instrument
    rows = queries.rows_of(response)
    values = queries.merged(rows)
    return Sheet(
        base=reverse("survey:response", args=[response.pk]),
        path=resolve(queries.instrument_of(row), values),
        values=values,
        answers=rows,
        cards=cards_of(row, language()),
        language=language(),
        csrf=get_token(request),
        readonly=not may_edit(request, response),
        evidence=evidence_by_address(response),
        official=queries.official_texts(row),
        notes=_notes(response),
    )


def may_edit(request: SignedInRequest, response: Response) -> bool:
    """Whether this person may change answers of this response now."""
    open_now = response.is_editable and not response.round.is_closed(timezone.now())
    return open_now and access.may(request.user, response, C.ANSWER_EDIT)


def _notes(response: Response) -> Mapping[str, str]:
    comments = queries.open_comments(response)
    return {
        item_id: render_to_string("survey/_comments.html", {"comments": some, "response": response})
        for item_id, some in comments.items()
        if item_id
    }
