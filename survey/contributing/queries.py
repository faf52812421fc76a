"""Reads of an agency's part: until when the agency can change it."""

from __future__ import annotations

from datetime import datetime

from dgready.date_inputs import end_of_day
from survey.models import Response, Round


def last_moment_for_agencies(round_: Round) -> datetime:
    """The moment after which agencies can change nothing, as things stand: see `agency_closed_reason`. One query.

    It ends earlier once the province has submitted, which has no date.
    """
    provincial = Response.objects.only("state", "late_until").filter(round=round_, agency=None).first()
    if provincial is None or provincial.state != Response.State.ENDORSED or provincial.late_until is None:
        return round_.closes_at
    return min(end_of_day(provincial.late_until), round_.closes_at)
