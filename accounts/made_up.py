"""Accounts made up for a demonstration or a simulated year: who they are, and that they cannot sign in elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info
from django.db import DatabaseError
from django.db.models import QuerySet

from accounts.models import AccountEvent, User

PLAYED: Final = "play"  # in the log of an account: it was made up for a simulated year
SAMPLE: Final = "sample"  # it belongs to the demonstration, whose password is on the sign-in page
LISTED: Final = 5


def made_up_users() -> QuerySet[User]:
    """The people who exist only for demonstrations and simulations."""
    return User.objects.filter(pk__in=AccountEvent.objects.filter(verb__in=(PLAYED, SAMPLE)).values("subject"))


def may_sign_in(user: User) -> bool:
    """Whether the account may sign in here: a made-up one only in a demonstration. One query outside of one."""
    return settings.DEMO or not made_up_users().filter(pk=user.pk).exists()


def check_made_up_accounts(app_configs: Any = None, **options: Any) -> Sequence[CheckMessage]:
    """Deployment check: made-up accounts that are open. They cannot sign in, but they do not belong here."""
    if settings.DEMO:
        return [Error("this is a demonstration: DGREADY_DEMO is set", id="accounts.E001")]
    try:
        found = list(made_up_users().filter(is_active=True).values_list("email", flat=True)[: LISTED + 1])
    except DatabaseError:
        return [Info("the database was not asked for made-up accounts: it does not answer", id="accounts.I001")]
    if not found:
        return []
    named = ", ".join(found[:LISTED]) + (" …" if len(found) > LISTED else "")
    hint = "they cannot sign in here; close them on their pages under People"
    return [Error(f"made-up accounts are open: {named}", hint=hint, id="accounts.E002")]
