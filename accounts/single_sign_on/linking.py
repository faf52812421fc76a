"""Whose account an identity of the sign-in service is: linked before, or by its verified e-mail address."""

from __future__ import annotations

from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from accounts.actions.log import record_account_event
from accounts.made_up import may_sign_in
from accounts.models import Invitation, User
from accounts.models.people import clean_email


@transaction.atomic
def find_or_link_account(*, provider: str, uid: str, email: str) -> User | None:
    """The account of an identity, if it may sign in; one with the verified address `email` is linked to it, once.

    No account is made. Who has another identity linked already is not linked to a second one.
    """
    linked = SocialAccount.objects.select_related("user").filter(provider=provider, uid=uid).first()
    if linked is not None:
        return linked.user if linked.user.is_active and may_sign_in(linked.user) else None
    user = User.objects.select_for_update().filter(email=clean_email(email), is_active=True).first() if email else None
    if user is None or not may_sign_in(user) or SocialAccount.objects.filter(user=user, provider=provider).exists():
        return None
    SocialAccount.objects.create(user=user, provider=provider, uid=uid, extra_data={})
    record_account_event(by=user, verb="single_sign_on_link", subject=user, after={"identity": uid})
    return user


def find_invitation_of(email: str) -> Invitation | None:
    """The newest open invitation to a verified address that has no account yet."""
    if not email or User.objects.filter(email=clean_email(email)).exists():
        return None
    invitations = Invitation.objects.filter(email=clean_email(email), used_at=None, withdrawn_at=None).order_by("-pk")
    return next((invitation for invitation in invitations if invitation.is_open), None)
