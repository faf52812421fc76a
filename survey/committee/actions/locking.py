"""Locks and journal events shared by the actions on meetings."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.actions import NotAllowed
from accounts.models import User
from accounts.roles import Capability
from survey.access import has_response_capability
from survey.journal import actions as journal
from survey.models import Event, Meeting, Response, Round
from survey.workflow.refusal import TransitionRefused

MEETING_CAPABILITY = Capability.ENDORSE


def lock_provincial_response(by: User, round_: Round) -> Response:
    """Locks the provincial response, under which all writes to a round's meetings are made. Raises NotAllowed."""
    locked = journal.lock_response(Response.objects.only("pk").get(round=round_, agency=None).pk)
    locked.round = round_
    if not has_response_capability(by, locked, MEETING_CAPABILITY):
        raise NotAllowed
    return locked


def lock_open_meeting(by: User, meeting: Meeting) -> tuple[Response, Meeting]:
    """Locks the response and a meeting that is not concluded. Raises NotAllowed, TransitionRefused."""
    locked = lock_provincial_response(by, meeting.round)
    stored = (
        Meeting.objects.select_for_update(of=("self",)).select_related("concluded_by").filter(pk=meeting.pk).first()
    )
    if stored is None:
        raise TransitionRefused("state", _("การประชุมนี้ถูกยกเลิกแล้ว"))
    if stored.concluded_at is not None:
        who = stored.concluded_by.get_full_name() if stored.concluded_by else ""
        raise TransitionRefused("state", _("การประชุมนี้บันทึกมติเสร็จแล้ว โดย %(who)s") % {"who": who})
    stored.round = meeting.round
    return locked, stored


def record_meeting_event(by: User, locked: Response, verb: str, meeting: Meeting, **data: Any) -> Event:
    """Records a journal event about a meeting."""
    return journal.record_event(by=by, response=locked, verb=verb, data={"meeting": meeting.pk, **data})
