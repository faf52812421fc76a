"""Saves a posted question card, from the page's script (JSON) or a plain form; valid fields are saved.

Also the acts on a card: clearing it, removing a row, putting an earlier value back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.page_owner import refuses_with
from dgready.posting import post_only
from survey import access
from survey.answering import actions
from survey.answering.card_acts import CLEARED, REMOVED_ROW, RESTORED
from survey.answering.restoring import answer_at_revision
from survey.answering.three_way import UNSURE
from survey.answering.views.conflict import MergedCard, ask_again, merge_posted_card
from survey.answering.views.posted_card import PostedCard, read_posted_card, read_revision
from survey.answering.views.save_replies import conflict_response, refuse_save, saved_response
from survey.assigning import queries as parts
from survey.assigning.targets import addresses_outside
from survey.instrument.queries import compiled_instrument, questions_by_item_id, questions_checked_with
from survey.instrument.schema import AnswerValue, Item
from survey.instrument.values import item_or_column_at
from survey.journal import actions as journal
from survey.models import Answer, Instrument, Question, Response


def card_page(request: SignedInRequest, pk: int, item_id: str) -> str:
    """The address of the card on its filling page."""
    response = access.get_response(request.user, pk, Capability.RESPONSE_READ)
    access.get_question(response, item_id)
    item = compiled_instrument(response.round.instrument).items[item_id]
    return f"{reverse('survey:fill', args=[pk, item.section])}#q:{item.id}"


def refuse_other_owner(request: SignedInRequest, message: str, pk: int, item_id: str) -> HttpResponse:
    """The reply to a card whose page was made for somebody else: what was typed stays, by the names of its fields."""
    response, _question, item = _get_card(request, pk, item_id, to_save=False)
    return refuse_save(request, response, item, read_posted_card(request.POST, item), message)


@post_only(card_page)
@allow(Capability.ANSWER_EDIT, Capability.CONTRIBUTION_EDIT)
@refuses_with(refuse_other_owner)
def save(request: SignedInRequest, pk: int, item_id: str) -> HttpResponse:
    """Save one card. 200 or 303: saved; 409: conflict with a newer revision; 422: some fields are invalid."""
    try:
        return _save_at_once(request, pk, item_id)
    except (journal.NeedsLock, actions.NotEditable):
        return _save_under_lock(request, pk, item_id)


def _save_at_once(request: SignedInRequest, pk: int, item_id: str) -> HttpResponse:
    """Save one card without the response's lock, in one statement, as most saves can be.

    Raises NeedsLock or NotEditable, with nothing written, for all that is more than that.
    """
    journal.require_one_statement()  # before anything is read for nothing
    response = access.get_unlocked_response(request.user, pk, Capability.ANSWER_EDIT)
    question = access.get_question_to_save(response, item_id)
    instrument = response.round.instrument
    posted = read_posted_card(request.POST, compiled_instrument(instrument).items[item_id])
    if posted.is_more_than_values or not access.may_edit_answer(request.user, response, question):
        raise journal.NeedsLock
    saved = actions.save_stored_answer(
        by=request.user,
        response=response,
        question=question,
        value=posted.values,
        base_revision=posted.revision,
        unsure=posted.unsure,
        note=posted.note,
        beside=_question_beside(instrument, item_id),
    )
    if saved.conflict:
        raise journal.NeedsLock
    return saved_response(request, response, question, posted, saved, None)


@transaction.atomic
def _save_under_lock(request: SignedInRequest, pk: int, item_id: str) -> HttpResponse:
    response, question, item = _get_card(request, pk, item_id)
    posted = read_posted_card(request.POST, item)
    if not access.may_edit_answer(request.user, response, question):
        return refuse_save(request, response, item, posted)
    if posted.act not in (CLEARED, REMOVED_ROW):
        return _store(request, response, question, posted)
    # What stands in the card is saved first, so that undoing the act brings back exactly that.
    typed = read_posted_card(request.POST, item, acts=False)
    try:
        before = _save_typed(request, response, question, typed)
    except actions.NotEditable:
        return refuse_save(request, response, item, typed)
    if before is None and posted.act != REMOVED_ROW:
        return _store(request, response, question, typed)
    if before is not None and not before.conflict:
        posted = replace(posted, revision=before.answer.revision if before.answer else 0)
    return _store(request, response, question, posted)


@post_only(card_page)
@allow(Capability.ANSWER_EDIT, Capability.CONTRIBUTION_EDIT)
@refuses_with(refuse_other_owner)
@transaction.atomic
def restore(request: SignedInRequest, pk: int, item_id: str) -> HttpResponse:
    """Put an earlier value of an answer back: `to` (from the history) or `undo` (from the card) is its revision.

    Answers as `save`: what was changed after `_revision` is merged or asked, never overwritten.
    """
    response, question, item = _get_card(request, pk, item_id)
    typed = read_posted_card(request.POST, item, acts=False)
    if not access.may_edit_answer(request.user, response, question):
        return refuse_save(request, response, item, typed)
    is_undo = "undo" in request.POST  # pressed in the card: what stands there is saved first
    try:
        before = _save_typed(request, response, question, typed) if is_undo else None
    except actions.NotEditable:
        return refuse_save(request, response, item, typed)
    if is_undo and before is None:
        return _store(request, response, question, typed)
    answer = before.answer if before else _stored_answer(response, question)
    revision = read_revision(request.POST.get("undo" if is_undo else "to", ""))
    values = None
    if answer is not None and revision is not None:
        values = answer_at_revision(response, question, answer, revision)
    if values is None:
        gone = _("ไม่พบค่าเดิมนี้ในประวัติของข้อ จึงยังไม่ได้เปลี่ยนคำตอบ")
        return refuse_save(request, response, item, typed, gone, status=409)
    return _store(request, response, question, _as_posted(values, typed.revision, revision))


def _get_card(
    request: SignedInRequest, pk: int, item_id: str, *, to_save: bool = True
) -> tuple[Response, Question, Item]:
    response = access.get_response(request.user, pk, Capability.ANSWER_EDIT, to_save=to_save)
    question = access.get_question_to_save(response, item_id)
    return response, question, compiled_instrument(response.round.instrument).items[item_id]


def _save_typed(
    request: SignedInRequest, response: Response, question: Question, typed: PostedCard
) -> actions.SaveResult | None:
    """Save what stands in a card before an act on it; None where it must be merged with changes of others first.

    A conflict comes back where others changed the answer and the card holds nothing new.
    """
    keep = _kept_addresses(response, question, typed)
    saved = _save_posted(request, response, question, typed, keep)
    if not saved.conflict:
        return saved
    merged = merge_posted_card(response, question, typed, saved.answer, keep)
    return None if merged.merge.conflicts or merged.merge.values != merged.theirs else saved


def _as_posted(values: Mapping[str, AnswerValue], base_revision: int, revision: int | None) -> PostedCard:
    """An earlier state of an answer as a card that is posted again."""
    return PostedCard(
        values={address: value for address, value in values.items() if address != UNSURE},
        invalid=[],
        keep=[],
        revision=base_revision,
        unsure=UNSURE in values,
        note=str(values.get(UNSURE, "")),
        add="",
        act=RESTORED,
        restores=revision,
    )


def _store(request: SignedInRequest, response: Response, question: Question, posted: PostedCard) -> HttpResponse:
    """Save a card; what was changed meanwhile is merged, or asked about."""
    item = compiled_instrument(response.round.instrument).items[question.item_id]
    keep = _kept_addresses(response, question, posted)
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
        saved = _save_merged(request, response, question, posted, merged)
    return saved_response(request, response, question, posted, saved, merged)


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
        beside=_question_beside(response.round.instrument, question.item_id),
        verb=posted.verb,
        details=posted.event_details,
    )


def _question_beside(instrument: Instrument, item_id: str) -> Question | None:
    """The one question that checks read together with this one."""
    others = questions_checked_with(instrument, item_id)
    return questions_by_item_id(instrument)[min(others)] if len(others) == 1 else None


def _save_merged(
    request: SignedInRequest, response: Response, question: Question, posted: PostedCard, merged: MergedCard
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
        verb=posted.verb,
        details={**posted.event_details, "merged": True},
    )


def _stored_answer(response: Response, question: Question) -> Answer | None:
    return Answer.objects.filter(response=response, question=question).select_related("saved_by").first()


def _kept_addresses(response: Response, question: Question, posted: PostedCard) -> list[str]:
    """The addresses that a save leaves as they are stored."""
    return [
        *posted.keep,
        *_addresses_of_other_agencies(response, question, posted),
        *_rows_of_picked_lists(response, question, posted),
    ]


def _rows_of_picked_lists(response: Response, question: Question, posted: PostedCard) -> list[str]:
    """Addresses in the stored rows that come with a list of rows chosen in a conflict's panel."""
    instrument = compiled_instrument(response.round.instrument)
    lists = [a for a in posted.keep if (owner := item_or_column_at(instrument, a)) and owner.kind == "repeat"]
    answer = _stored_answer(response, question) if lists and posted.resolves else None
    stored = answer.value if answer else {}
    rows = [f"{a}#{row}/" for a in lists for row in stored.get(a, ()) if row not in posted.values.get(a, ())]
    return [address for address in stored if address.startswith(tuple(rows))]


def _addresses_of_other_agencies(response: Response, question: Question, posted: PostedCard) -> list[str]:
    """Addresses of the card that are assigned to other agencies: they stay as stored."""
    if response.is_provincial:
        return []
    within = parts.answer_scope(response).writable.get(question.item_id, frozenset())
    stored = Answer.objects.filter(response=response, question=question).values_list("value", flat=True).first()
    return list(addresses_outside([*(stored or {}), *posted.values], within))
