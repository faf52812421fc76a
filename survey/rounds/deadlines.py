"""Deadline notices: before, on and after due dates, meetings and the end of a round."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Capability, Role
from survey.models import Meeting, Response, Round
from survey.notices import actions as notices
from survey.notices import recipients as audience
from survey.rounds.outstanding import SUBMITTED_STATES, outstanding_parts, running_rounds

REMINDER_DAYS = (7, 3, 1, 0)  # days to go on which people are told


def create_deadline_notices(now: datetime | None = None, *, only: Round | None = None) -> int:
    """Creates today's notices of coming and passed deadlines; returns how many. May run again.

    `only`: of this round.
    """
    today = timezone.localdate(now or timezone.now())
    count = 0
    for round_ in [only] if only else running_rounds(today):
        with transaction.atomic():
            states = dict(Response.objects.filter(round=round_, agency=None).values_list("round", "state"))
            state = states.get(round_.pk, "")
            count += (
                _notify_parts(round_, state, today)
                + _notify_meetings(round_, today)
                + _notify_closing(round_, state, today)
            )
    return count


def _notify_parts(round_: Round, state: str, today: date) -> int:
    if state in SUBMITTED_STATES:
        return 0
    count = 0
    for outstanding in outstanding_parts(round_):
        days = (outstanding.due - today).days
        if days < 0:
            kind, key = "part.overdue", f"overdue:{round_.pk}:{outstanding.agency_id}:{outstanding.due}"
        elif days in REMINDER_DAYS:
            kind, key = "part.due", f"due:{round_.pk}:{outstanding.agency_id}:{outstanding.due}:{days}"
        else:
            continue
        data = {**outstanding.data, "days": days}
        users = audience.agency_coordinators(outstanding.agency_id)
        count += notices.notify(users=users, kind=kind, key=key, round_=round_, data=data, url=outstanding.url)
    return count


def _notify_meetings(round_: Round, today: date) -> int:
    count = 0
    for meeting in Meeting.objects.filter(round=round_, concluded_at=None):
        meeting_day = timezone.localdate(meeting.held_at)
        days = (meeting_day - today).days
        if days in REMINDER_DAYS:
            count += notices.notify(
                users=audience.users_with_role(round_.province_id, Role.COMMITTEE, Role.SECRETARIAT, Role.GOVERNOR),
                kind="meeting.soon",
                key=f"meeting-soon:{meeting.pk}:{meeting_day}:{days}",
                round_=round_,
                data={"day": meeting_day.isoformat(), "days": days},
                url=reverse("survey:meeting", args=[round_.province.code, round_.year, meeting.pk]),
            )
    return count


def _notify_closing(round_: Round, state: str, today: date) -> int:
    """Notifies whoever acts next of the end of the round."""
    closes = timezone.localdate(round_.closes_at)
    days = (closes - today).days
    if days not in REMINDER_DAYS or state == Response.State.APPROVED:
        return 0
    response = Response.objects.get(round=round_, agency=None)
    caps = (Capability.APPROVE,) if state == Response.State.SUBMITTED else (Capability.SUBMIT, Capability.APPROVE)
    return notices.notify(
        users=audience.users_with_capability(round_.province_id, *caps),
        kind="closing",
        key=f"closing:{round_.pk}:{closes}:{days}",
        round_=round_,
        data={"day": closes.isoformat(), "days": days, "state": response.state_label},
        url=reverse("survey:brief", args=[response.pk]),
    )
