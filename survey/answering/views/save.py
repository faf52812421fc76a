"""Saves a posted question card, from the page's script (JSON) or a plain form; valid fields are saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import reader_language
from dgready.posting import post_only
from survey import access
from survey.answering import actions
from survey.answering.card_renderer import render_card, saved_status_text
from survey.answering.contradictions import checks_of, contradictions_around, join_messages
from survey.answering.queries import response_path
from survey.answering.three_way import UNSURE
from survey.answering.views.card_context import build_card_context
from survey.answering.views.conflict import MergedCard, ask_again, conflict_panel, merge_posted_card
from survey.answering.views.fill_page import render_fill_page
from survey.answering.views.posted_card import (
    PICK_THEIRS,
    PostedCard,
    picks,
    posted_unsure,
    rest_as_posted,
    sent_before,
    unresolved_conflicts,
    without_rows,
)
from survey.answering.views.typed_values import refusal_html
from survey.assigning import queries as parts
from survey.assigning.targets import addresses_outside
from survey.instrument.queries import compiled_instrument, dependent_questions
from survey.instrument.schema import Item
from survey.instrument.values import item_or_column_at, parse_posted_card, restated_values
from survey.models import Answer, Question, Response


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
    keep = [
        *posted.keep,
        *_addresses_of_other_agencies(response, question, posted),
        *_rows_of_picked_lists(response, question, posted),
    ]
    try:
        saved = _save_posted(request, response, question, posted, keep) if not posted.unresolved else None
    except actions.NotEditable:
        return refuse_save(request, response, item, posted)
    merged = None
    if saved is None or saved.conflict:
        answer = saved.answer if saved else _stored_answer(response, question)
        merged = merge_posted_card(response, question, posted, answer, keep)
        if merged.merge.conflicts or posted.unresolved:
            return conflict_response(request, response, item, posted, ask_again(merged, posted.unresolved))
        saved = _save_merged(request, response, question, merged)
    if wants_json(request):
        outcome = save_outcome(request, response, question, posted, saved, merged)
        return JsonResponse(outcome, status=422 if posted.invalid else 200)
    if merged is not None and (names := merged.names(request.user)):
        messages.success(request, merged_status_text(names))
    if posted.invalid:
        return render_fill_page(request, response, item.section, invalid={item.id: posted.invalid}, status=422)
    return HttpResponseRedirect(_saved_page(pk, item, posted), status=303)


def _saved_page(pk: int, item: Item, posted: PostedCard) -> str:
    """The filling page after a plain save: at the card, or at the table that was answered in one act."""
    query = urlencode(
        {"add": posted.add} if posted.add else {"saved": item.id} | ({"rest": posted.given} if posted.given else {})
    )
    place = f"rest:{posted.given.partition('=')[0].replace('/*/', '/')}" if posted.given else f"q:{item.id}"
    return f"{reverse('survey:fill', args=[pk, item.section])}?{query}#{quote(place, safe=':/')}"


def _save_posted(
    request: SignedInRequest, response: Response, question: Question, posted: PostedCard, keep: list[str]
) -> actions.SaveResult:
    return actions.save_answer(
        by=request.user,
        response=response,
        question=question,
        value=posted.values,
        keep=keep,
        base_revision=posted.revision,
        unsure=posted.unsure,
        note=posted.note,
        locked=True,
    )


def _save_merged(
    request: SignedInRequest, response: Response, question: Question, merged: MergedCard
) -> actions.SaveResult:
    """Save what merged by itself on top of the stored revision, in the same transaction."""
    values = merged.merge.values
    return actions.save_answer(
        by=request.user,
        response=response,
        question=question,
        value={address: value for address, value in values.items() if address != UNSURE},
        base_revision=merged.answer.revision if merged.answer else 0,
        unsure=UNSURE in values,
        note=str(values.get(UNSURE, "")),
        locked=True,
        details={"merged": True},
    )


def _stored_answer(response: Response, question: Question) -> Answer | None:
    return Answer.objects.filter(response=response, question=question).select_related("saved_by").first()


def _rows_of_picked_lists(response: Response, question: Question, posted: PostedCard) -> list[str]:
    """Addresses in the stored rows that come with a list of rows chosen in a conflict's panel."""
    instrument = compiled_instrument(response.round.instrument)
    lists = [a for a in posted.keep if (owner := item_or_column_at(instrument, a)) and owner.kind == "repeat"]
    answer = _stored_answer(response, question) if lists and posted.resolves else None
    stored = answer.value if answer else {}
    rows = [f"{a}#{row}/" for a in lists for row in stored.get(a, ()) if row not in posted.values.get(a, ())]
    return [address for address in stored if address.startswith(tuple(rows))]


def merged_status_text(names: str) -> str:
    """What a person is told whose save was merged with changes of others."""
    return _("รวมกับการแก้ไขของ %(names)s แล้ว") % {"names": names}


def wants_json(request: SignedInRequest) -> bool:
    """Whether the request accepts JSON, as the page's script does."""
    return request.headers.get("Accept", "").startswith("application/json")


def read_posted_card(request: SignedInRequest, item: Item) -> PostedCard:
    """Parse the posted card; unknown names are ignored."""
    post = request.POST
    fields: Mapping[str, Sequence[str]] = dict(post.lists())
    chosen = picks(post)
    fields, given = rest_as_posted(item, fields, post)
    removed = [post.get("_remove", ""), *(address for address, pick in chosen.items() if pick == "remove")]
    fields = without_rows(fields, [row for row in removed if row])
    values, invalid = ({}, []) if "_clear" in post else parse_posted_card(item, fields)
    theirs = [address for address, pick in chosen.items() if pick == PICK_THEIRS]
    invalid = [i for i in invalid if i.address not in theirs]
    revision = post.get("_revision", "0")
    unsure, note = posted_unsure(post)
    return PostedCard(
        values=values,
        invalid=invalid,
        keep=[*theirs, *(i.address for i in invalid)],
        revision=int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else 0,
        unsure=unsure and "_clear" not in post,
        note=note,
        add=post.get("_add", ""),
        given=given,
        unresolved=unresolved_conflicts(post),
        sent=sent_before(post),
        resolves="_ask" in post,
        restated=restated_values(item, fields, values),
    )


def save_outcome(
    request: SignedInRequest,
    response: Response,
    question: Question,
    posted: PostedCard,
    saved: actions.SaveResult,
    merged: MergedCard | None = None,
) -> dict[str, Any]:
    """The JSON that the page's script needs after a save; after a merge also the card as it is now."""
    answer = saved.answer
    language = reader_language()
    changed = saved.changed or merged is not None
    outcome = {
        "revision": answer.revision if answer else 0,
        "status": saved_status_text(answer.saved_at, str(answer.saved_by), language) if answer else "",
        "changed": changed,
        "errors": {i.address: i.message(language) for i in posted.invalid},
        "understood": {a: [value, _("เข้าใจว่า %(value)s") % {"value": value}] for a, value in posted.restated.items()},
        "stale": sorted(dependent_questions(response.round.instrument, question.item_id)) if changed else [],
    }
    if checks_of(compiled_instrument(response.round.instrument), saved.touched):
        around = contradictions_around(response_path(response), saved.touched)
        outcome["clashes"] = {address: join_messages(texts, language) for address, texts in around.items()}
    if merged is not None and (names := merged.names(request.user)):
        outcome["status"] = merged_status_text(names)
    if merged is not None or posted.resolves:
        card_context = build_card_context(request, response)
        item = card_context.instrument.items[question.item_id]
        outcome["card"] = render_card(card_context, item, invalid=posted.invalid)
    return outcome


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
    request: SignedInRequest, response: Response, item: Item, posted: PostedCard, merged: MergedCard
) -> HttpResponse:
    """The response to a conflict: status 409, or 422 where a choice is missing; both values to choose from."""
    status = 422 if posted.unresolved else 409
    panel = conflict_panel(request, build_card_context(request, response), item, posted, merged)
    if wants_json(request):
        return JsonResponse({"conflict": panel}, status=status)
    return render_fill_page(request, response, item.section, replaced={item.id: panel}, status=status)
