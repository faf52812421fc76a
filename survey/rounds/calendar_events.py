"""What a person's calendar of a round holds: its dates, meetings of the committee, their agencies' own due days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import agency_ids_with_capability, scope_filter
from accounts.mail import absolute_url
from accounts.models import User
from accounts.roles import Capability
from survey.assigning import part_notices
from survey.assigning.queries import ANSWERING_ROLES, assignment_target
from survey.committee.register import members_on
from survey.models import Assignment, Event, Meeting, Round
from survey.rounds.calendar_types import CalendarEdition, CalendarEntry

MEETING_LASTS: Final = timedelta(hours=3)  # nobody says how long one takes
CLOSING_LASTS: Final = timedelta(minutes=30)  # ends as the round closes


def rounds_with_calendar(user: User) -> QuerySet[Round]:
    """The rounds whose dates concern a person: they read its answer, or work for one of the province's agencies."""
    mine = scope_filter(user, Capability.RESPONSE_READ, province="province")
    agencies = agency_ids_with_capability(user, Capability.CONTRIBUTION_READ)
    rows = Round.objects.select_related("province", "instrument").defer("instrument__source")
    return rows.filter(mine | Q(province__agencies__in=agencies)).distinct()


def write_round_calendar(user: User, round_: Round) -> bytes:
    """The calendar file of a round for a person, in the language of the request."""
    from survey.rounds.calendar_file import write_calendar  # loads the library of calendars, which few requests need

    entries = [*_date_entries(user, round_), *_meeting_entries(user, round_), *_due_entries(user, round_)]
    name = f"dgready {round_.province} {round_.year}"
    return write_calendar(entries, name=name, stamp=timezone.now(), edition=_edition(round_))


def _edition(round_: Round) -> CalendarEdition:
    """The edition of the round's dates, counted from the journal of its provincial response."""
    moved = Event.objects.filter(response__round=round_, response__agency=None)
    moved = moved.filter(Q(verb="response.open") | Q(verb__regex="^(round|meeting|assignment)[.]"))
    found = moved.order_by().aggregate(count=Count("pk"), last=Max("at"))
    return CalendarEdition(found["count"], found["last"] or timezone.now())


def _date_entries(user: User, round_: Round) -> Iterator[CalendarEntry]:
    place = f"{round_.province} {round_.year}"
    url = absolute_url(reverse("survey:round", args=[round_.province.code, round_.year]))
    # The meeting itself says when, to those who see it.
    met = _belongs_to_committee(user, round_) and Meeting.objects.filter(round=round_).exists()
    for name in ("opens_on", "agency_due", "committee_on"):
        if name == "committee_on" and met:
            continue
        day: date = getattr(round_, name)
        summary = f"{Round.date_label(name, round_.province)} ({place})"
        yield CalendarEntry(f"round-{round_.pk}-{name}@dgready", day, summary, url=url, alarm_days=1)
    summary = f"{Round.date_label('closes_at', round_.province)} ({place})"
    begins = round_.closes_at - CLOSING_LASTS
    uid = f"round-{round_.pk}-closes@dgready"
    yield CalendarEntry(uid, begins, summary, url=url, alarm_days=1, lasts=CLOSING_LASTS)


def _belongs_to_committee(user: User, round_: Round) -> bool:
    """Whether the person reads the province's answer, or has a seat in its committee today."""
    if user.has(Capability.RESPONSE_READ, province_id=round_.province_id):
        return True
    return any(member.user_id == user.pk for member in members_on(round_.province_id, timezone.localdate()))


def _meeting_entries(user: User, round_: Round) -> Iterator[CalendarEntry]:
    """The meetings of the committee, for those who belong to it; one that was called off says so."""
    if not _belongs_to_committee(user, round_):
        return
    reads = user.has(Capability.RESPONSE_READ, province_id=round_.province_id)
    words = {**round_.province.words, "place": f"{round_.province} {round_.year}"}
    for row in Meeting.every.filter(round=round_).order_by("held_at", "pk"):
        summary = _("ประชุมคณะกรรมการ %(committee)s (%(place)s)") % words
        page = reverse("survey:meeting", args=[round_.province.code, round_.year, row.pk])
        yield CalendarEntry(
            uid=f"meeting-{row.pk}@dgready",
            at=row.held_at,
            summary=summary,
            description=row.agenda if reads else "",
            location=row.place,
            url=absolute_url(page) if reads and row.cancelled_at is None else "",
            alarm_days=1,
            lasts=MEETING_LASTS,
            cancelled=row.cancelled_at is not None,
        )


def _due_entries(user: User, round_: Round) -> Iterator[CalendarEntry]:
    """Parts of the person's agencies that are due on a day of their own. An entry stays the same when its day moves."""
    mine = agency_ids_with_capability(user, Capability.CONTRIBUTION_EDIT)
    rows = Assignment.objects.filter(round=round_, agency__in=mine, role__in=ANSWERING_ROLES, due__isnull=False)
    url = absolute_url(reverse("survey:desk", args=[round_.province.code, round_.year]))
    for row in rows.select_related("agency").order_by("due", "pk"):
        what = part_notices.part_name(round_, assignment_target(round_.instrument, row))
        summary = _("กำหนดส่ง %(what)s ของ%(agency)s") % {"what": what, "agency": row.agency.name}
        uid = f"assignment-{row.pk}-{row.agency_id}@dgready"
        yield CalendarEntry(uid, row.due or round_.agency_due, summary, url=f"{url}#part-{row.pk}", alarm_days=1)
