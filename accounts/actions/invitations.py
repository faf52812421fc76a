"""Invitations to a role: create, send again, withdraw, accept."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import may_grant_role
from accounts.actions.invitation_limits import check_limits, check_one_invitation, lock_place
from accounts.actions.log import (
    NotAllowed,
    RefusedError,
    membership_values,
    record_account_event,
    role_assignment_values,
)
from accounts.actions.memberships import (
    check_four_eyes,
    check_four_eyes_of_address,
    check_may_grant,
    check_role_scope,
    check_validity_period,
)
from accounts.actions.tokens import hash_token, new_token
from accounts.models import Agency, Invitation, Membership, Province, User
from accounts.models.people import clean_email
from accounts.post.letters import queue_invitation_letter
from accounts.roles import Role

INVITATION_LIFETIME = timedelta(days=settings.INVITATION_DAYS)


@transaction.atomic
def invite_user(
    *,
    by: User | None,
    email: str,
    role: Role,
    province: Province | None = None,
    agency: Agency | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    first_name: str = "",
    last_name: str = "",
    send: bool = True,
    of_list: bool = False,
) -> tuple[Invitation, str]:
    """Invite an e-mail address to a role; returns the invitation and its token. Raises NotAllowed or RefusedError.

    `of_list`: one of many, whose limits and open invitations were looked at together.
    """
    email = clean_email(email)
    check_may_grant(by, role, province, email)
    check_role_scope(role, province, agency)
    check_validity_period(valid_from, valid_to)
    _check_address(email, role, province, valid_from, valid_to)
    if not of_list:
        check_one_invitation(by=by, email=email, role=role, province=province, agency=agency)
    seed, token = new_token()
    names = {"first_name": first_name, "last_name": last_name}
    post: dict[str, Any] = {"role": role, "province": province, "agency": agency}
    invitation = Invitation.objects.create(
        **{**names, **post, "valid_from": valid_from, "valid_to": valid_to},
        email=email,
        token_hash=hash_token(token),
        token_seed=seed,
        by=by,
        expires_at=timezone.now() + INVITATION_LIFETIME,
    )
    record_account_event(by=by, verb="invite", province=province, after=_invitation_values(invitation))
    if send:
        queue_invitation_letter(invitation)
    return invitation, token


def _check_address(
    email: str, role: Role, province: Province | None, valid_from: date | None, valid_to: date | None
) -> None:
    """Raises RefusedError for the address of a closed account, or of who would both write and approve."""
    if User.objects.filter(email=email, is_active=False).exists():
        raise RefusedError(_("บัญชีของอีเมลนี้ปิดใช้งานอยู่"))
    check_four_eyes_of_address(email, role, province, valid_from, valid_to)


@transaction.atomic
def resend_invitation(*, by: User, invitation: Invitation) -> str:
    """Send a new link and return its token; the earlier link stops working. Raises NotAllowed or RefusedError."""
    role = Role(invitation.role)
    check_may_grant(by, role, invitation.province, invitation.email)
    owner = User.objects.filter(email=invitation.email).first()
    if owner is not None:
        check_four_eyes(owner, role, invitation.province, invitation.valid_from, invitation.valid_to)
    lock_place(invitation.province, by)
    check_limits(by=by, province=invitation.province, email=invitation.email)
    seed, token = new_token()
    changed = Invitation.objects.filter(pk=invitation.pk, used_at=None, withdrawn_at=None).update(
        token_hash=hash_token(token),
        token_seed=seed,
        expires_at=timezone.now() + INVITATION_LIFETIME,
        by=by,
        sent_at=None,
        to_be_sent=False,
    )
    if not changed:
        raise RefusedError(_("คำเชิญนี้ใช้ไม่ได้แล้ว"))
    invitation.refresh_from_db()
    after = _invitation_values(invitation)
    record_account_event(by=by, verb="invite_again", province=invitation.province, after=after)
    queue_invitation_letter(invitation)
    return token


@transaction.atomic
def withdraw_invitation(*, by: User, invitation: Invitation) -> None:
    """Withdraw an invitation: its link stops working. Raises NotAllowed or RefusedError."""
    check_may_grant(by, Role(invitation.role), invitation.province, invitation.email)
    now = timezone.now()
    if not Invitation.objects.filter(pk=invitation.pk, used_at=None, withdrawn_at=None).update(
        withdrawn_at=now, to_be_sent=False
    ):
        raise RefusedError(_("คำเชิญนี้ใช้ไม่ได้แล้ว"))
    before = _invitation_values(invitation)
    record_account_event(by=by, verb="withdraw_invitation", province=invitation.province, before=before)


def find_open_invitation(token: str) -> Invitation | None:
    """The open invitation of a token, or None: unused, not expired, and the inviter may still grant the role."""
    related = ("province", "agency", "by")
    invitation = Invitation.objects.select_related(*related).filter(token_hash=hash_token(token)).first()
    if invitation is None or not invitation.is_open or (invitation.agency and not invitation.agency.active):
        return None
    inviter = invitation.by
    if inviter is not None and not may_grant_role(inviter, Role(invitation.role), invitation.province_id):
        return None
    return invitation


@transaction.atomic
def accept_invitation(
    *, by: User | None, token: str, first_name: str = "", last_name: str = "", password: str = ""
) -> User:
    """Accept an invitation as the signed-in owner of the address, or create the account. Raises as invite_user."""
    invitation = find_open_invitation(token)
    now = timezone.now()
    if invitation is None or not Invitation.objects.filter(
        pk=invitation.pk, token_hash=hash_token(token), used_at=None, withdrawn_at=None, expires_at__gt=now
    ).update(used_at=now):
        raise RefusedError(_("คำเชิญนี้ใช้ไม่ได้แล้ว"))
    if by is not None and (by.email != invitation.email or not by.is_active):
        raise NotAllowed
    user = by or _create_invited_user(invitation, first_name, last_name, password)
    _create_membership(invitation, user)
    return user


def _create_invited_user(invitation: Invitation, first_name: str, last_name: str, password: str) -> User:
    try:
        with transaction.atomic():
            user = User.objects.create_user(invitation.email, password, first_name=first_name, last_name=last_name)
    except IntegrityError as error:
        # The link never sets the password of an account that exists: its owner signs in instead.
        raise RefusedError(_("อีเมลนี้มีบัญชีแล้ว โปรดเข้าสู่ระบบก่อนตอบรับคำเชิญ")) from error
    after = {"email": user.email, "first_name": first_name, "last_name": last_name}
    record_account_event(by=user, verb="join", subject=user, province=invitation.province, after=after)
    return user


def _create_membership(invitation: Invitation, user: User) -> None:
    User.objects.select_for_update().only("pk").get(pk=user.pk)
    dates = (invitation.valid_from, invitation.valid_to)
    check_four_eyes(user, Role(invitation.role), invitation.province, *dates)
    membership, created = Membership.objects.get_or_create(
        user=user,
        role=invitation.role,
        province=invitation.province,
        agency=invitation.agency,
        valid_from=invitation.valid_from,
        active=True,
        defaults={"valid_to": invitation.valid_to},
    )
    user.forget_grants()
    after = {"invitation": invitation.pk, "new": created, **membership_values(membership)}
    record_account_event(
        by=invitation.by, verb="accept_invitation", subject=user, province=invitation.province, after=after
    )


def _invitation_values(invitation: Invitation) -> dict[str, Any]:
    """An invitation as it is logged."""
    values = {"email": invitation.email, **role_assignment_values(invitation)}
    return {**values, "name": invitation.full_name} if invitation.full_name else values
