"""Telling people: a notice in the app at once, and by e-mail with the daily letter or, when it presses, at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Province, User
from accounts.roles import Capability, Role
from survey.models import MailChoice, Meeting, Notice, Response, Round
from survey.notices import letters
from survey.notices import notice_texts as notice_words
from survey.notices import recipients as audience

UNREAD_COUNT_CACHE_SECONDS = 60  # seconds


def notify(
    *,
    users: Iterable[User],
    kind: str,
    key: str,
    round_: Round | None = None,
    data: Mapping[str, Any] | None = None,
    url: str = "",
    at_once: bool = False,
    but: User | None = None,
) -> int:
    """Tells each person once: a second notice of the same key is not made. How many were told.

    In the caller's transaction: nobody is told of what did not happen. `at_once`: by a letter of its own, not
    with the daily one. `but`: who did it and need not be told. `kind`: of survey.notices.notice_texts.NOTICE_KINDS.
    """
    told = {u.pk: u for u in users if but is None or u.pk != but.pk}
    now, words = timezone.now(), dict(data or {})
    with transaction.atomic():
        known = set(Notice.objects.filter(user__in=told, key=key).values_list("user_id", flat=True))
        new = [u for pk, u in told.items() if pk not in known]
        values: dict[str, Any] = {"kind": kind, "key": key, "round": round_, "data": words, "url": url, "at": now}
        rows = [Notice(user=u, mailed_at=now if at_once else None, **values) for u in new]
        Notice.objects.bulk_create(rows, ignore_conflicts=True)
        if at_once:
            for user in new:
                _queue_notice_letter(user, kind, key, round_, words, url)
    _clear_unread_counts([u.pk for u in new])
    return len(new)


def _queue_notice_letter(
    user: User, kind: str, key: str, round_: Round | None, data: Mapping[str, Any], url: str
) -> None:
    with translation.override(user.language):
        context = {"user": user, "place": round_label(round_), "text": notice_words.notice_text(kind, data), "url": url}
        letters.queue_letter(user=user, key=f"at-once:{key}", template="notice", context=context)


def round_label(round_: Round | None) -> str:
    """The province and year a notice is about."""
    return f"{round_.province} {round_.year}" if round_ else ""


def mark_notices_read(*, by: User, notice: Notice | None = None) -> int:
    """Marks one of the person's notices, or all of them, as read. How many were not."""
    rows = Notice.objects.filter(user=by, read_at=None)
    changed = (rows.filter(pk=notice.pk) if notice else rows).update(read_at=timezone.now())
    _clear_unread_counts([by.pk])
    return changed


def count_unread_notices(user: User, cached: Mapping[str, Any] | None = None) -> int:
    """How many notices the person has not read; asked again after a minute, or when one is added or read.

    `cached`: what the caller has read of the cache already, under `count_key` among others.
    """
    key = unread_count_cache_key(user.pk)
    count = cache.get(key) if cached is None else cached.get(key)
    if count is None:
        count = Notice.objects.filter(user=user, read_at=None).count()
        cache.set(key, count, UNREAD_COUNT_CACHE_SECONDS)
    return int(count)


def unread_count_cache_key(user: int) -> str:
    """Where the cache keeps how many notices a person has not read."""
    return f"notices:{user}"


def _clear_unread_counts(users: Iterable[int]) -> None:
    keys = [unread_count_cache_key(pk) for pk in users]
    transaction.on_commit(lambda: cache.delete_many(keys))


def set_digest_preference(*, user: User, digest: bool) -> None:
    """Whether the person gets the daily letter; word of deadlines comes all the same."""
    MailChoice.objects.update_or_create(user=user, defaults={"digest": digest})


# -- what the committee and the governor do -------------------------------------------------------


def notify_meeting_planned(*, by: User, meeting: Meeting) -> None:
    """A meeting is on record, or its time or place moved: the committee and the secretariat are told."""
    round_ = meeting.round
    held = timezone.localtime(meeting.held_at)
    notify(
        users=audience.users_with_role(round_.province_id, Role.COMMITTEE, Role.SECRETARIAT, Role.GOVERNOR),
        kind="meeting",
        key=f"meeting:{meeting.pk}:{held:%Y%m%dT%H%M}:{meeting.place}"[:200],
        round_=round_,
        data={"day": held.date().isoformat(), "place": f"{held:%H:%M} {meeting.place}".strip()},
        url=_meeting_url(meeting),
        but=by,
    )


def notify_meeting_cancelled(*, by: User, meeting: Meeting) -> None:
    """A meeting on record does not come about: those who were told of it are told."""
    round_ = meeting.round
    notify(
        users=audience.users_with_role(round_.province_id, Role.COMMITTEE, Role.SECRETARIAT, Role.GOVERNOR),
        kind="meeting.cancel",
        key=f"meeting:{meeting.pk}:cancel",
        round_=round_,
        data={"day": timezone.localdate(meeting.held_at).isoformat()},
        url=reverse("survey:meetings", args=[round_.province.code, round_.year]),
        but=by,
    )


def notify_meeting_concluded(*, by: User, meeting: Meeting) -> None:
    """The committee has decided: the secretariat, the committee and the governor are told."""
    round_ = meeting.round
    notify(
        users=audience.users_with_role(round_.province_id, Role.COMMITTEE, Role.SECRETARIAT, Role.GOVERNOR),
        kind=f"meeting.{meeting.outcome}",
        key=f"meeting:{meeting.pk}:concluded",
        round_=round_,
        url=_meeting_url(meeting),
        but=by,
    )


def _meeting_url(meeting: Meeting) -> str:
    round_ = meeting.round
    return reverse("survey:meeting", args=[round_.province.code, round_.year, meeting.pk])


def notify_response_transition(*, by: User, response: Response, name: str, seq: int, reason: str = "") -> None:
    """The provincial answer took a step that somebody waits for; told at once."""
    round_ = response.round
    closes = timezone.localdate(round_.closes_at).isoformat()
    towards = {
        "submit": (Capability.APPROVE,),
        "return": (Capability.SUBMIT,),
        "approve": (Capability.SUBMIT, Capability.APPROVE, Capability.ROUND_MANAGE),
        "reopen": (Capability.SUBMIT, Capability.APPROVE, Capability.ROUND_MANAGE),
    }[name]
    notify(
        users=audience.users_with_capability(round_.province_id, *towards),
        kind=f"response.{name}",
        key=f"response:{response.pk}:{seq}",
        round_=round_,
        data={"who": by.get_full_name(), "day": closes, "reason": reason},
        url=reverse("survey:brief", args=[response.pk]),
        at_once=True,
        but=by,
    )


def notify_round_extended(*, by: User, round_: Round, reason: str) -> None:
    """The round closes later than it did."""
    closes = timezone.localtime(round_.closes_at)
    notify(
        users=audience.users_with_capability(round_.province_id, Capability.SUBMIT, Capability.APPROVE),
        kind="round.extend",
        key=f"extend:{round_.pk}:{closes.isoformat()}",
        round_=round_,
        data={"day": closes.date().isoformat(), "reason": reason},
        url=reverse("survey:round", args=[round_.province.code, round_.year]),
        at_once=True,
        but=by,
    )


def notify_journal_faults(*, count: int, day: str, province: Province | None = None, url: str = "") -> None:
    """The nightly proof found faults: the centre and the province's administrators are told at once."""
    users = audience.central_users_with_capability(Capability.JOURNAL_READ)
    if province is not None:
        users += audience.users_with_role(province.pk, Role.PROVINCE_ADMIN)
    where = province.code if province else "-"
    key = f"journal:{where}:{day}"
    notify(users=users, kind="journal.fault", key=key, data={"count": count}, url=url, at_once=True)
