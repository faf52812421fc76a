"""Pages of a response's journal: the history of one answer, and all events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Page
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from accounts.views.common import paginate
from dgready.http import is_script_request
from dgready.language import reader_language
from dgready.lazy_values import LazyValues
from dgready.prepared_select import PreparedSelect
from dgready.same_objects import SameObjects
from dgready.templatetags.keep import digest_of
from survey import access
from survey.answering.queries import response_state
from survey.answering.restoring import MAX_STEPS_BACK, revisions_of_events
from survey.answering.views.card_context import may_edit_now
from survey.instrument.queries import compiled_instrument
from survey.journal.by_day import entries_by_day
from survey.journal.event_texts import VERB_LABELS, describe_event, item_title, verb_label
from survey.journal.queries import listed_events_of, listed_history
from survey.journal.views.kept_days import digest_of_events
from survey.models import Answer, Event, Question, Response

PER_PAGE = 20
PER_PAGE_OF_JOURNAL = 15  # each of several lines: no page becomes endless on a phone


@require_safe
@allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
def history(request: SignedInRequest, pk: int, item_id: str) -> HttpResponse:
    """The history of an answer, newest first; a page, or its inner part for a script."""
    response = access.get_response(request.user, pk, Capability.RESPONSE_READ)
    question = access.get_question(response, item_id)
    item = compiled_instrument(response.round.instrument).items[item_id]
    page = paginate(request, listed_history(response, question), PER_PAGE)
    answer = _ANSWER.first(response.pk, question.pk)
    context = {
        "response": response,
        "question": question,
        "title": item_title(item, reader_language()),
        "section": item.section,
        "history": _history(request, response, question, answer, page),
    }
    template = "survey/journal/_history.html" if is_script_request(request) else "survey/journal/history.html"
    return render(request, template, context)


_ANSWER: PreparedSelect[Answer] = PreparedSelect(
    lambda response, question: Answer.objects.filter(response=response, question=question).order_by()
)


def _history(
    request: SignedInRequest, response: Response, question: Question, answer: Answer | None, page: Page[Event]
) -> LazyValues:
    """The events of a page of the history, which of them this user may put back, and the ways to other pages."""
    events = list(page)
    revisions = _revisions_to_put_back(request, response, question, answer, events)
    form = response.round.instrument
    values, present = (answer.value, answer.revision) if answer else ({}, None)

    def make() -> dict[str, Any]:
        instrument = compiled_instrument(form)
        entries = (describe_event(instrument, event, values, reader_language()) for event in events)
        return {
            "pk": response.pk,
            "item": question.item_id,
            "present": present,
            "page": page,
            "entries": [(entry, revisions.get(entry.event.seq)) for entry in entries],
        }

    shown = digest_of((digest_of_events(events), values, present, sorted(revisions.items())))
    of_page = (page.number, page.paginator.num_pages)
    return LazyValues((response.pk, question.item_id, form.pk, form.checksum, shown, *of_page), make)


def _revisions_to_put_back(
    request: SignedInRequest, response: Response, question: Question, answer: Answer | None, events: Sequence[Event]
) -> Mapping[int, int]:
    """By event number the earlier revisions on this page that this user may put back now; not the present one."""
    if answer is None or not may_edit_now(request, response):
        return {}
    if not access.may_edit_answer(request.user, response, question):
        return {}
    oldest = answer.revision - MAX_STEPS_BACK
    revisions = revisions_of_events(response, question, events)
    return {seq: revision for seq, revision in revisions.items() if oldest <= revision < answer.revision}


@require_safe
@allow(Capability.JOURNAL_READ)
def journal(request: SignedInRequest, pk: int) -> HttpResponse:
    """All events of a response, newest first; `?verb=` filters."""
    response = access.get_response(request.user, pk, Capability.JOURNAL_READ)
    asked = request.GET.get("verb", "")
    verb = asked if asked in VERB_LABELS else ""
    page = paginate(request, listed_events_of(response, verb), PER_PAGE_OF_JOURNAL)
    kind = response.round.province.kind
    context = {
        "response": response,
        "page": page,
        "log": _log(response, list(page)),
        "choices": LazyValues((kind, verb), lambda: {"verbs": _verb_choices(kind), "verb": verb}),
    }
    return render(request, "survey/journal/response.html", context)


def _log(response: Response, events: Sequence[Event]) -> LazyValues:
    """The events of a page by day."""
    values, form = response_state(response).values, response.round.instrument
    instrument = compiled_instrument(form)

    def make() -> dict[str, Any]:
        entries = (describe_event(instrument, event, values, reader_language()) for event in events)
        return {"days": entries_by_day(entries), "pk": response.pk}

    return LazyValues((response.pk, digest_of_events(events), SameObjects(values), form.pk, form.checksum), make)


def _verb_choices(kind: str) -> list[tuple[str, str]]:
    return sorted(((verb, verb_label(verb, kind)) for verb in VERB_LABELS), key=lambda pair: pair[1])
