"""The replies to a posted card: saved, refused, or in conflict; as JSON for the page's script, else as a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import SignedInRequest
from dgready.language import reader_language
from dgready.prepared_queries import PreparedQuery
from survey.answering import actions
from survey.answering.card_acts import CLEARED, CardAct, status_text
from survey.answering.card_renderer import render_card
from survey.answering.contradictions import checks_of, contradictions_around, join_messages, no_contradictions
from survey.answering.edit_refusals import edit_refusal
from survey.answering.queries import response_path
from survey.answering.views.card_context import build_card_context, is_entry
from survey.answering.views.conflict import MergedCard, conflict_panel
from survey.answering.views.fill_page import render_fill_page
from survey.answering.views.posted_card import PostedCard
from survey.answering.views.typed_values import refusal_html
from survey.entry.views.page import render_entry_page
from survey.instrument.queries import (
    compiled_instrument,
    dependent_questions,
    questions_by_item_id,
    questions_checked_with,
)
from survey.instrument.schema import Item, LocalizedText
from survey.models import Answer, Question, Response

_ANSWERS = PreparedQuery(Answer.objects.only("value"), "response", "question")


def wants_json(request: SignedInRequest) -> bool:
    """Whether the request accepts JSON, as the page's script does."""
    return str(request.META.get("HTTP_ACCEPT", "")).startswith("application/json")


def saved_response(
    request: SignedInRequest,
    response: Response,
    question: Question,
    posted: PostedCard,
    saved: actions.SaveResult,
    merged: MergedCard | None,
) -> HttpResponse:
    """The reply to a save that went through: 200 or 303; 422 where some fields are invalid."""
    act = _act_of(question, posted, saved)
    if wants_json(request):
        outcome = _saved_as_json(request, response, question, posted, saved, merged, act)
        return JsonResponse(outcome, status=422 if posted.invalid else 200)
    item = compiled_instrument(response.round.instrument).items[question.item_id]
    if merged is not None and (names := merged.names(request.user)):
        messages.success(request, merged_status_text(names))
    if posted.invalid:
        return _page(request)(request, response, item.section, invalid={item.id: posted.invalid}, status=422)
    return HttpResponseRedirect(_saved_page(request, response.pk, item, posted, act), status=303)


def _page(request: SignedInRequest) -> Callable[..., HttpResponse]:
    """What renders the page that a card was posted from."""
    return render_entry_page if is_entry(request) else render_fill_page


def _saved_page(request: SignedInRequest, pk: int, item: Item, posted: PostedCard, act: CardAct | None) -> str:
    """The page after a plain save: at the card, or at the table that was answered in one act."""
    if act is not None:
        query = act.query
    elif posted.add:
        query = "?" + urlencode({"add": posted.add})
    else:
        query = "?" + urlencode({"saved": item.id} | ({"rest": posted.given} if posted.given else {}))
    place = f"rest:{posted.given.partition('=')[0].replace('/*/', '/')}" if posted.given else f"q:{item.id}"
    page = reverse("survey:entry-page" if is_entry(request) else "survey:fill", args=[pk, item.section])
    return f"{page}{query}#{quote(place, safe=':/')}"


def _act_of(question: Question, posted: PostedCard, saved: actions.SaveResult) -> CardAct | None:
    """The act that the reply tells of, with the revision before it; None for a mere save, or where nothing changed."""
    if not posted.act or not saved.changed or saved.answer is None:
        return None
    return CardAct(question.item_id, posted.act, saved.answer.revision - 1)


def merged_status_text(names: str) -> str:
    """What a person is told whose save was merged with changes of others."""
    return _("รวมกับการแก้ไขของ %(names)s แล้ว") % {"names": names}


def _saved_as_json(
    request: SignedInRequest,
    response: Response,
    question: Question,
    posted: PostedCard,
    saved: actions.SaveResult,
    merged: MergedCard | None,
    act: CardAct | None,
) -> dict[str, Any]:
    """The JSON that the page's script needs after a save; after a merge or an act also the card as it is now."""
    answer = saved.answer
    language = reader_language()
    changed = saved.changed or merged is not None
    kind = (act.kind if act else posted.told) or _kind_of(answer)
    outcome = {
        "revision": answer.revision if answer else 0,
        "status": status_text(answer.saved_at, str(answer.saved_by), language, kind) if answer else "",
        "changed": changed,
        "unsure": answer is not None and answer.unsure,
        "errors": {i.address: i.message(language) for i in posted.invalid},
        "understood": {a: [value, _("เข้าใจว่า %(value)s") % {"value": value}] for a, value in posted.restated.items()},
        "stale": sorted(dependent_questions(response.round.instrument, question.item_id)) if changed else [],
    }
    if (around := _contradictions(response, question, saved)) is not None:
        outcome["clashes"] = {address: join_messages(texts, language) for address, texts in around.items()}
    if merged is not None and (names := merged.names(request.user)):
        outcome["status"] = merged_status_text(names)
    if merged is not None or posted.resolves or posted.act:
        card_context = build_card_context(request, response)
        card_context.act = act
        item = card_context.instrument.items[question.item_id]
        outcome["card"] = render_card(card_context, item, invalid=posted.invalid)
    return outcome


def _contradictions(
    response: Response, question: Question, saved: actions.SaveResult
) -> dict[str, tuple[LocalizedText, ...]] | None:
    """The contradictions around what was saved; None where no check reads it.

    The path, which needs every answer, is asked only where a check is false by the few answers that it reads.
    """
    instrument = compiled_instrument(response.round.instrument)
    checks = checks_of(instrument, saved.touched)
    if not checks:
        return None
    values = dict(saved.answer.value) if saved.answer else {}
    for other in questions_checked_with(response.round.instrument, question.item_id):
        key = questions_by_item_id(response.round.instrument)[other].pk
        if key in saved.beside:
            values |= saved.beside[key]
        elif answer := _ANSWERS.first(response.pk, key):
            values |= answer.value
    if any(check.condition.evaluate(values.get) is False for check in checks):
        return contradictions_around(response_path(response), saved.touched)
    return no_contradictions(instrument, checks)


def _kind_of(answer: Answer | None) -> str:
    """An answer without anything in it was cleared, by whatever way."""
    return "" if answer is None or answer.value or answer.unsure else CLEARED


def refuse_save(
    request: SignedInRequest,
    response: Response,
    item: Item,
    posted: PostedCard,
    message: str = "",
    status: int = 403,
) -> HttpResponse:
    """The response when answers cannot change: status 403; what was typed stays on screen or device."""
    if not message:
        question = questions_by_item_id(response.round.instrument)[item.question or item.id]
        message = edit_refusal(response, question)
    if wants_json(request):
        return JsonResponse({"refused": message}, status=status)
    refused = refusal_html(request, response, message, values=posted.values, invalid=posted.invalid, note=posted.note)
    return _page(request)(request, response, item.section, refused=refused, status=status)


def conflict_response(
    request: SignedInRequest, response: Response, item: Item, posted: PostedCard, merged: MergedCard
) -> HttpResponse:
    """The response to a conflict: status 409, or 422 where a choice is missing; both values to choose from."""
    status = 422 if posted.unresolved else 409
    panel = conflict_panel(request, build_card_context(request, response), item, posted, merged)
    if wants_json(request):
        return JsonResponse({"conflict": panel}, status=status)
    return _page(request)(request, response, item.section, replaced={item.id: panel}, status=status)
