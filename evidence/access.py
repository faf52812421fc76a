"""Fetching evidence places and attachments, or 404: fetching is the permission check."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.utils import timezone

from accounts.models import User
from accounts.roles import Capability
from evidence import places
from evidence.models import Attachment
from survey import access
from survey.instrument.addresses import item_id_of
from survey.instrument.queries import compiled_instrument
from survey.models import Question, Response


def get_place(response: Response, item_id: str, address: str) -> tuple[Question, places.PlaceDefinition]:
    """The question and its evidence place at `address`; Http404 if there is none."""
    question = access.get_question(response, item_id)
    place = places.find_place(compiled_instrument(response.round.instrument), address)
    if place is None or place.question != item_id:
        raise Http404
    return question, place


def get_attachment(user: User, pk: int, public_id: UUID, cap: Capability) -> Attachment:
    """The attachment of response `pk`, removed or not; Http404 unless the person holds `cap` for that response."""
    response = access.get_response(user, pk, cap)
    rows = Attachment.objects.select_related("file", "question")
    attachment = rows.filter(response=response, public_id=public_id).first()
    if attachment is None:
        raise Http404
    attachment.response = response
    return attachment


def may_edit_evidence(user: User, response: Response, question: Question | None = None, address: str = "") -> bool:
    """Whether the person may attach and mark now: anywhere in the response, or at a place of one question."""
    if not response.is_editable or response.round.is_closed(timezone.now()):
        return False
    if question is None:
        return access.has_response_capability(user, response, Capability.ANSWER_EDIT)
    return access.may_edit_answer(user, response, question, item_id_of(address) if address else "")
