"""A place of a response as the target of an upload: the file is attached there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import Http404

from accounts.models import User
from accounts.roles import Capability
from evidence import access, places, store
from evidence.attaching.actions import AttachResult, attach_evidence
from evidence.attaching.actions.quota import check_space
from evidence.files.refusal import EvidenceRefused
from survey.access import get_response
from survey.answering import actions as answers
from survey.answering.edit_refusals import edit_refusal
from survey.instrument.addresses import item_id_of
from survey.models import Question, Response


class PlaceTarget:
    """Metadata: `response` (number), `item` (question), `at` (address of the place)."""

    def destination(self, user: User, given: Mapping[str, str], size: int) -> dict[str, Any]:
        """The place. Raises Http404, EvidenceRefused where it cannot be changed now or the space is used up."""
        if not given.get("response", "").isdecimal() or len(given["response"]) > 18:
            raise Http404
        wanted = {"response": int(given["response"]), "item": given.get("item", ""), "at": given.get("at", "")}
        response, _question, _place = _fetch(user, wanted)
        check_space(response.round.province_id, size)
        return wanted

    def finish(
        self,
        user: User,
        destination: dict[str, Any],
        upload: store.Upload,
        name: str,
        settle: Callable[[str], None],
    ) -> None:
        """Attaches the file to its place."""
        response, question, place = _fetch(user, destination)

        def then(result: AttachResult) -> None:
            settle(str(result.attachment.public_id))

        try:
            attach_evidence(
                by=user,
                response=response,
                question=question,
                address=place.address,
                upload=upload,
                name=name,
                then=then,
            )
        except answers.NotEditable:
            raise _not_editable(response, question, place) from None


def _fetch(user: User, wanted: Mapping[str, Any]) -> tuple[Response, Question, places.PlaceDefinition]:
    """The place, which this person may change now. Raises Http404, EvidenceRefused."""
    response = get_response(user, wanted["response"], Capability.ANSWER_EDIT)
    question, place = access.get_place(response, wanted["item"], wanted["at"])
    if not access.may_edit_evidence(user, response, question, place.address):
        raise _not_editable(response, question, place)
    return response, question, place


def _not_editable(response: Response, question: Question, place: places.PlaceDefinition) -> EvidenceRefused:
    return EvidenceRefused("closed", edit_refusal(response, question, item_id_of(place.address)))
