"""Evidence of the year before, carried into this year's round of the sample instrument."""

from __future__ import annotations

from datetime import date
from typing import Any

from evidence.attaching import actions
from evidence.models import Attachment
from survey.models import Response, Round
from tests.evidence.conftest import World, pdf

IN_WINDOW, OUTSIDE = date(2055, 7, 1), date(2054, 7, 1)


def last_year(world: World) -> Response:
    """The provincial response of the year before; this year's round follows it."""
    old = Round.objects.get(pk=world.response.round_id)
    old.pk, old.year = None, world.response.round.year - 1
    old.save()
    Round.objects.filter(pk=world.response.round_id).update(previous=old)
    world.response.refresh_from_db()
    return Response.objects.create(round=old)


def carry(world: World, old: Response, address: str = "E1=done", **more: Any) -> Attachment:
    """A marked file of the year before, adopted at the same place of this year."""
    source = world.attach(address, content=pdf(address), response=old, **{"document_date": IN_WINDOW, **more})
    world.mark(source)
    return actions.adopt_evidence(
        by=world.secretary, attachment=source, response=world.response, address=address
    ).attachment
