"""Kinds of events of the security log, and the verbs of the account log that each holds. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class EventKind(StrEnum):
    """What an administrator asks the log for."""

    SIGN_IN = "sign_in"
    REFUSED = "refused"
    SECOND_FACTOR = "second_factor"
    PAGES = "pages"
    ROLES = "roles"
    INVITATIONS = "invitations"
    ACCOUNTS = "accounts"
    TOKENS = "tokens"
    EXPORTS = "exports"
    KEEPING = "keeping"


VERBS: Final[Mapping[EventKind, tuple[str, ...]]] = {
    EventKind.SIGN_IN: ("sign_in", "sign_out", "end_session", "end_other_sessions", "single_sign_on_link"),
    EventKind.REFUSED: (
        "sign_in_refused",
        "sign_in_wait",
        "sign_in_sample",
        "single_sign_on_refused",
        "second_factor_locked",
        "events_dropped",
    ),
    EventKind.SECOND_FACTOR: (
        "second_factor_add",
        "second_factor_again",
        "second_factor_codes",
        "second_factor_recovery",
        "second_factor_remove",
        "second_factor_reset",
        "second_factor_wrong",
    ),
    EventKind.PAGES: ("page_refused", "api_refused"),
    EventKind.ROLES: ("grant", "revoke", "lend", "reclaim", "stand_in", "delegate", "delegate_end"),
    EventKind.INVITATIONS: ("invite", "invite_again", "withdraw_invitation", "accept_invitation", "join"),
    EventKind.ACCOUNTS: ("deactivate", "reactivate", "change_password", "reset_password", "play", "sample"),
    EventKind.TOKENS: ("api_token", "api_token_revoke", "calendar_address", "calendar_address_revoke"),
    EventKind.EXPORTS: ("export_file", "download_file", "export_log"),
    EventKind.KEEPING: ("forget_addresses",),
}
SECURITY_VERBS: Final = tuple(verb for verbs in VERBS.values() for verb in verbs)
# What happens every day and changes no account: pages about one person's account leave it out.
DAILY_VERBS: Final = (
    *("sign_in", "sign_out", "sign_in_refused", "sign_in_wait", "sign_in_sample", "single_sign_on_refused"),
    *("second_factor_again", "second_factor_wrong", "page_refused", "api_refused", "events_dropped"),
    *VERBS[EventKind.EXPORTS],
)
