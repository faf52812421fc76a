"""Granting and revoking roles."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.access import may_grant_role
from accounts.actions.log import NotAllowed, RefusedError, record_account_event, role_assignment_values
from accounts.models import Agency, Membership, Province, User
from accounts.roles import AGENCY_ROLES, CENTRAL_ROLES, Role


def check_role_scope(role: Role, province: Province | None, agency: Agency | None) -> None:
    """Raise RefusedError unless the role fits the province and agency given."""
    if role in CENTRAL_ROLES and (province or agency):
        raise RefusedError(_("บทบาทส่วนกลางไม่ผูกกับจังหวัดหรือหน่วยงาน"))
    if role not in CENTRAL_ROLES and province is None:
        raise RefusedError(_("โปรดระบุจังหวัด"))
    if (role in AGENCY_ROLES) != (agency is not None):
        raise RefusedError(_("ผู้ประสานงานต้องระบุหน่วยงาน บทบาทอื่นไม่ต้องระบุ"))
    if agency is not None and (province is None or agency.province_id != province.pk):
        raise RefusedError(_("หน่วยงานนี้ไม่ได้อยู่ในจังหวัดที่เลือก"))
    if agency is not None and not agency.active:
        raise RefusedError(_("หน่วยงานนี้ปิดใช้งานแล้ว"))


def check_validity_period(valid_from: date | None, valid_to: date | None) -> None:
    """Raise RefusedError when the period ends before it begins."""
    if valid_from and valid_to and valid_from > valid_to:
        raise RefusedError(_("วันสิ้นสุดต้องไม่อยู่ก่อนวันเริ่มต้น"))


def check_may_grant(by: User | None, role: Role, province: Province | None, email: str) -> None:
    """Raise NotAllowed unless `by` may grant the role there, and not to themselves."""
    if by is None:
        return
    if by.email == email or not may_grant_role(by, role, province.pk if province else None):
        raise NotAllowed


@transaction.atomic
def grant_role(
    *,
    by: User | None,
    user: User,
    role: Role,
    province: Province | None = None,
    agency: Agency | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Membership:
    """Grant a role; raises NotAllowed or RefusedError."""
    check_may_grant(by, role, province, user.email)
    return _create_membership(by, "grant", user, role, province, agency, valid_from, valid_to)


@transaction.atomic
def grant_temporary_role(
    *, by: User, user: User, role: Role, province: Province, valid_from: date, valid_to: date
) -> Membership:
    """Grant a role for some days; the caller has checked its own rule (a delegation). Raises RefusedError."""
    if by.pk == user.pk:
        raise RefusedError(_("มอบให้ตนเองไม่ได้"))
    return _create_membership(by, "lend", user, role, province, None, valid_from, valid_to)


def _create_membership(
    by: User | None,
    verb: str,
    user: User,
    role: Role,
    province: Province | None,
    agency: Agency | None,
    valid_from: date | None,
    valid_to: date | None,
) -> Membership:
    check_role_scope(role, province, agency)
    check_validity_period(valid_from, valid_to)
    if not user.is_active:
        raise RefusedError(_("บัญชีนี้ปิดใช้งานอยู่"))
    membership = Membership(
        user=user, role=role, province=province, agency=agency, valid_from=valid_from, valid_to=valid_to
    )
    try:
        with transaction.atomic():
            membership.save()
    except IntegrityError as error:
        raise RefusedError(_("ผู้ใช้มีบทบาทนี้อยู่แล้ว")) from error
    record_account_event(by=by, verb=verb, subject=user, province=province, after=role_assignment_values(membership))
    user.forget_grants()
    return membership


@transaction.atomic
def revoke_role(*, by: User | None, membership: Membership) -> None:
    """Revoke a role; it stops counting with the next request. Raises NotAllowed or RefusedError."""
    check_may_grant(by, Role(membership.role), membership.province, membership.user.email)
    _end_membership(by, "revoke", membership)


@transaction.atomic
def end_temporary_role(*, by: User, membership: Membership) -> None:
    """End a role of `grant_temporary_role`; the caller has checked its own rule. Raises RefusedError."""
    _end_membership(by, "reclaim", membership)


def _end_membership(by: User | None, verb: str, membership: Membership) -> None:
    if not Membership.objects.filter(pk=membership.pk, active=True).update(active=False):
        raise RefusedError(_("บทบาทนี้ถูกยกเลิกไปแล้ว"))
    membership.active = False
    before = role_assignment_values(membership)
    record_account_event(by=by, verb=verb, subject=membership.user, province=membership.province, before=before)
    membership.user.forget_grants()
