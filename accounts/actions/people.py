"""Changes to a user account: active or not, profile, language, password."""

from typing import Any

from axes.utils import reset as forget_failures
from django.contrib.auth import authenticate
from django.db import transaction
from django.db.models import F
from django.dispatch import Signal
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.access import may_manage_user
from accounts.actions.log import NotAllowed, RefusedError, field_values, record_account_event
from accounts.models import SignIn, User
from accounts.models.people import LANGUAGES
from accounts.post.letters import queue_closed_letter

renamed = Signal()  # sent with `user`, in the transaction of the new name, to who keeps names beside other things


@transaction.atomic
def _set_active(by: User | None, user: User, active: bool) -> None:
    if by is not None and not may_manage_user(by, user):
        raise NotAllowed
    # A new epoch also keeps sessions from before a deactivation dead after a reactivation.
    changed = User.objects.filter(pk=user.pk, is_active=not active).update(
        is_active=active, session_epoch=F("session_epoch") + 1
    )
    if not changed:
        raise RefusedError(_("สถานะของบัญชีเป็นเช่นนี้อยู่แล้ว"))
    user.refresh_from_db(fields=["is_active", "session_epoch"])
    verb = "reactivate" if active else "deactivate"
    before, after = {"is_active": not active}, {"is_active": active}
    event = record_account_event(by=by, verb=verb, subject=user, before=before, after=after)
    if not active:
        queue_closed_letter(user, event.pk)


def deactivate_user(*, by: User | None, user: User) -> None:
    """Deactivate the account; open sessions end with their next request. Raises NotAllowed or RefusedError."""
    _set_active(by, user, False)


def reactivate_user(*, by: User | None, user: User) -> None:
    """Reactivate a deactivated account, with the roles it had. Raises NotAllowed or RefusedError."""
    _set_active(by, user, True)


@transaction.atomic
def end_sessions_of(*, by: User | None, user: User) -> None:
    """Sign the person out everywhere with their next request; the account stays open. Raises NotAllowed."""
    if by is not None and not may_manage_user(by, user):
        raise NotAllowed
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    SignIn.objects.filter(user=user).delete()
    record_account_event(by=by, verb="end_sessions_of", subject=user)


@transaction.atomic
def _change_user(by: User | None, user: User, verb: str, after: dict[str, Any]) -> None:
    before = field_values(user, after)
    if before == after:
        return
    for field, value in after.items():
        setattr(user, field, value)
    user.save(update_fields=list(after))
    record_account_event(by=by, verb=verb, subject=user, before=before, after=after)
    if any(before.get(name) != after.get(name) for name in ("first_name", "last_name")):
        renamed.send(User, user=user)


def change_profile(*, by: User, user: User, first_name: str, last_name: str, language: str) -> None:
    """Change one's own name and language; raises NotAllowed for somebody else's."""
    if by.pk != user.pk:
        raise NotAllowed
    after = {"first_name": first_name, "last_name": last_name, "language": language}
    _change_user(by, user, "change_profile", after)


def change_language(*, by: User, user: User, language: str) -> None:
    """Change the language one reads and gets mail in; raises NotAllowed or RefusedError."""
    if by.pk != user.pk:
        raise NotAllowed
    if language not in dict(LANGUAGES):
        raise RefusedError(_("ไม่มีภาษานี้"))
    _change_user(by, user, "change_language", {"language": language})


def record_password_change(*, user: User, verb: str) -> None:
    """Log that a password was changed (never which) and reset the failed sign-ins of the old one."""
    record_account_event(by=user, verb=verb, subject=user)
    forget_failures(username=user.email)


def verify_password(user: User, raw: str, *, request: HttpRequest) -> bool:
    """Whether `raw` is the user's password. A wrong one counts towards the lockout of the sign-in page."""
    authenticated = authenticate(request, username=user.email, password=raw)
    if authenticated is None or authenticated.pk != user.pk:
        return False
    forget_failures(username=user.email)
    return True
