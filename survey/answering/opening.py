"""Creates the response of a province or an agency when it is first needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.models import Agency, User
from survey.journal import actions as journal
from survey.models import Response, Round


def ensure_response(
    *, by: User | None, round_: Round, agency: Agency | None = None, facts: Mapping[str, Any] | None = None
) -> Response:
    """The response of the province, or of an agency; created, with its event, when there is none.

    `facts` go into that event.
    """
    with transaction.atomic():
        response = Response.objects.filter(round=round_, agency=agency).first()
        if response is not None:
            return response
        # Locked, so that the round does not move to another version of its form without this response.
        moves = Round.objects.select_for_update().only("form_moves").get(pk=round_.pk).form_moves
        response, created = Response.objects.get_or_create(round=round_, agency=agency, defaults={"form_moves": moves})
        if created:
            journal.record_event(by=by, response=journal.lock_response(response.pk), verb="response.open", data=facts)
            response.refresh_from_db(fields=["version", "head"])
    return response
