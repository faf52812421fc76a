"""Granting and revoking roles."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.access import may_grant_role
from accounts.actions.log import (
    FourEyesRefused,
    NotAllowed,
    RefusedError,
    membership_values,
    record_account_event,
)
from accounts.models import Agency, Membership, Province, User
from accounts.respondents import RespondentKind, respondent_words, role_label
from accounts.roles import AGENCY_ROLES, CENTRAL_ROLES, Role
from accounts.separation import conflicting_invitations, conflicting_roles


def check_role_scope(role: Role, province: Province | None, agency: Agency | None) -> None:
    """Raise RefusedError unless the role fits the province and agency given."""
    if role in CENTRAL_ROLES and (province or agency):
        raise RefusedError(_("บทบาทส่วนกลางไม่ผูกกับจังหวัดหรือหน่วยงาน"))
    if role not in CENTRAL_ROLES and province is None:
        raise RefusedError(_("โปรดระบุจังหวัดหรือส่วนราชการ"))
    if (role in AGENCY_ROLES) != (agency is not None):
        raise RefusedError(_("ผู้ประสานงานต้องระบุหน่วยงาน บทบาทอื่นไม่ต้องระบุ"))
    if agency is not None and (province is None or agency.province_id != province.pk):
        raise RefusedError(_("หน่วยงานนี้ไม่ได้อยู่ในที่ที่เลือก"))
    if agency is not None and not agency.active:
        raise RefusedError(_("หน่วยงานนี้ปิดใช้งานแล้ว"))


def check_validity_period(valid_from: date | None, valid_to: date | None) -> None:
    """Raise RefusedError when the period ends before it begins."""
    if valid_from and valid_to and valid_from > valid_to:
        raise RefusedError(_("วันสิ้นสุดต้องไม่อยู่ก่อนวันเริ่มต้น"))


def kind_of(province: Province | None) -> str:
    """The kind of the respondent a role is held in; a central role is called as in provinces."""
    return province.kind if province else RespondentKind.PROVINCE


def check_may_grant(by: User | None, role: Role, province: Province | None, email: str) -> None:
    """Raise NotAllowed unless `by` may grant the role there, and not to themselves."""
    if by is None:
        return
    if by.email == email or not may_grant_role(by, role, province.pk if province else None):
        raise NotAllowed


def check_four_eyes(
    user: User, role: Role, province: Province | None, valid_from: date | None, valid_to: date | None
) -> None:
    """Raise FourEyesRefused when the person's other roles and this one would write and approve the same answer."""
    held = conflicting_roles(user, role, province, valid_from, valid_to)
    if held:
        words = {
            "person": user.get_full_name(),
            "held": held[0].role_label,
            "role": role_label(role, kind_of(province)),
            **respondent_words(kind_of(province)),
        }
        raise FourEyesRefused(
            _(
                "%(person)s มีบทบาท “%(held)s” ใน%(own)sนี้อยู่ จึงเป็น “%(role)s” ด้วยไม่ได้ "
                "เพราะผู้กรอกหรือเสนอคำตอบต้องไม่ใช่ผู้อนุมัติ ให้บทบาทนี้แก่ผู้อื่น หรือยกเลิกบทบาทเดิมก่อน"
            )
            % words
        )


def check_four_eyes_of_address(
    email: str, role: Role, province: Province | None, valid_from: date | None, valid_to: date | None
) -> None:
    """Raise FourEyesRefused when the roles and open invitations of an address and this one would break four eyes."""
    user = User.objects.filter(email=email).first()
    if user is not None:
        check_four_eyes(user, role, province, valid_from, valid_to)
    offered = conflicting_invitations(email, role, province, valid_from, valid_to)
    if offered:
        kind = kind_of(province)
        words = {
            "email": email,
            "held": offered[0].role_label,
            "role": role_label(role, kind),
            **respondent_words(kind),
        }
        raise FourEyesRefused(
            _(
                "%(email)s มีคำเชิญเป็น “%(held)s” ของ%(own)sนี้รออยู่ จึงเชิญเป็น “%(role)s” ด้วยไม่ได้ "
                "เพราะผู้กรอกหรือเสนอคำตอบต้องไม่ใช่ผู้อนุมัติ ถอนคำเชิญเดิมก่อน"
            )
            % words
        )


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
    return create_membership(by, "grant", user, role, province, agency, valid_from, valid_to)


@transaction.atomic
def grant_temporary_role(
    *, by: User, user: User, role: Role, province: Province, valid_from: date, valid_to: date
) -> Membership:
    """Grant a role for some days; the caller has checked its own rule (a delegation). Raises RefusedError."""
    if by.pk == user.pk:
        raise RefusedError(_("มอบให้ตนเองไม่ได้"))
    return create_membership(by, "lend", user, role, province, None, valid_from, valid_to)


def create_membership(
    by: User | None,
    verb: str,
    user: User,
    role: Role,
    province: Province | None,
    agency: Agency | None,
    valid_from: date | None,
    valid_to: date | None,
    *,
    stands_in_for: Membership | None = None,
) -> Membership:
    """Create a membership and log it under `verb`; the caller has checked who may. Raises RefusedError."""
    check_role_scope(role, province, agency)
    check_validity_period(valid_from, valid_to)
    if not user.is_active:
        raise RefusedError(_("บัญชีนี้ปิดใช้งานอยู่"))
    User.objects.select_for_update().only("pk").get(pk=user.pk)  # of two roles given at once the second sees the first
    check_four_eyes(user, role, province, valid_from, valid_to)
    membership = Membership(
        user=user,
        role=role,
        province=province,
        agency=agency,
        valid_from=valid_from,
        valid_to=valid_to,
        stands_in_for=stands_in_for,
    )
    try:
        with transaction.atomic():
            membership.save()
    except IntegrityError as error:
        raise RefusedError(_("ผู้ใช้มีบทบาทนี้อยู่แล้ว")) from error
    after = membership_values(membership)
    if stands_in_for is not None:
        after["stands_in_for"] = stands_in_for.user_id
    record_account_event(by=by, verb=verb, subject=user, province=province, after=after)
    user.forget_grants()
    return membership


@transaction.atomic
def revoke_role(*, by: User | None, membership: Membership) -> None:
    """Revoke a role; it stops counting with the next request. Raises NotAllowed or RefusedError."""
    check_may_grant(by, Role(membership.role), membership.province, membership.user.email)
    end_membership(by, membership)


@transaction.atomic
def end_temporary_role(*, by: User, membership: Membership) -> None:
    """End a role of `grant_temporary_role`; the caller has checked its own rule. Raises RefusedError."""
    end_membership(by, membership, verb="reclaim")


def end_membership(by: User | None, membership: Membership, *, verb: str = "revoke") -> None:
    """End a membership and log it under `verb`; the caller has checked who may. Raises RefusedError."""
    if not Membership.objects.filter(pk=membership.pk, active=True).update(active=False):
        raise RefusedError(_("บทบาทนี้ถูกยกเลิกไปแล้ว"))
    membership.active = False
    before = membership_values(membership)
    record_account_event(by=by, verb=verb, subject=membership.user, province=membership.province, before=before)
    membership.user.forget_grants()
