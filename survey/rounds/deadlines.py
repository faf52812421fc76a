"""Days that matter: word before, on and after them; and moving the end of a round once it has passed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from accounts.roles import Capability, Role
from survey.assigning import queries as parts
from survey.models import Assignment, Chore, MailChoice, Meeting, Notice, Response, Round
from survey.notices import actions as notices
from survey.notices import letters
from survey.notices import notice_texts as notice_words
from survey.notices import recipients as audience

REMINDER_DAYS = (7, 3, 1, 0)  # days to go on which people are told
SUBMITTED_STATES = (Response.State.SUBMITTED, Response.State.APPROVED)
MAX_LINES = 40  # of one letter


@dataclass(frozen=True, slots=True)
class OutstandingParts:
    """What an agency has not handed in, of one due date."""

    round: Round
    agency_id: int
    due: date
    count: int


# -- who is told what -----------------------------------------------------------------------------


def create_deadline_notices(now: datetime | None = None, *, only: Round | None = None) -> int:
    """Puts today's word of coming and passed days into the app; how many notices that made. May run again.

    `only`: of this round.
    """
    today = timezone.localdate(now or timezone.now())
    made = 0
    for round_ in [only] if only else _running_rounds(today):
        with transaction.atomic():
            states = dict(Response.objects.filter(round=round_, agency=None).values_list("round", "state"))
            state = states.get(round_.pk, "")
            made += (
                _notify_parts(round_, state, today)
                + _notify_meetings(round_, today)
                + _notify_closing(round_, state, today)
            )
    return made


def _running_rounds(today: date) -> Iterable[Round]:
    rows = Round.objects.filter(opens_on__lte=today, closes_at__gte=_midnight(today))
    return list(rows.select_related("province").order_by("pk"))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


def outstanding_parts(round_: Round) -> list[OutstandingParts]:
    """What agencies of a round still have to hand in, by agency and due date. One query.

    What is asked for only if there is something is not owed once its day has passed.
    """
    rows = Assignment.objects.filter(round=round_, role__in=parts.ANSWERING_ROLES, state__in=parts.OPEN_STATES)
    counts: dict[tuple[int, date], int] = defaultdict(int)
    today = timezone.localdate()
    for agency, due, if_any, state in rows.values_list("agency_id", "due", "if_any", "state"):
        due = due or round_.agency_due
        if due >= today or not if_any or state == Assignment.State.RETURNED:
            counts[agency, due] += 1
    return [OutstandingParts(round_, agency, due, count) for (agency, due), count in sorted(counts.items())]


def _notify_parts(round_: Round, state: str, today: date) -> int:
    if state in SUBMITTED_STATES:
        return 0
    made = 0
    url = reverse("survey:round", args=[round_.province.code, round_.year])
    for one in outstanding_parts(round_):
        days = (one.due - today).days
        if days < 0:
            kind, key = "part.overdue", f"overdue:{round_.pk}:{one.agency_id}:{one.due}"
        elif days in REMINDER_DAYS:
            kind, key = "part.due", f"due:{round_.pk}:{one.agency_id}:{one.due}:{days}"
        else:
            continue
        data = {"day": one.due.isoformat(), "days": days, "count": one.count}
        users = audience.agency_coordinators(one.agency_id)
        made += notices.notify(users=users, kind=kind, key=key, round_=round_, data=data, url=url)
    return made


def _notify_meetings(round_: Round, today: date) -> int:
    made = 0
    for meeting in Meeting.objects.filter(round=round_, concluded_at=None):
        held = timezone.localdate(meeting.held_at)
        days = (held - today).days
        if days in REMINDER_DAYS:
            made += notices.notify(
                users=audience.users_with_role(round_.province_id, Role.COMMITTEE, Role.SECRETARIAT, Role.GOVERNOR),
                kind="meeting.soon",
                key=f"meeting-soon:{meeting.pk}:{held}:{days}",
                round_=round_,
                data={"day": held.isoformat(), "days": days},
                url=reverse("survey:meeting", args=[round_.province.code, round_.year, meeting.pk]),
            )
    return made


def _notify_closing(round_: Round, state: str, today: date) -> int:
    """The end of the round: told to whoever has the next step."""
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
        data={"day": closes.isoformat(), "days": days, "state": str(response.get_state_display())},
        url=reverse("survey:brief", args=[response.pk]),
    )


# -- the daily letter -----------------------------------------------------------------------------


def write_daily_letters(now: datetime | None = None) -> int:
    """Writes at most one letter per person and day, of what is new and what is late; how many. May run again.

    Who has stopped the daily letter gets one only for word of deadlines.
    """
    now = now or timezone.now()
    today = timezone.localdate(now)
    late = _late_by_user(today)
    waiting = Notice.objects.filter(mailed_at=None).values_list("user", flat=True).distinct()
    people = User.objects.filter(pk__in={*waiting, *late}, is_active=True).order_by("pk")
    stopped = set(MailChoice.objects.filter(digest=False).values_list("user", flat=True))
    made = 0
    for user in people:
        with transaction.atomic():
            made += _write_letter(user, user.pk not in stopped, late.get(user.pk, []), today, now)
    return made


def _late_by_user(today: date) -> dict[int, list[OutstandingParts]]:
    """What is late, by the people who owe it."""
    out: dict[int, list[OutstandingParts]] = defaultdict(list)
    for round_ in _running_rounds(today):
        if Response.objects.filter(round=round_, agency=None, state__in=SUBMITTED_STATES).exists():
            continue
        for one in outstanding_parts(round_):
            if one.due < today:
                for user in audience.agency_coordinators(one.agency_id):
                    out[user.pk].append(one)
    return out


def _write_letter(user: User, wanted: bool, late: list[OutstandingParts], today: date, now: datetime) -> int:
    rows = Notice.objects.select_for_update(of=("self",)).filter(user=user, mailed_at=None)
    fresh = list(rows.select_related("round__province").order_by("at", "pk"))
    pressing = [n for n in fresh if _is_deadline(n)]
    # What was read in the app need not come by post as well; the daily count of what is late is in `late`.
    news = [n for n in fresh if not _is_deadline(n) and n.read_at is None] if wanted else []
    told = [n for n in pressing if n.kind != "part.overdue" or not wanted]
    still = late if wanted else []
    letter = None
    if told or news or still:
        with translation.override(user.language):
            context = {
                "deadlines": [_notice_line(n) for n in told][:MAX_LINES],
                "news": [_notice_line(n) for n in news][:MAX_LINES],
                "more": max(len(told) - MAX_LINES, 0) + max(len(news) - MAX_LINES, 0),
                "late": [_late_line(one) for one in still],
                "wanted": wanted,
                "url": reverse("survey:notices"),
            }
        letter = letters.queue_letter(user=user, key=f"daily:{today}", template="digest", context=context)
        if letter is None:
            return 0  # today's letter is written; the rest waits for tomorrow's
    # Those read, and those of people who want no letter, are done with as well.
    Notice.objects.filter(pk__in=[n.pk for n in fresh]).update(mailed_at=now)
    return 1 if letter else 0


def _is_deadline(notice: Notice) -> bool:
    kind = notice_words.NOTICE_KINDS.get(notice.kind)
    return kind is not None and kind.deadline


def _notice_line(notice: Notice) -> dict[str, str]:
    text = notice_words.notice_text(notice.kind, notice.data)
    return {"place": notices.round_label(notice.round), "text": text, "url": notice.url}


def _late_line(one: OutstandingParts) -> dict[str, str]:
    text = notice_words.notice_text("part.overdue", {"day": one.due.isoformat(), "count": one.count})
    url = reverse("survey:round", args=[one.round.province.code, one.round.year])
    return {"place": notices.round_label(one.round), "text": text, "url": url}


# -- what is done once a day ----------------------------------------------------------------------


def is_not_done_today(name: str, today: date) -> bool:
    """Whether something daily has not been done to the end today."""
    return not Chore.objects.filter(name=name, day__gte=today).exists()


def mark_done_today(name: str, today: date) -> None:
    """Writes down that it has."""
    Chore.objects.update_or_create(name=name, defaults={"day": today})
