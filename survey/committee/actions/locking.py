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
from survey.workflow.response_states import check_version_seen

MEETING_CAPABILITY = Capability.ENDORSE
# Thirty members write what they think while the secretary records: that changes nothing of what is decided on.
QUIET_VERBS = ("meeting.opinion", "meeting.table")


def lock_provincial_response(by: User, round_: Round, capability: Capability = MEETING_CAPABILITY) -> Response:
    """Locks the provincial response, under which all writes to a round's meetings are made. Raises NotAllowed."""
    locked = journal.lock_response(Response.objects.only("pk").get(round=round_, agency=None).pk)
    locked.round = round_
    if not has_response_capability(by, locked, capability):
        raise NotAllowed
    return locked


def lock_open_meeting(
    by: User, meeting: Meeting, capability: Capability = MEETING_CAPABILITY
) -> tuple[Response, Meeting]:
    """Locks the response and a meeting that is not concluded. Raises NotAllowed, TransitionRefused."""
    locked = lock_provincial_response(by, meeting.round, capability)
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


def lock_concluded_meeting(by: User, meeting: Meeting) -> tuple[Response, Meeting]:
    """Locks the response and a meeting that is concluded. Raises NotAllowed, TransitionRefused."""
    locked = lock_provincial_response(by, meeting.round)
    stored = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if stored.concluded_at is None:
        raise TransitionRefused("state", _("การประชุมนี้ยังไม่สรุปมติ แก้ไขได้โดยตรง"))
    stored.round = meeting.round
    return locked, stored


def check_answers_seen(locked: Response, seen: int | None) -> None:
    """Raises TransitionRefused when more than opinions and papers changed since the version decided on."""
    if seen is None or seen == locked.version:
        return
    since = Event.objects.filter(response=locked, seq__gt=seen).exclude(verb__in=QUIET_VERBS)
    if seen > locked.version or since.exists():
        check_version_seen(locked, seen)


def record_meeting_event(by: User, locked: Response, verb: str, meeting: Meeting, **data: Any) -> Event:
    """Records a journal event about a meeting."""
    return journal.record_event(by=by, response=locked, verb=verb, data={"meeting": meeting.pk, **data})
