"""Keeping the committee's register: orders, and members from and to a day. Nothing is deleted; changes are logged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import NotAllowed, RefusedError
from accounts.actions.log import field_values, record_account_event
from accounts.models import Membership, Province, User
from accounts.roles import Capability
from survey.committee.titles import ProposedMember, propose_members
from survey.models import CommitteeMember, CommitteeOrder

ORDER_FIELDS = ("number", "signed_on", "starts_on", "ends_on", "powers", "quorum")
MEMBER_FIELDS = ("place", "seat", "post", "office", "name", "user_id", "starts_on", "ends_on")
MAX_MEMBERS = 150


def may_keep_register(by: User, province: Province) -> bool:
    """Whether the person keeps the committee's register: who records its meetings does."""
    return by.has(Capability.ENDORSE, province_id=province.pk)


def create_order(*, by: User, province: Province, fields: Mapping[str, Any], members_from: str = "") -> CommitteeOrder:
    """Puts an order on record, with no members, those of the order before (`previous`) or of the `offices`.

    Raises NotAllowed, RefusedError.
    """
    with transaction.atomic():
        _lock_register(by, province)
        order = CommitteeOrder(province=province, by=by, at=timezone.now(), **_taken(fields, ORDER_FIELDS))
        _check_order(order)
        order.save()
        _log(by, province, "committee_order", None, {"id": order.pk, **field_values(order, ORDER_FIELDS)})
        if members_from == "previous":
            _copy_members(by, order)
        elif members_from == "offices":
            offices = province.agencies.filter(active=True).order_by("pk").values_list("name_th", flat=True)
            add_members(by=by, order=order, members=propose_members(province.chief_post, offices))
    return order


def change_order(*, by: User, order: CommitteeOrder, fields: Mapping[str, Any]) -> CommitteeOrder:
    """Corrects an order: number, days, powers, quorum. Raises NotAllowed, RefusedError."""
    with transaction.atomic():
        _lock_register(by, order.province)
        stored = CommitteeOrder.objects.select_related("province").get(pk=order.pk)
        before = field_values(stored, ORDER_FIELDS)
        for key, value in _taken(fields, ORDER_FIELDS).items():
            setattr(stored, key, value)
        _check_order(stored)
        after = field_values(stored, ORDER_FIELDS)
        if after != before:
            stored.save(update_fields=ORDER_FIELDS)
            _log(by, order.province, "committee_order_change", before, {"id": stored.pk, **after})
    return stored


def add_members(*, by: User, order: CommitteeOrder, members: Iterable[ProposedMember]) -> int:
    """Adds members of the whole term of an order, in the order given. Raises NotAllowed, RefusedError."""
    with transaction.atomic():
        _lock_register(by, order.province)
        place = order.members.count()
        for number, one in enumerate(members, start=place + 1):
            fields = {"place": number, "seat": one.seat, "post": one.post, "office": one.office}
            _store_member(by, CommitteeMember(order=order, starts_on=order.starts_on, **fields), None)
        return order.members.count() - place


def add_member(*, by: User, order: CommitteeOrder, fields: Mapping[str, Any]) -> CommitteeMember:
    """Adds a member to an order. Raises NotAllowed, RefusedError."""
    with transaction.atomic():
        _lock_register(by, order.province)
        given = {"starts_on": order.starts_on, "place": order.members.count() + 1, **_taken(fields, MEMBER_FIELDS)}
        return _store_member(by, CommitteeMember(order=order, **given), None)


def change_member(*, by: User, member: CommitteeMember, fields: Mapping[str, Any]) -> CommitteeMember:
    """Changes a member, or gives the last day of the seat. Raises NotAllowed, RefusedError."""
    with transaction.atomic():
        _lock_register(by, member.order.province)
        stored = CommitteeMember.objects.select_related("order__province").get(pk=member.pk)
        before = field_values(stored, MEMBER_FIELDS)
        for key, value in _taken(fields, MEMBER_FIELDS).items():
            setattr(stored, key, value)
        return stored if field_values(stored, MEMBER_FIELDS) == before else _store_member(by, stored, before)


def _taken(fields: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: fields[name] for name in names if name in fields}


def _lock_register(by: User, province: Province) -> None:
    if not may_keep_register(by, province):
        raise NotAllowed
    Province.objects.select_for_update().get(pk=province.pk)  # of two at once the second sees the first


def _check_order(order: CommitteeOrder) -> None:
    if not order.number:
        raise RefusedError(_("โปรดระบุเลขที่คำสั่ง"))
    if order.ends_on is not None and order.ends_on < order.starts_on:
        raise RefusedError(_("วันสิ้นสุดต้องไม่อยู่ก่อนวันเริ่มต้น"))
    if order.signed_on > order.starts_on:
        raise RefusedError(_("คำสั่งใช้ก่อนวันที่ลงนามไม่ได้"))
    same = CommitteeOrder.objects.filter(province=order.province, number=order.number).exclude(pk=order.pk)
    if same.exists():
        raise RefusedError(_("มีคำสั่งเลขที่นี้อยู่แล้ว"))


def _store_member(by: User, member: CommitteeMember, before: dict[str, Any] | None) -> CommitteeMember:
    order = member.order
    if not member.post:
        raise RefusedError(_("โปรดระบุตำแหน่ง"))
    if member.starts_on < order.starts_on:
        raise RefusedError(_("เป็นกรรมการก่อนวันที่คำสั่งใช้ไม่ได้"))
    if member.ends_on is not None and member.ends_on < member.starts_on:
        raise RefusedError(_("วันสิ้นสุดต้องไม่อยู่ก่อนวันเริ่มต้น"))
    if member.pk is None and order.members.count() >= MAX_MEMBERS:
        raise RefusedError(_("คำสั่งหนึ่งมีกรรมการได้ไม่เกิน %(count)d คน") % {"count": MAX_MEMBERS})
    _check_account(member)
    member.save()
    verb = "committee_member" if before is None else "committee_member_change"
    _log_member(by, member, verb, before)
    return member


def _log_member(by: User, member: CommitteeMember, verb: str, before: dict[str, Any] | None) -> None:
    order = member.order
    after = {"id": member.pk, "order": order.number, "order_id": order.pk, **field_values(member, MEMBER_FIELDS)}
    _log(by, member.order.province, verb, before, after)


def _check_account(member: CommitteeMember) -> None:
    """An account speaks for one seat only, and is of this province."""
    if member.user_id is None:
        return
    places = Membership.objects.current().filter(user=member.user_id)
    if not places.filter(province=member.order.province_id).exists():
        raise RefusedError(_("บัญชีนี้ไม่มีบทบาทใน%(own)s") % member.order.province.words)
    for other in member.order.members.filter(user=member.user_id).exclude(pk=member.pk):
        is_before = other.ends_on is not None and other.ends_on < member.starts_on
        is_after = member.ends_on is not None and member.ends_on < other.starts_on
        if not is_before and not is_after:
            raise RefusedError(_("บัญชีนี้เป็นของกรรมการอีกตำแหน่งหนึ่งแล้ว: %(post)s") % {"post": other.post})


def _copy_members(by: User, order: CommitteeOrder) -> None:
    """The members of the order before this one, as they are on its first day or were on that order's last."""
    earlier = CommitteeOrder.objects.filter(province=order.province, starts_on__lt=order.starts_on).exclude(pk=order.pk)
    before = earlier.order_by("-starts_on", "-pk").first()
    if before is None:
        return
    day = min(order.starts_on, before.ends_on or order.starts_on)
    still = [m for m in before.members.all() if m.starts_on <= day and (m.ends_on is None or m.ends_on >= day)]
    for place, member in enumerate(still, start=1):
        same = {name: getattr(member, name) for name in ("seat", "post", "office", "name", "user_id")}
        copied = CommitteeMember.objects.create(order=order, place=place, starts_on=order.starts_on, **same)
        _log_member(by, copied, "committee_member", None)


def _log(by: User, province: Province, verb: str, before: dict[str, Any] | None, after: dict[str, Any]) -> None:
    record_account_event(by=by, verb=verb, province=province, before=before, after=after)
