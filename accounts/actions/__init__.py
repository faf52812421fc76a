"""Every change to people, places and roles. Keyword-only, atomic, logged; `by=None` is the command line."""

from accounts.actions.invitations import accept_invitation, invite, send_again, withdraw_invitation
from accounts.actions.log import NotAllowed, RefusedError
from accounts.actions.memberships import grant, lend, revoke, take_back
from accounts.actions.people import (
    change_language,
    change_profile,
    confirm_password,
    deactivate,
    log_password_change,
    reactivate,
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
    "confirm_password",
    "create_agency",
    "create_province",
    "deactivate",
    "grant",
    "invite",
    "lend",
    "log_password_change",
    "reactivate",
    "revoke",
    "send_again",
    "set_agency_active",
    "take_back",
    "withdraw_invitation",
]
