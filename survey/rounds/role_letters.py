"""Letters about roles: granted, withdrawn, changed; written from the log of the accounts.

Every minute the log is read for what is new. What happened to a person within a minute is one letter, so that a role
taken and another given is told as one change. The letter's key names the last event it tells of, so none is told twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actions.memberships import kind_of
from accounts.models import AccountEvent, Agency, Membership, Province, User
from accounts.respondents import RespondentKind, respondent_words, role_label
from accounts.roles import Role
from survey.models import Letter
from survey.notices import actions as notices
from survey.notices.letters import queue_letter
from survey.rounds.newcomers import tell_newcomer

GIVEN, TAKEN = ("grant", "accept_invitation"), ("revoke",)
LOOK_BACK: Final = timedelta(days=2)  # a machine that was off longer writes no letters about older events
SETTLING: Final = timedelta(minutes=1)  # what follows within it goes into the same letter
KEY: Final = "role"

WORK_OF_ROLE: Final[Mapping[Role, str | Promise]] = {
    Role.CENTRAL_ADMIN: _("ดูแลจังหวัด ผู้ใช้ แบบสำรวจ และผลทางการ"),
    Role.PROVINCE_ADMIN: _("ดูแลผู้ใช้ หน่วยงาน และรอบสำรวจของ%(own)s"),
    Role.SECRETARIAT: _("มอบหมายงาน กรอกและรวมคำตอบของ%(own)s บันทึกการประชุม และเสนอ%(chief)s"),
    Role.COORDINATOR: _("ตอบส่วนที่มอบหมายให้หน่วยงานของท่าน แนบหลักฐาน และส่ง"),
    Role.COMMITTEE: _("อ่านคำตอบ คะแนน และหลักฐานของ%(own)s และเขียนข้อสังเกต"),
    Role.GOVERNOR: _("อ่านสรุป ส่งกลับให้แก้ไข หรืออนุมัติคำตอบของ%(own)s"),
}


@dataclass(frozen=True, slots=True)
class RoleChange:
    """A role that a person was given or that was withdrawn, with its place, its days and who did it."""

    what: Literal["given", "taken", "paused", "resumed", "ended"]
    role: Role
    place: str
    first_day: date | None = None
    last_day: date | None = None
    by: str = ""
    respondent: str = RespondentKind.PROVINCE

    @property
    def name(self) -> str:
        """The role in the reader's language, as people of such a respondent say it."""
        return role_label(self.role, self.respondent)


def write_role_letters(now: datetime | None = None) -> int:
    """Writes the letters about roles that are due; returns how many. May run again, and twice at once."""
    now = now or timezone.now()
    events_by_user: dict[int, list[AccountEvent]] = defaultdict(list)
    for event, user in _recent_events(now):
        events_by_user[user].append(event)
    if not events_by_user:
        return 0
    done = _last_told(events_by_user)
    written = 0
    for user, events in sorted(events_by_user.items()):
        if events[-1].pk > done.get(user, 0) and events[-1].at <= now - SETTLING:
            written += _write_letter(user, events)
    return written


def _recent_events(now: datetime) -> Iterator[tuple[AccountEvent, int]]:
    """New events about roles, oldest first, each with the person it concerns. Two queries."""
    agency_switched = Q(verb="change_agency", data__after__has_key="active")
    rows = AccountEvent.objects.filter(Q(verb__in=GIVEN + TAKEN) | agency_switched, at__gte=now - LOOK_BACK)
    for event in rows.select_related("by", "province").order_by("pk"):
        if event.verb != "change_agency":
            if event.subject_id is not None:
                yield event, event.subject_id
            continue
        code = event.data["after"].get("code")
        members = Membership.objects.filter(agency__province=event.province_id, agency__code=code, active=True)
        for user in members.order_by("user").values_list("user", flat=True).distinct():
            yield event, user


def _last_told(users: Iterable[int]) -> dict[int, int]:
    """The last event each person was told of, from the keys of their letters. One query."""
    told: dict[int, int] = {}
    for user, key in Letter.objects.filter(user__in=list(users), key__startswith=f"{KEY}:").values_list("user", "key"):
        told[user] = max(told.get(user, 0), int(key.split(":")[1]))
    return told


def _write_letter(user_id: int, events: list[AccountEvent]) -> int:
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        last = _last_told([user_id]).get(user_id, 0)
        new = [event for event in events if event.pk > last]
        if not new or not user.is_active:
            return 0
        with translation.override(user.language):
            changes = _net_changes(new)
            context = {
                "given": [change for change in changes if change.what in ("given", "resumed")],
                "taken": [change for change in changes if change.what in ("taken", "paused")],
                "roles": current_work(user),
                "parts": tell_newcomer(user=user, in_letter=True) if any(c.what == "given" for c in changes) else [],
                "help": reverse("survey:help"),
            }
            if not changes:
                return 0
            _notify(user, changes, new[-1].pk)
        return queue_letter(user=user, key=f"{KEY}:{new[-1].pk}", template="role", context=context) is not None


def current_work(user: User) -> list[tuple[Membership, str]]:
    """The roles that a person has today, each with what one does in it. One query."""
    memberships = Membership.objects.current().filter(user=user).select_related("province", "agency")
    return [(membership, _work_of(membership)) for membership in memberships]


def _work_of(membership: Membership) -> str:
    kind = kind_of(membership.province)
    return str(WORK_OF_ROLE[Role(membership.role)]) % respondent_words(kind)


def _net_changes(events: Iterable[AccountEvent]) -> list[RoleChange]:
    """The changes of events; a role given and withdrawn again at once, or the other way round, is none."""
    changes: dict[tuple[Role, str], RoleChange] = {}
    for event in events:
        change = _change_of(event)
        key = (change.role, change.place)
        before = changes.pop(key, None)
        opposite = before is not None and {before.what, change.what} in ({"given", "taken"}, {"paused", "resumed"})
        if not opposite:
            changes[key] = change
    return list(changes.values())


def _change_of(event: AccountEvent) -> RoleChange:
    by = event.by.get_full_name() if event.by else ""
    if event.verb == "change_agency":
        agency = Agency.objects.filter(province=event.province_id, code=event.data["after"].get("code")).first()
        what: Literal["paused", "resumed"] = "resumed" if event.data["after"]["active"] else "paused"
        return RoleChange(what, Role.COORDINATOR, str(agency or ""), by=by, respondent=kind_of(event.province))
    values: dict[str, Any] = event.data.get("after") or event.data.get("before") or {}
    return RoleChange(
        "taken" if event.verb in TAKEN else "given",
        Role(values["role"]),
        _place_name(event.province, values),
        _day(values.get("valid_from")),
        _day(values.get("valid_to")),
        by,
        kind_of(event.province),
    )


def _place_name(province: Province | None, values: Mapping[str, Any]) -> str:
    """The name of the agency or province of a role; empty for the whole country."""
    if province is None:
        return ""
    code = values.get("agency")
    agency = Agency.objects.filter(province=province, code=code).first() if code else None
    return str(agency or province)


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None


def _notify(user: User, changes: Iterable[RoleChange], last: int) -> None:
    """The same as the letter, in short, among the notices of the application."""
    what = " · ".join(
        f"{'+' if change.what in ('given', 'resumed') else '−'} {change.name} {change.place}".strip()
        for change in changes
    )
    notices.notify(
        users=[user], kind="role", key=f"{KEY}:{last}", data={"what": what}, url=reverse("survey:home"), in_letter=True
    )
