"""Notifies users: a notice in the app at once, and an e-mail with the daily digest or, when urgent, at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Province, User
from accounts.respondents import RespondentKind
from accounts.roles import Capability, Role
from survey.models import MailChoice, Meeting, Notice, Response, Round
from survey.notices import letters, notice_texts, recipients

UNREAD_COUNT_CACHE_SECONDS = 60  # seconds
TOLD_TO_THE_CENTRE = frozenset({"submit", "approve", "reopen"})  # transitions of a provincial response


def notify(
    *,
    users: Iterable[User],
    kind: str,
    key: str,
    round_: Round | None = None,
    data: Mapping[str, Any] | None = None,
    url: str = "",
    at_once: bool = False,
    in_letter: bool = False,
    but: User | None = None,
) -> int:
    """Notify each user once: a second notice with the same key is not created. Returns the number notified.

    In the caller's transaction: nobody is notified of what was rolled back. `at_once`: with an e-mail of its own, not
    in the daily digest; `in_letter`: the caller's own letter says it, and the digest does not say it again. `but`: the
    acting user, who is not notified. `kind`: a key of notice_texts.NOTICE_KINDS.
    """
    recipients_by_id = {user.pk: user for user in users if but is None or user.pk != but.pk}
    now, notice_data = timezone.now(), dict(data or {})
    with transaction.atomic():
        notified = set(Notice.objects.filter(user__in=recipients_by_id, key=key).values_list("user_id", flat=True))
        new_recipients = [user for pk, user in recipients_by_id.items() if pk not in notified]
        values: dict[str, Any] = {"kind": kind, "key": key, "round": round_, "data": notice_data, "url": url, "at": now}
        notices = [
            Notice(user=user, mailed_at=now if at_once or in_letter else None, **values) for user in new_recipients
        ]
        Notice.objects.bulk_create(notices, ignore_conflicts=True)
        if at_once:
            for user in new_recipients:
                _queue_notice_letter(user, kind, key, round_, notice_data, url)
    _clear_unread_counts([user.pk for user in new_recipients])
    return len(new_recipients)


def withdraw_notices(*, key: str) -> int:
    """Takes back notices whose key begins so and that nobody has read and no letter has told; returns how many."""
    rows = Notice.objects.filter(key__startswith=key, read_at=None, mailed_at=None)
    users = list(rows.values_list("user", flat=True))
    rows.delete()
    _clear_unread_counts(users)
    return len(users)


def _queue_notice_letter(
    user: User, kind: str, key: str, round_: Round | None, data: Mapping[str, Any], url: str
) -> None:
    with translation.override(user.language):
        text = notice_texts.notice_text(kind, data, respondent=respondent_of(round_))
        context = {"user": user, "place": round_label(round_), "text": text, "url": url}
        letters.queue_letter(user=user, key=f"at-once:{key}", template="notice", context=context)


def round_label(round_: Round | None) -> str:
    """The province and year of a round as text; empty for None."""
    return f"{round_.province} {round_.year}" if round_ else ""


def respondent_of(round_: Round | None) -> str:
    """The kind of the respondent whose round a notice is about; a province for None."""
    return round_.province.kind if round_ else RespondentKind.PROVINCE


def mark_notices_read(*, by: User, notice: Notice | None = None) -> int:
    """Mark one of the user's notices, or all of them, as read; returns the number that were unread."""
    rows = Notice.objects.filter(user=by, read_at=None)
    changed = (rows.filter(pk=notice.pk) if notice else rows).update(read_at=timezone.now())
    _clear_unread_counts([by.pk])
    return changed


def count_unread_notices(user: User, cached: Mapping[str, Any] | None = None) -> int:
    """The number of unread notices of a user; cached for a minute, or until a notice is added or read.

    `cached`: cache entries that the caller has already read, by key (see `unread_count_cache_key`).
    """
    key = unread_count_cache_key(user.pk)
    count = cache.get(key) if cached is None else cached.get(key)
    if count is None:
        count = Notice.objects.filter(user=user, read_at=None).count()
        cache.set(key, count, UNREAD_COUNT_CACHE_SECONDS)
    return int(count)


def unread_count_cache_key(user: int) -> str:
    """The cache key of a user's number of unread notices."""
    return f"notices:{user}"


def _clear_unread_counts(users: Iterable[int]) -> None:
    keys = [unread_count_cache_key(pk) for pk in users]
    transaction.on_commit(lambda: cache.delete_many(keys))


def set_digest_preference(*, user: User, digest: bool) -> None:
    """Set whether the user gets the daily digest; e-mails about deadlines are sent all the same."""
    MailChoice.objects.update_or_create(user=user, defaults={"digest": digest})


# -- notices about the committee and the governor -------------------------------------------------------


def notify_meeting_planned(*, by: User, meeting: Meeting) -> None:
    """Notify committee, secretariat and governor that a meeting is planned or its time or place changed."""
    round_ = meeting.round
    held = timezone.localtime(meeting.held_at)
    notify(
        users=recipients.users_with_role(round_.province_id, Role.COMMITTEE, Role.SECRETARIAT, Role.GOVERNOR),
        kind="meeting",
        key=f"meeting:{meeting.pk}:{held:%Y%m%dT%H%M}:{meeting.place}"[:200],
        round_=round_,
        data={"day": held.date().isoformat(), "place": f"{held:%H:%M} {meeting.place}".strip()},
        url=_meeting_url(meeting),
        but=by,
    )


def notify_meeting_cancelled(*, by: User, meeting: Meeting) -> None:
    """Notify committee, secretariat and governor that a meeting is cancelled."""
    round_ = meeting.round
    notify(
        users=recipients.users_with_role(round_.province_id, Role.COMMITTEE, Role.SECRETARIAT, Role.GOVERNOR),
        kind="meeting.cancel",
        key=f"meeting:{meeting.pk}:cancel",
        round_=round_,
        data={"day": timezone.localdate(meeting.held_at).isoformat()},
        url=reverse("survey:meetings", args=[round_.province.code, round_.year]),
        but=by,
    )


def notify_meeting_concluded(*, by: User, meeting: Meeting) -> None:
    """Notify committee, secretariat and governor of the outcome of a meeting."""
    round_ = meeting.round
    notify(
        users=recipients.users_with_role(round_.province_id, Role.COMMITTEE, Role.SECRETARIAT, Role.GOVERNOR),
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
    """Notify, at once, those who wait for the provincial response to be submitted, returned, approved or reopened."""
    round_ = response.round
    closes = timezone.localdate(round_.closes_at).isoformat()
    capabilities = {
        "submit": (Capability.APPROVE,),
        "return": (Capability.SUBMIT,),
        "approve": (Capability.SUBMIT, Capability.APPROVE, Capability.ROUND_MANAGE),
        "reopen": (Capability.SUBMIT, Capability.APPROVE, Capability.ROUND_MANAGE),
    }[name]
    notify(
        users=recipients.users_with_capability(round_.province_id, *capabilities),
        kind=f"response.{name}",
        key=f"response:{response.pk}:{seq}",
        round_=round_,
        data={"who": by.get_full_name(), "day": closes, "reason": reason},
        url=reverse("survey:brief", args=[response.pk]),
        at_once=True,
        but=by,
    )
    if name in TOLD_TO_THE_CENTRE:
        _notify_centre(by=by, response=response, name=name, seq=seq, reason=reason)


def _notify_centre(*, by: User, response: Response, name: str, seq: int, reason: str) -> None:
    """Notify the central administrators of a step of a province: in the app, and with the daily digest.

    Of 76 provinces nobody wants a letter for each step; who wants none at all turns the digest off.
    """
    notify(
        users=recipients.central_users_with_capability(Capability.NATION_READ),
        kind=f"centre.{name}",
        key=f"centre:{response.pk}:{seq}",
        round_=response.round,
        data={"who": by.get_full_name(), "reason": reason},
        url=reverse("survey:brief", args=[response.pk]),
        but=by,
    )


def notify_round_extended(*, by: User, round_: Round, reason: str) -> None:
    """Notify those who submit and approve that the closing time of a round is extended; at once."""
    closes = timezone.localtime(round_.closes_at)
    notify(
        users=recipients.users_with_capability(round_.province_id, Capability.SUBMIT, Capability.APPROVE),
        kind="round.extend",
        key=f"extend:{round_.pk}:{closes.isoformat()}",
        round_=round_,
        data={"day": closes.date().isoformat(), "reason": reason},
        url=reverse("survey:round", args=[round_.province.code, round_.year]),
        at_once=True,
        but=by,
    )


def notify_journal_faults(*, count: int, day: str, province: Province | None = None, url: str = "") -> None:
    """Notify central and provincial administrators that verifying the journal found faults; at once."""
    users = _administrators(province)
    place = province.code if province else "-"
    key = f"journal:{place}:{day}"
    notify(users=users, kind="journal.fault", key=key, data={"count": count}, url=url, at_once=True)


def notify_file_fault(*, missing: bool, what: str, key: str, day: str, province: Province | None, url: str) -> None:
    """Notify central and provincial administrators that a stored file is missing or altered; once a day, at once.

    `key` tells the files apart; `what` is the file as people know it.
    """
    notify(
        users=_administrators(province),
        kind="file.missing" if missing else "file.altered",
        key=f"file:{key}:{day}",
        data={"what": what},
        url=url,
        at_once=True,
    )


def notify_checked_files(*, count: int, day: str, province: Province | None, url: str = "") -> None:
    """Notify central and provincial administrators that reading the stored files found faults; once a day, at once."""
    key = f"files:{province.code if province else '-'}:{day}"
    users = _administrators(province)
    notify(users=users, kind="file.checked", key=key, data={"count": count}, url=url, at_once=True)


def _administrators(province: Province | None) -> list[User]:
    """The central administrators, and those of the province."""
    users = recipients.central_users_with_capability(Capability.JOURNAL_READ)
    return users + (recipients.users_with_role(province.pk, Role.PROVINCE_ADMIN) if province else [])
