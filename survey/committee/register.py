"""Reads of the committee's register: the order in force on a day, its members then, and one's own seat."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import AccountEvent, Province, User
from dgready.prepared_select import PreparedSelect
from survey.models import CommitteeMember, CommitteeOrder, Meeting

SHOWN_CHANGES = 100
REGISTER_VERBS = "committee_"  # how the verbs of the register begin in the account log


def orders_in_force(province_id: int, day: date) -> QuerySet[CommitteeOrder]:
    """The orders in force on a day, the newest first: that one holds."""
    rows = CommitteeOrder.objects.filter(province=province_id, starts_on__lte=day)
    return rows.filter(Q(ends_on=None) | Q(ends_on__gte=day)).order_by("-starts_on", "-pk")


def order_in_force(province_id: int, day: date) -> CommitteeOrder | None:
    """The order that appoints the committee on a day. One query."""
    return orders_in_force(province_id, day).first()


def members_on(province_id: int, day: date) -> list[CommitteeMember]:
    """The committee's members on a day, by the order then in force, which comes with them. One query."""
    return _MEMBERS_ON.all(province_id, day)


def _members_on(province_id: int, day: date) -> QuerySet[CommitteeMember]:
    rows = CommitteeMember.objects.filter(order=orders_in_force(province_id, day).values("pk")[:1], starts_on__lte=day)
    rows = rows.filter(Q(ends_on=None) | Q(ends_on__gte=day))
    return rows.select_related("order").order_by("place", "pk")


_MEMBERS_ON: PreparedSelect[CommitteeMember] = PreparedSelect(_members_on)


def meeting_members(meeting: Meeting) -> list[CommitteeMember]:
    """The members of the committee on the day of a meeting. One query."""
    return members_on(meeting.round.province_id, timezone.localdate(meeting.held_at))


def seat_at(user: User, meeting: Meeting) -> CommitteeMember | None:
    """The person's own seat in the committee on the day of a meeting. One query."""
    return next((member for member in meeting_members(meeting) if member.user_id == user.pk), None)


def register_orders(province: Province) -> list[CommitteeOrder]:
    """The orders of a province with who put them on record, the newest first. One query."""
    return _ORDERS.all(province.pk)


def in_force_among(orders: Iterable[CommitteeOrder], day: date) -> CommitteeOrder | None:
    """Which of a province's orders, the newest first, appoints the committee on a day."""
    return next((o for o in orders if o.starts_on <= day and (o.ends_on is None or o.ends_on >= day)), None)


def members_of(order: CommitteeOrder) -> list[CommitteeMember]:
    """The members of an order, former ones too. One query."""
    return _MEMBERS.all(order.pk)


def register_history(province: Province) -> list[AccountEvent]:
    """What was changed in the register, newest first. One query."""
    return _HISTORY.all(province.pk)


_ORDERS: PreparedSelect[CommitteeOrder] = PreparedSelect(
    lambda province: CommitteeOrder.objects.filter(province=province).select_related("by")
)
_MEMBERS: PreparedSelect[CommitteeMember] = PreparedSelect(
    lambda order: CommitteeMember.objects.filter(order=order).select_related("user")
)
_HISTORY: PreparedSelect[AccountEvent] = PreparedSelect(
    lambda province: (
        AccountEvent.objects.filter(province=province, verb__startswith=REGISTER_VERBS)
        .select_related("by", "province")
        .order_by("-pk")[:SHOWN_CHANGES]
    )
)
