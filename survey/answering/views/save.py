"""Saves a posted question card, from the page's script (JSON) or a plain form; valid fields are saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import reader_language
from dgready.posting import post_only
from dgready.typed.characters import clean_lines
from survey import access
from survey.answering import actions
from survey.answering.card_renderer import CardContext, display_value, saved_status_text
from survey.answering.views.card_context import build_card_context
from survey.answering.views.fill_page import render_fill_page
from survey.answering.views.typed_values import address_label, refusal_html
from survey.assigning import queries as parts
from survey.assigning.targets import addresses_outside
from survey.instrument.queries import compiled_instrument, dependent_questions
from survey.instrument.schema import AnswerValue, Item
from survey.instrument.values import InvalidField, parse_posted_card, restated_values
from survey.models import Answer, Question, Response

PICK_THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class PostedCard:
    """A posted card: valid values, invalid fields, addresses kept as stored, revision, mark, note, row to add."""

    values: dict[str, AnswerValue]
    invalid: list[InvalidField]
    keep: list[str]
    revision: int
    unsure: bool
    note: str
    add: str
    restated: Mapping[str, str]


def card_page(request: SignedInRequest, pk: int, item_id: str) -> str:
    """The address of the card on its filling page."""
    response = access.get_response(request.user, pk, Capability.RESPONSE_READ)
    access.get_question(response, item_id)
    item = compiled_instrument(response.round.instrument).items[item_id]
    return f"{reverse('survey:fill', args=[pk, item.section])}#q:{item.id}"


@post_only(card_page)
@allow(Capability.ANSWER_EDIT, Capability.CONTRIBUTION_EDIT)
@transaction.atomic
def save(request: SignedInRequest, pk: int, item_id: str) -> HttpResponse:
    """Save one card. 200 or 303: saved; 409: conflict with a newer revision; 422: some fields are invalid."""
    response = access.get_response(request.user, pk, Capability.ANSWER_EDIT, to_save=True)
    question = access.get_question(response, item_id)
    item = compiled_instrument(response.round.instrument).items[item_id]
    posted = read_posted_card(request, item)
    if not access.may_edit_answer(request.user, response, question):
        return refuse_save(request, response, item, posted, _("ข้อนี้ไม่ได้มอบหมายให้หน่วยงานของท่านตอบ หรือส่งไปแล้ว"))
    try:
        saved = actions.save_answer(
            by=request.user,
            response=response,
            question=question,
            value=posted.values,
            keep=[*posted.keep, *_addresses_of_other_agencies(response, question, posted)],
            base_revision=posted.revision,
            unsure=posted.unsure,
            note=posted.note,
            locked=True,
        )
    except actions.NotEditable:
        return refuse_save(request, response, item, posted)
    if saved.conflict:
        return conflict_response(request, response, item, posted, saved.answer)
    if wants_json(request):
        return JsonResponse(
            save_outcome(request, response, question, posted, saved), status=422 if posted.invalid else 200
        )
    if posted.invalid:
        return render_fill_page(request, response, item.section, invalid={item.id: posted.invalid}, status=422)
    query = f"?add={posted.add}" if posted.add else f"?saved={item.id}"
    target = reverse("survey:fill", args=[pk, item.section])
    return HttpResponseRedirect(f"{target}{query.replace('#', '%23')}#q:{item.id}", status=303)


def wants_json(request: SignedInRequest) -> bool:
    """Whether the request accepts JSON, as the page's script does."""
    return request.headers.get("Accept", "").startswith("application/json")


def read_posted_card(request: SignedInRequest, item: Item) -> PostedCard:
    """Parse the posted card; unknown names are ignored."""
    post = request.POST
    fields: Mapping[str, Sequence[str]] = dict(post.lists())
    removed = post.get("_remove", "")
    if removed:
        repeat, _hash, row = removed.rpartition("#")
        fields = {**fields, repeat: [row_id for row_id in fields.get(repeat, ()) if row_id != row]}
    values, invalid = ({}, []) if "_clear" in post else parse_posted_card(item, fields)
    theirs = [
        name.removeprefix("_pick:")
        for name, value in post.items()
        if name.startswith("_pick:") and value == PICK_THEIRS
    ]
    invalid = [i for i in invalid if i.address not in theirs]
    revision = post.get("_revision", "0")
    return PostedCard(
        values=values,
        invalid=invalid,
        keep=[*theirs, *(i.address for i in invalid)],
        revision=int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else 0,
        unsure=post.get("_unsure") == "1" and "_clear" not in post,
        note=clean_lines(post.get("_note", ""))[:1000].rstrip(),
        add=post.get("_add", ""),
        restated=restated_values(item, fields, values),
    )


def save_outcome(
    request: SignedInRequest, response: Response, question: Question, posted: PostedCard, saved: actions.SaveResult
) -> dict[str, Any]:
    """The JSON that the page's script needs after a save."""
    answer = saved.answer
    language = reader_language()
    return {
        "revision": answer.revision if answer else 0,
        "status": saved_status_text(answer.saved_at, str(answer.saved_by), language) if answer else "",
        "changed": saved.changed,
        "errors": {i.address: i.message(language) for i in posted.invalid},
        "understood": {a: [value, _("เข้าใจว่า %(value)s") % {"value": value}] for a, value in posted.restated.items()},
        "stale": sorted(dependent_questions(response.round.instrument, question.item_id)) if saved.changed else [],
    }


def _addresses_of_other_agencies(response: Response, question: Question, posted: PostedCard) -> list[str]:
    """Addresses of the card that are assigned to other agencies: they stay as stored."""
    if response.is_provincial:
        return []
    within = parts.answer_scope(response).writable.get(question.item_id, frozenset())
    stored = Answer.objects.filter(response=response, question=question).values_list("value", flat=True).first()
    return list(addresses_outside([*(stored or {}), *posted.values], within))


def refuse_save(
    request: SignedInRequest, response: Response, item: Item, posted: PostedCard, message: str = ""
) -> HttpResponse:
    """The response when answers cannot change: status 403; what was typed stays on screen or device."""
    message = message or _("คำตอบชุดนี้แก้ไขไม่ได้ในขณะนี้ เพราะเสนอหรืออนุมัติแล้ว หรือปิดรอบแล้ว")
    if wants_json(request):
        return JsonResponse({"refused": message}, status=403)
    refused = refusal_html(request, response, message, values=posted.values, invalid=posted.invalid, note=posted.note)
    return render_fill_page(request, response, item.section, refused=refused, status=403)


def conflict_response(
    request: SignedInRequest, response: Response, item: Item, posted: PostedCard, answer: Answer | None
) -> HttpResponse:
    """The response to a conflict: status 409, with both values to choose from."""
    card_context = build_card_context(request, response)
    panel = conflict_panel(request, card_context, item, posted, answer)
    if wants_json(request):
        return JsonResponse({"conflict": panel}, status=409)
    return render_fill_page(request, response, item.section, replaced={item.id: panel}, status=409)


def conflict_panel(
    request: SignedInRequest, card_context: CardContext, item: Item, posted: PostedCard, answer: Answer | None
) -> str:
    """Render the conflict form in place of the card; it posts my values again, except where theirs are picked."""
    theirs: Mapping[str, AnswerValue] = answer.value if answer else {}
    addresses = dict.fromkeys([*theirs, *posted.values])
    differing = [address for address in addresses if theirs.get(address) != posted.values.get(address)]
    rows = [
        {
            "address": address,
            "label": address_label(card_context, address),
            "theirs": display_value(card_context, address, theirs.get(address)),
            "mine": display_value(card_context, address, posted.values.get(address)),
        }
        for address in differing
        if address not in posted.keep
    ]
    mine = [
        (name, value)
        for name, values in request.POST.lists()
        if not name.startswith("_") and name != "csrfmiddlewaretoken"
        for value in values
    ]
    context = {
        "item": item,
        "label": item.ask.to(card_context.language),
        "base": card_context.base,
        "rows": rows,
        "mine": mine,
        "posted": posted,
        "answer": answer,
    }
    return render_to_string("survey/answering/_conflict.html", context, request)
