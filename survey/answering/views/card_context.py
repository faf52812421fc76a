"""Putting together what the filling page shows of a response: reads of survey and evidence in one place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from accounts.access import SignedInRequest
from accounts.roles import Capability
from dgready.language import reader_language
from evidence.attaching.queries import attachment_summaries
from survey import access
from survey.answering.card_compiler import compiled_cards
from survey.answering.card_renderer import CardContext
from survey.answering.queries import answer_rows, response_state
from survey.assigning.queries import AnswerScope, answer_scope
from survey.carrying.views.carried_answers import carried_cards
from survey.instrument.queries import compiled_instrument, official_texts
from survey.journal.event_texts import item_title
from survey.models import Response
from survey.threads.open_comments import open_comments_by_question

EMPTY_HTML = mark_safe("")  # what is added to it stays HTML


def build_card_context(request: SignedInRequest, response: Response) -> CardContext:
    """The sheet of a response for this reader. Five queries, whatever the size of the form; of a contribution eight.

    Of a contribution only what is assigned (and what is answered, for the secretariat); `?all=1`: everything.
    """
    row = response.round.instrument
    scope = None if response.is_provincial else answer_scope(response)
    now = response_state(response)
    readonly, writable = not may_edit_now(request, response), scope.writable if scope else None
    everything = request.GET.get("all") == "1"
    return CardContext(
        base=reverse("survey:response", args=[response.pk]),
        path=now.path,
        values=now.values,
        answers=now.rows,
        cards=compiled_cards(row, reader_language()),
        language=reader_language(),
        csrf=get_token(request),
        readonly=readonly,
        evidence=attachment_summaries(response),
        official=official_texts(row),
        notes=_card_notes(response, scope, everything, lambda q: not readonly and (writable is None or q in writable)),
        writable=writable,
        shown=shown_questions(request, response, scope, now.rows),
    )


def shown_questions(
    request: SignedInRequest,
    response: Response,
    scope: AnswerScope | None = None,
    answered: Collection[str] | None = None,
) -> Collection[str] | None:
    """The questions of a contribution that stand on this person's pages; None for all, as of the province's answer."""
    if response.is_provincial or request.GET.get("all") == "1":
        return None
    scope = scope or answer_scope(response)
    if request.user.has(
        Capability.CONTRIBUTION_EDIT, province_id=response.round.province_id, agency_id=response.agency_id
    ):
        return scope.visible
    return scope.visible | set(answer_rows(response) if answered is None else answered)


def may_edit_now(request: SignedInRequest, response: Response) -> bool:
    """Whether this person may change answers of this response now."""
    open_now = response.is_editable and not response.round.is_closed(timezone.now())
    return open_now and access.has_response_capability(request.user, response, Capability.ANSWER_EDIT)


def _card_notes(
    response: Response, scope: AnswerScope | None, everything: bool, writable: Callable[[str], bool]
) -> Mapping[str, str]:
    """What stands at the head of a card: open comments; last year's answer until it is settled.

    In a contribution also why the part came back, and what of the question is not its own. `everything`: questions
    that are not the agency's are shown too, and say so.
    """
    out: dict[str, SafeString] = {
        item_id: render_to_string(
            "survey/threads/_comments.html", {"comments": some, "response": response, "question": item_id}
        )
        for item_id, some in open_comments_by_question(response).items()
        if item_id
    }
    for question in scope.partly_writable | scope.return_reasons.keys() if scope else ():
        reason = scope.return_reasons.get(question, "") if scope else ""
        context = {"reason": reason, "others": _foreign_parts(response, scope, question)}
        out[question] = render_to_string("survey/contributing/_bounds.html", context) + out.get(question, EMPTY_HTML)
    if scope and everything:
        foreign = render_to_string("survey/contributing/_bounds.html", {"foreign": True})
        for item in compiled_instrument(response.round.instrument).questions:
            if item.id not in scope.visible:
                out[item.id] = foreign + out.get(item.id, EMPTY_HTML)
    for question, html in carried_cards(response, writable).items():
        out[question] = out.get(question, EMPTY_HTML) + html
    return out


def _foreign_parts(response: Response, scope: AnswerScope | None, question: str) -> list[str]:
    """The parts of a question that are not the agency's to answer."""
    if scope is None or question not in scope.partly_writable:
        return []
    card = compiled_instrument(response.round.instrument).items[question].card()
    beside = [i for i in card if i.id not in scope.writable[question]]
    inner = {b.id for b in beside}
    return [item_title(i, reader_language()) for i in beside if i.parent not in inner]
