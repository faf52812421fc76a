"""Stand-ins of coordinators on leave: a coordinator's role lent for some days, never more than the coordinator has."""

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.log import NotAllowed, RefusedError
from accounts.actions.memberships import check_validity_period, create_membership, end_membership
from accounts.models import Membership, User
from accounts.respondents import RespondentKind, respondent_words
from accounts.roles import Capability, Role

MAX_STAND_IN_DAYS = 366


def may_appoint_stand_in(by: User, membership: Membership) -> bool:
    """Whether the person may name who stands in for this coordinator: themselves, or who assigns in the province."""
    own = membership.user_id == by.pk
    return by.is_active and (own or by.has(Capability.ASSIGN, province_id=membership.province_id))


@transaction.atomic
def appoint_stand_in(*, by: User, membership: Membership, user: User, valid_from: date, valid_to: date) -> Membership:
    """Lend a coordinator's role in the agency to somebody of the province, both days included.

    It counts only while the coordinator's own does, and cannot be lent on. Raises NotAllowed or RefusedError.
    """
    stored = Membership.objects.select_for_update(of=("self",)).select_related("user", "province", "agency")
    locked = stored.get(pk=membership.pk)
    if not may_appoint_stand_in(by, locked):
        raise NotAllowed
    _check_lendable(locked, valid_from, valid_to)
    _check_stand_in(locked, user, valid_from, valid_to)
    if by.pk == user.pk:  # as with every role: nobody gives one to themselves
        raise RefusedError(_("มอบให้ตนเองไม่ได้"))
    return create_membership(
        by,
        "stand_in",
        user,
        Role.COORDINATOR,
        locked.province,
        locked.agency,
        valid_from,
        valid_to,
        stands_in_for=locked,
    )


@transaction.atomic
def end_stand_in(*, by: User, membership: Membership) -> None:
    """End a stand-in before its last day; it stops counting with the next request. Raises NotAllowed, RefusedError."""
    coordinator = membership.stands_in_for
    if coordinator is None or not may_appoint_stand_in(by, coordinator):
        raise NotAllowed
    end_membership(by, membership)


def _check_lendable(membership: Membership, valid_from: date, valid_to: date) -> None:
    if membership.role != Role.COORDINATOR or membership.stands_in_for_id is not None or not membership.active:
        raise RefusedError(_("ตั้งผู้ทำแทนได้เฉพาะของผู้ประสานงานตัวจริง"))
    check_validity_period(valid_from, valid_to)
    if valid_to < timezone.localdate():
        raise RefusedError(_("ช่วงวันที่ผ่านไปแล้ว"))
    if (valid_to - valid_from).days >= MAX_STAND_IN_DAYS:
        raise RefusedError(_("ตั้งผู้ทำแทนได้ครั้งละไม่เกิน 1 ปี"))
    first, last = membership.valid_from, membership.valid_to
    if (first and valid_from < first) or (last and valid_to > last):
        raise RefusedError(_("ช่วงวันที่เกินช่วงที่ผู้ประสานงานมีบทบาท"))


def _check_stand_in(membership: Membership, user: User, valid_from: date, valid_to: date) -> None:
    active = Membership.objects.filter(user=user, active=True)
    if not active.filter(province=membership.province_id).exists():
        words = respondent_words(membership.province.kind if membership.province else RespondentKind.PROVINCE)
        raise RefusedError(_("ผู้ทำแทนต้องเป็นผู้ใช้ของ%(own)sนี้") % words)
    overlapping = active.filter(
        Q(valid_from=None) | Q(valid_from__lte=valid_to),
        Q(valid_to=None) | Q(valid_to__gte=valid_from),
        agency=membership.agency_id,
    )
    if overlapping.exists():
        raise RefusedError(_("ผู้นี้เป็นผู้ประสานงานหรือผู้ทำแทนของหน่วยงานในช่วงวันนั้นอยู่แล้ว"))
