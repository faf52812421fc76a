"""Builds the context of the question cards of a response for one user, from reads of survey and evidence."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from accounts.access import SignedInRequest
from accounts.roles import Capability
from dgready.arrival import deadline_now
from dgready.language import reader_language
from dgready.page_owner import page_owner
from dgready.page_token import page_token
from evidence.attaching.queries import attachment_summaries
from survey import access
from survey.answering.card_compiler import compiled_cards
from survey.answering.card_renderer import CardContext
from survey.answering.queries import answer_rows, response_state
from survey.answering.views.suggestions import suggested_cards
from survey.assigning.queries import AnswerScope, answer_scope
from survey.carrying.views.carried_answers import carried_cards
from survey.contributing.views.level_five import level_five_sentences
from survey.instrument.queries import compiled_instrument, is_answered_by_each_agency
from survey.journal.event_texts import item_title
from survey.models import Response
from survey.threads.open_comments import open_comments_by_question

ENTRY_QUERY = "?entry=1"  # behind the addresses that cards post to from the page for typing in a paper
EMPTY_HTML = mark_safe("")  # a safe string, so that what is added to it stays HTML


def build_card_context(request: SignedInRequest, response: Response) -> CardContext:
    """The card context of a response for this user. Five queries, eight for a contribution, whatever the form's size.

    Of a contribution only the assigned questions (and answered ones, for the secretariat); `?all=1`: all questions.
    """
    scope = None if response.is_provincial else answer_scope(response)
    context = _bare_context(request, response, scope)
    everything = request.GET.get("all") == "1"

    def may_write(question: str) -> bool:
        return not context.is_read_only(question)

    context.evidence = attachment_summaries(response)
    suggested = suggested_cards(request.user, response, context.values, may_write)
    context.notes = _card_notes(response, scope, everything, may_write, suggested)
    return context


def build_entry_context(request: SignedInRequest, response: Response) -> CardContext:
    """The card context of the page for typing in a paper: answers alone. One query, three for a contribution."""
    context = _bare_context(request, response, None if response.is_provincial else answer_scope(response))
    context.way = ENTRY_QUERY
    return context


def is_entry(request: SignedInRequest) -> bool:
    """Whether a card was posted from the page for typing in a paper."""
    return request.method == "POST" and "entry" in request.GET


def _bare_context(request: SignedInRequest, response: Response, scope: AnswerScope | None) -> CardContext:
    """The card context without evidence and without what stands at the head of cards."""
    state = response_state(response)
    return CardContext(
        base=reverse("survey:response", args=[response.pk]),
        path=state.path,
        values=state.values,
        answers=state.rows,
        cards=compiled_cards(response.round.instrument, reader_language(), level_five_sentences),
        language=reader_language(),
        csrf=page_token(request),
        owner=page_owner(request.user),
        readonly=not may_edit_now(request, response),
        writable=scope.writable if scope else None,
        shown=shown_questions(request, response, scope, state.rows),
        contradictions=state.contradictions,
        way=ENTRY_QUERY if is_entry(request) else "",
    )


def shown_questions(
    request: SignedInRequest,
    response: Response,
    scope: AnswerScope | None = None,
    answered: Collection[str] | None = None,
) -> Collection[str] | None:
    """The questions of a contribution that are shown to this user; None for all, as for the provincial response."""
    if response.is_provincial or request.GET.get("all") == "1":
        return None
    scope = scope or answer_scope(response)
    if request.user.has(
        Capability.CONTRIBUTION_EDIT, province_id=response.round.province_id, agency_id=response.agency_id
    ):
        return scope.visible
    return scope.visible | set(answer_rows(response) if answered is None else answered)


def may_edit_now(request: SignedInRequest, response: Response) -> bool:
    """Whether this user may change answers of this response now."""
    is_open = response.is_editable and not response.round.is_closed(deadline_now())
    if response.is_provincial and is_answered_by_each_agency(response.round.instrument):
        return False
    return is_open and access.has_response_capability(request.user, response, Capability.ANSWER_EDIT)


def _card_notes(
    response: Response,
    scope: AnswerScope | None,
    everything: bool,
    writable: Callable[[str], bool],
    suggested: Mapping[str, SafeString],
) -> Mapping[str, str]:
    """HTML at the head of cards by question: open comments, and last year's answer until it is settled.

    In a contribution also why the part was returned, and which items are other agencies'. `everything`: questions of
    other agencies are shown too, with a note. `suggested`: what the system knows of empty fields.
    """
    notes: dict[str, SafeString] = {
        item_id: render_to_string(
            "survey/threads/_comments.html", {"comments": comments, "response": response, "question": item_id}
        )
        for item_id, comments in open_comments_by_question(response).items()
        if item_id
    }
    for question in scope.partly_writable | scope.return_reasons.keys() if scope else ():
        reason = scope.return_reasons.get(question, "") if scope else ""
        context = {"reason": reason, "others": _foreign_parts(response, scope, question)}
        notes[question] = render_to_string("survey/contributing/_bounds.html", context) + notes.get(
            question, EMPTY_HTML
        )
    if scope and everything:
        foreign = render_to_string("survey/contributing/_bounds.html", {"foreign": True})
        for item in compiled_instrument(response.round.instrument).questions:
            if item.id not in scope.visible:
                notes[item.id] = foreign + notes.get(item.id, EMPTY_HTML)
    for question, html in (*suggested.items(), *carried_cards(response, writable).items()):
        notes[question] = notes.get(question, EMPTY_HTML) + html
    return notes


def _foreign_parts(response: Response, scope: AnswerScope | None, question: str) -> list[str]:
    """Labels of the items of a question that are assigned to other agencies."""
    if scope is None or question not in scope.partly_writable:
        return []
    card = compiled_instrument(response.round.instrument).items[question].card()
    foreign_items = [i for i in card if i.id not in scope.writable[question]]
    foreign_ids = {item.id for item in foreign_items}
    return [item_title(i, reader_language()) for i in foreign_items if i.parent not in foreign_ids]
