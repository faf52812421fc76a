"""The daily letter: at most one per person and day, of what is new and what is late."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from survey.models import MailChoice, Notice, Response
from survey.notices import actions as notices
from survey.notices import letters
from survey.notices import notice_texts as notice_words
from survey.notices import recipients as audience
from survey.rounds.outstanding import SUBMITTED_STATES, OutstandingParts, outstanding_parts, running_rounds

MAX_LINES = 40  # of one letter


def write_daily_letters(now: datetime | None = None) -> int:
    """Writes at most one letter per person and day, of new notices and late parts; returns how many. May run again.

    A person who stopped the daily letter gets one only for deadlines.
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
    """Late parts by key of the coordinators who have to hand them in."""
    late_by_user: dict[int, list[OutstandingParts]] = defaultdict(list)
    for round_ in running_rounds(today):
        if Response.objects.filter(round=round_, agency=None, state__in=SUBMITTED_STATES).exists():
            continue
        for outstanding in outstanding_parts(round_):
            if outstanding.due < today:
                for user in audience.agency_coordinators(outstanding.agency_id):
                    late_by_user[user.pk].append(outstanding)
    return late_by_user


def _write_letter(user: User, wants_letter: bool, late: list[OutstandingParts], today: date, now: datetime) -> int:
    rows = Notice.objects.select_for_update(of=("self",)).filter(user=user, mailed_at=None)
    unsent = list(rows.select_related("round__province").order_by("at", "pk"))
    deadline_notices = [notice for notice in unsent if _is_deadline(notice)]
    # What was read in the app need not come by post as well; the daily count of what is late is in `late`.
    news = [notice for notice in unsent if not _is_deadline(notice) and notice.read_at is None] if wants_letter else []
    deadlines = [notice for notice in deadline_notices if notice.kind != "part.overdue" or not wants_letter]
    late_parts = late if wants_letter else []
    letter = None
    if deadlines or news or late_parts:
        with translation.override(user.language):
            context = {
                "deadlines": [_notice_line(notice, today) for notice in deadlines][:MAX_LINES],
                "news": [_notice_line(notice, today) for notice in news][:MAX_LINES],
                "more": max(len(deadlines) - MAX_LINES, 0) + max(len(news) - MAX_LINES, 0),
                "late": [_late_line(one, today) for one in late_parts],
                "wanted": wants_letter,
                "url": reverse("survey:notices"),
            }
        letter = letters.queue_letter(user=user, key=f"daily:{today}", template="digest", context=context)
        if letter is None:
            return 0  # today's letter is written; the rest waits for tomorrow's
    # Those read, and those of people who want no letter, are done with as well.
    Notice.objects.filter(pk__in=[notice.pk for notice in unsent]).update(mailed_at=now)
    return 1 if letter else 0


def _is_deadline(notice: Notice) -> bool:
    kind = notice_words.NOTICE_KINDS.get(notice.kind)
    return kind is not None and kind.deadline


def _notice_line(notice: Notice, today: date) -> dict[str, str]:
    text = notice_words.notice_text(notice.kind, notice.data, today, notices.respondent_of(notice.round))
    return {"place": notices.round_label(notice.round), "text": text, "url": notice.url}


def _late_line(one: OutstandingParts, today: date) -> dict[str, str]:
    text = notice_words.notice_text("part.overdue", one.data, today, notices.respondent_of(one.round))
    return {"place": notices.round_label(one.round), "text": text, "url": one.url}
