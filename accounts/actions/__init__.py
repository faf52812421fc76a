"""Actions on users, roles, provinces and agencies: keyword-only, atomic, logged; `by=None` is the command line."""

from accounts.actions.invitations import accept_invitation, invite_user, resend_invitation, withdraw_invitation
from accounts.actions.log import FourEyesRefused, NotAllowed, RefusedError
from accounts.actions.memberships import end_temporary_role, grant_role, grant_temporary_role, revoke_role
from accounts.actions.people import (
    change_language,
    change_profile,
    deactivate_user,
    end_sessions_of,
    reactivate_user,
    record_password_change,
    verify_password,
)
from accounts.actions.places import (
    change_agency,
    change_department,
    change_province,
    create_agency,
    create_department,
    create_province,
    set_agency_active,
)
from accounts.actions.stand_ins import appoint_stand_in, end_stand_in, may_appoint_stand_in

__all__ = [
    "FourEyesRefused",
    "NotAllowed",
    "RefusedError",
    "accept_invitation",
    "appoint_stand_in",
    "change_agency",
    "change_department",
    "change_language",
    "change_profile",
    "change_province",
    "create_agency",
    "create_department",
    "create_province",
    "deactivate_user",
    "end_sessions_of",
    "end_stand_in",
    "end_temporary_role",
    "grant_role",
    "grant_temporary_role",
    "invite_user",
    "may_appoint_stand_in",
    "reactivate_user",
    "record_password_change",
    "resend_invitation",
    "revoke_role",
    "set_agency_active",
    "verify_password",
    "withdraw_invitation",
]
