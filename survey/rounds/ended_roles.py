"""Tells who lost a role without anybody having taken it: its last day has passed, or a stand-in is over.

Each is told once, by a key, so that this may run again; a machine that was off for some days still tells.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Membership
from accounts.roles import Role
from survey.contributing.stand_ins import tell_stand_in_ended
from survey.models import Letter
from survey.notices import actions as notices
from survey.notices.letters import queue_letter
from survey.rounds.role_letters import RoleChange, current_work

LOOK_BACK: Final = timedelta(days=7)
KEY: Final = "role-end"


def tell_ended_roles(now: datetime | None = None) -> int:
    """Tells of roles and stand-ins whose last day has passed; returns how many were."""
    today = timezone.localdate(now)
    roles = _past(today).filter(stands_in_for=None, user__is_active=True)
    told = set(Letter.objects.filter(key__startswith=f"{KEY}:").values_list("key", flat=True))
    ended = sum(_tell_role_ended(m) for m in roles if f"{_key(m)}:{m.user_id}" not in told and not _goes_on(m))
    return ended + sum(bool(tell_stand_in_ended(stand_in)) for stand_in in _stand_ins_over(today))


def _past(today: date) -> QuerySet[Membership]:
    rows = Membership.objects.filter(active=True, valid_to__lt=today, valid_to__gte=today - LOOK_BACK)
    return rows.select_related("user", "province", "agency").order_by("pk")


def _stand_ins_over(today: date) -> list[Membership]:
    """Stand-ins whose last day has passed, or whose coordinator is no longer one."""
    started = Membership.objects.filter(active=True, valid_from__lte=today, valid_to__gte=today - LOOK_BACK)
    rows = started.filter(Q(agency__active=True), stands_in_for__isnull=False)
    over = rows.exclude(pk__in=Membership.objects.current(today).values("pk"))
    return list(over.select_related("user", "agency", "stands_in_for__user").order_by("pk"))


def _goes_on(membership: Membership) -> bool:
    """Whether the person has the same role there all the same, by another grant."""
    same = {"user": membership.user_id, "role": membership.role, "province": membership.province_id}
    return Membership.objects.current().filter(**same, agency=membership.agency_id).exists()


def _key(membership: Membership) -> str:
    return f"{KEY}:{membership.pk}:{membership.valid_to}"


@transaction.atomic
def _tell_role_ended(membership: Membership) -> bool:
    user = membership.user
    with translation.override(user.language):
        place = str(membership.place or "")
        change = RoleChange("ended", Role(membership.role), place, last_day=membership.valid_to)
        context = {"taken": [change], "roles": current_work(user), "help": reverse("survey:help")}
        data = {"what": f"− {change.name} {place}".strip()}
        notices.notify(
            users=[user], kind="role", key=_key(membership), data=data, url=reverse("survey:home"), in_letter=True
        )
    return queue_letter(user=user, key=_key(membership), template="role", context=context) is not None
