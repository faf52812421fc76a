"""Keeping a form that came back, and applying it: every answer through the save action, once."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from evidence.models import Document
from evidence.placing.actions.placing import PlaceTarget, place_document
from reports.models import ReturnedWorkbook
from reports.offline_form.changes import MAX_CONFLICTS, MINE, THEIRS, FormChanges, QuestionChange
from reports.offline_form.evidence_names import EvidenceOffer, offer_evidence
from reports.offline_form.queries import FormPlace, compare_returned, writable_items
from reports.offline_form.returned import ReturnedForm
from survey.answering.actions import NotEditable, save_answer
from survey.answering.channel import record_channel
from survey.answering.edit_refusals import edit_refusal
from survey.answering.opening import ensure_response
from survey.answering.three_way import UNSURE
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.journal import actions as journal
from survey.models import Channel, Response

LIFETIME: Final = timedelta(days=3)
MAX_FILE_NAME: Final = 200


class AlreadyApplied(Exception):
    """The form was applied before; nothing happened now."""


class Undecided(Exception):
    """There are conflicts without a choice, or others than those that were chosen about; nothing happened."""

    def __init__(self, changes: FormChanges) -> None:
        super().__init__("undecided conflicts")
        self.changes = changes


@dataclass(slots=True)
class AppliedForm:
    """What applying a form did. `refused`: why an answer or a file was not taken, by its address."""

    changes: FormChanges
    saved: int = 0
    attached: int = 0
    refused: dict[str, str] = field(default_factory=dict)


def keep_returned(*, by: User, place: FormPlace, name: str, content: bytes, returned: ReturnedForm) -> ReturnedWorkbook:
    """Keeps a form for its preview, in place of what the person sent before and did not apply."""
    now = timezone.now()
    with transaction.atomic():
        ReturnedWorkbook.objects.filter(round=place.round, agency=place.agency, by=by, applied_at=None).delete()
        return ReturnedWorkbook.objects.create(
            round=place.round,
            agency=place.agency,
            by=by,
            name=name[-MAX_FILE_NAME:],
            sha256=hashlib.sha256(content).hexdigest(),
            content=returned.to_plain(),
            sent_at=now,
            expires_at=now + LIFETIME,
        )


def discard_returned(*, by: User, kept: ReturnedWorkbook) -> None:
    """Forgets a form that was not applied."""
    ReturnedWorkbook.objects.filter(pk=kept.pk, by=by, applied_at=None).delete()


def sweep_returned() -> int:
    """Deletes the forms that have expired, and the content of applied ones with them."""
    return ReturnedWorkbook.objects.filter(expires_at__lt=timezone.now()).delete()[0]


def apply_kept(
    *, by: User, kept: ReturnedWorkbook, place: FormPlace, picks: Mapping[str, str], files: Collection[str]
) -> AppliedForm:
    """Applies a form that was kept, once. Raises AlreadyApplied, Undecided."""
    with transaction.atomic():
        locked = ReturnedWorkbook.objects.select_for_update().filter(pk=kept.pk, applied_at=None).first()
        if locked is None:
            raise AlreadyApplied
        returned = ReturnedForm.from_plain(locked.content)
        applied, offers = _apply(by, place, returned, picks, undecided_stay=False)
        locked.applied_at = timezone.now()
        locked.save(update_fields=["applied_at"])
    _attach(by, place, offers, files, applied)
    return applied


def apply_returned(*, by: User, place: FormPlace, returned: ReturnedForm) -> AppliedForm:
    """Applies a form at once; where both sides changed an answer, what is stored stays."""
    with transaction.atomic():
        return _apply(by, place, returned, {}, undecided_stay=True)[0]


def _apply(
    by: User, place: FormPlace, returned: ReturnedForm, picks: Mapping[str, str], *, undecided_stay: bool
) -> tuple[AppliedForm, list[EvidenceOffer]]:
    """Saves what changes under the lock of the response."""
    made = ensure_response(by=by, round_=place.round, agency=place.agency)
    response = journal.lock_response(made.pk)
    writable = writable_items(response)
    changes = compare_returned(response, returned, writable)
    decided = _decided(changes, picks)
    if not undecided_stay and set(changes.conflicts[:MAX_CONFLICTS]) - decided.keys():
        raise Undecided(changes)
    applied = AppliedForm(changes)
    for change in changes.questions:
        _save(by, response, change, decided, returned, applied)
    if applied.saved and not response.is_provincial:
        record_channel(by=by, response=response, channel=Channel.WORKBOOK)
    instrument = compiled_instrument(response.round.instrument)
    offers = offer_evidence(place, response, instrument, returned, FormChanges(), writable)
    return applied, offers


def pick_of(change: QuestionChange, side: str) -> str:
    """A choice about a conflict as a page posts it: with the revision that it was shown with."""
    return f"{side}:{change.stored.revision}"


def _decided(changes: FormChanges, picks: Mapping[str, str]) -> dict[str, str]:
    """The sides picked, by address; without those picked about another revision than the one that is stored now."""
    return {
        address: side
        for change in changes.questions
        for address in change.conflicts
        for side in (MINE, THEIRS)
        if picks.get(address) == pick_of(change, side)
    }


def _save(
    by: User,
    response: Response,
    change: QuestionChange,
    picks: Mapping[str, str],
    returned: ReturnedForm,
    applied: AppliedForm,
) -> None:
    question = questions_by_item_id(response.round.instrument)[change.question]
    values = change.resolved(picks)
    try:
        saved = save_answer(
            by=by,
            response=response,
            question=question,
            value={address: value for address, value in values.items() if address != UNSURE},
            base_revision=change.stored.revision,
            unsure=UNSURE in values,
            note=str(values.get(UNSURE, "")),
            locked=True,
            details={"workbook": returned.head["form"]},
        )
    except NotEditable:
        applied.refused[change.question] = edit_refusal(response, question)
        return
    applied.saved += saved.changed


def _attach(
    by: User, place: FormPlace, offers: Sequence[EvidenceOffer], files: Collection[str], applied: AppliedForm
) -> None:
    """Attaches the documents that were picked, each to its places."""
    response = place.response()
    questions = questions_by_item_id(response.round.instrument)
    targets: dict[int, tuple[Document, list[PlaceTarget]]] = {}
    for offer in offers:
        for document, key in zip(offer.documents, offer.keys(), strict=True):
            if key in files:
                some = targets.setdefault(document.pk, (document, []))[1]
                some.append(PlaceTarget(response, questions[offer.question], offer.address))
    for document, places in targets.values():
        for placed in place_document(by=by, document=document, targets=places):
            applied.attached += placed.created
            if placed.refusal:
                applied.refused[placed.target.address] = placed.refusal
