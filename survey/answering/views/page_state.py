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
from evidence.attaching.queries import slots
from survey import access
from survey.answering.card_compiler import cards_of
from survey.answering.queries import response_state, rows_of
from survey.answering.render import Sheet
from survey.assigning import queries as parts
from survey.carrying import views as carried
from survey.instrument.queries import instrument_of, official_texts
from survey.journal.words import title
from survey.models import Response
from survey.threads.open_comments import open_comments

NOTHING = mark_safe("")  # what is added to it stays HTML


def load(request: SignedInRequest, response: Response) -> Sheet:
    """The sheet of a response for this reader. Five queries, whatever the size of the form; of a contribution eight.

    Of a contribution only what is assigned (and what is answered, for the secretariat); `?all=1`: everything.
    """
    row = response.round.instrument
    scope = None if response.is_provincial else parts.scope(response)
    now = response_state(response)
    readonly, writable = not may_edit(request, response), scope.writable if scope else None
    everything = request.GET.get("all") == "1"
    return Sheet(
        base=reverse("survey:response", args=[response.pk]),
        path=now.path,
        values=now.values,
        answers=now.rows,
        cards=cards_of(row, reader_language()),
        language=reader_language(),
        csrf=get_token(request),
        readonly=readonly,
        evidence=slots(response),
        official=official_texts(row),
        notes=_notes(response, scope, everything, lambda q: not readonly and (writable is None or q in writable)),
        writable=writable,
        shown=shown(request, response, scope, now.rows),
    )


def shown(
    request: SignedInRequest,
    response: Response,
    scope: parts.Scope | None = None,
    answered: Collection[str] | None = None,
) -> Collection[str] | None:
    """The questions of a contribution that stand on this person's pages; None for all, as of the province's answer."""
    if response.is_provincial or request.GET.get("all") == "1":
        return None
    scope = scope or parts.scope(response)
    if request.user.has(
        Capability.CONTRIBUTION_EDIT, province_id=response.round.province_id, agency_id=response.agency_id
    ):
        return scope.shown
    return scope.shown | set(rows_of(response) if answered is None else answered)


def may_edit(request: SignedInRequest, response: Response) -> bool:
    """Whether this person may change answers of this response now."""
    open_now = response.is_editable and not response.round.is_closed(timezone.now())
    return open_now and access.may(request.user, response, Capability.ANSWER_EDIT)


def _notes(
    response: Response, scope: parts.Scope | None, everything: bool, writable: Callable[[str], bool]
) -> Mapping[str, str]:
    """What stands at the head of a card: open comments; last year's answer until it is settled.

    In a contribution also why the part came back, and what of the question is not its own. `everything`: questions
    that are not the agency's are shown too, and say so.
    """
    out: dict[str, SafeString] = {
        item_id: render_to_string(
            "survey/threads/_comments.html", {"comments": some, "response": response, "question": item_id}
        )
        for item_id, some in open_comments(response).items()
        if item_id
    }
    for question in scope.partly | scope.returned.keys() if scope else ():
        reason = scope.returned.get(question, "") if scope else ""
        context = {"reason": reason, "others": _others(response, scope, question)}
        out[question] = render_to_string("survey/contributing/_bounds.html", context) + out.get(question, NOTHING)
    if scope and everything:
        foreign = render_to_string("survey/contributing/_bounds.html", {"foreign": True})
        for item in instrument_of(response.round.instrument).questions:
            if item.id not in scope.shown:
                out[item.id] = foreign + out.get(item.id, NOTHING)
    for question, html in carried.notes(response, writable).items():
        out[question] = out.get(question, NOTHING) + html
    return out


def _others(response: Response, scope: parts.Scope | None, question: str) -> list[str]:
    """The parts of a question that are not the agency's to answer."""
    if scope is None or question not in scope.partly:
        return []
    card = instrument_of(response.round.instrument).items[question].card()
    beside = [i for i in card if i.id not in scope.writable[question]]
    inner = {b.id for b in beside}
    return [title(i, reader_language()) for i in beside if i.parent not in inner]
