"""Reads of delegations: who is governor in their own right, and who approves in the governor's place."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import Membership, User
from accounts.roles import Role
from dgready.arrival import deadline_day
from survey.models import Delegation


def is_governor(user: User, province_id: int) -> bool:
    """Whether the person is governor there in their own right, not as a delegate. One query."""
    memberships = Membership.objects.current(deadline_day()).filter(user=user, role=Role.GOVERNOR, province=province_id)
    return memberships.filter(delegation=None).exists()


def acting_delegation(user: User, province_id: int, day: date) -> Delegation | None:
    """The delegation by which the person approves there that day; None when they do so in their own right.

    No query for a governor whose role has no days.
    """
    if any(g.role is Role.GOVERNOR and g.province_id == province_id and not g.temporary for g in user.grants):
        return None
    if is_governor(user, province_id):
        return None
    rows = Delegation.objects.filter(delegate=user, province=province_id, revoked_at=None)
    return rows.filter(starts_on__lte=day, ends_on__gte=day).select_related("by").order_by("-at").first()


def delegation_snapshot(delegation: Delegation | None) -> dict[str, Any] | None:
    """What a frozen version records of the delegation it was approved by."""
    if delegation is None:
        return None
    return {
        "document": delegation.document_number,
        "document_sha256": delegation.document_sha256,
        "from": delegation.starts_on,
        "to": delegation.ends_on,
        "by": delegation.by_id,
        "by_name": delegation.by.get_full_name(),
    }
