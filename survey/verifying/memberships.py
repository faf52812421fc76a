"""Replaying who holds which role from the account log."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from datetime import date

from accounts.models import AccountEvent, Membership
from survey.verifying.log_replayer import LogReplayer
from survey.verifying.replayer import Row

FIELDS = ("role", "agency_id", "stands_in_for_id", "valid_from", "valid_to")


class MembershipReplayer(LogReplayer):
    """Roles of people in their places; an ended one is kept and counts no more."""

    kind = "membership"
    log_verbs = frozenset({"grant", "lend", "stand_in", "accept_invitation", "revoke", "reclaim"})

    def take_log(self, event: AccountEvent) -> None:
        """A role as it was given or ended; older events without `id` tell nothing."""
        given = event.data.get("after")
        told = given or event.data.get("before") or {}
        if (key := told.get("id")) is None:
            return
        values = {name: told[name] for name in FIELDS}
        if given and event.data["after"].get("new", True):
            self.added.add(key)
        values |= {"user": event.subject_id, "province": event.province_id, "active": bool(given)}
        self.rows[key] = Row(values, event.pk, subject=_subject(event.province_id, key, told["role"]))

    def stored(self) -> Iterator[tuple[Hashable, Row]]:
        """The stored roles. One query."""
        for row in Membership.objects.order_by("pk").iterator():
            days = {name: day.isoformat() if day else None for name, day in _days(row)}
            values = {"role": row.role, "agency_id": row.agency_id, "stands_in_for_id": row.stands_in_for_id, **days}
            values |= {"user": row.user_id, "province": row.province_id, "active": row.active}
            yield row.pk, Row(values, subject=_subject(row.province_id, row.pk, row.role), pk=row.pk)


def _days(row: Membership) -> tuple[tuple[str, date | None], ...]:
    """The first and the last day of a role."""
    return ("valid_from", row.valid_from), ("valid_to", row.valid_to)


def _subject(province: int | None, key: int, role: str) -> str:
    return f"{role} {key} {province or ''}".strip()
