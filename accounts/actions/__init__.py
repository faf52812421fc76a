"""Every change to people, places and roles. Keyword-only, atomic, logged; `by=None` is the command line."""

from accounts.actions.invitations import accept_invitation, invite_user, resend_invitation, withdraw_invitation
from accounts.actions.log import NotAllowed, RefusedError
from accounts.actions.memberships import end_temporary_role, grant_role, grant_temporary_role, revoke_role
from accounts.actions.people import (
    change_language,
    change_profile,
    deactivate_user,
    reactivate_user,
    record_password_change,
    verify_password,
)
from accounts.actions.places import (
    change_agency,
    change_province,
    create_agency,
    create_province,
    set_agency_active,
)

__all__ = [
    "NotAllowed",
    "RefusedError",
    "accept_invitation",
    "change_agency",
    "change_language",
    "change_profile",
    "change_province",
    "verify_password",
    "create_agency",
    "create_province",
    "deactivate_user",
    "grant_role",
    "invite_user",
    "grant_temporary_role",
    "record_password_change",
    "reactivate_user",
    "revoke_role",
    "resend_invitation",
    "set_agency_active",
    "end_temporary_role",
    "withdraw_invitation",
]
