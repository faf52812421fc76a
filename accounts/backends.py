"""Authentication backend that loads the user of a session together with their grants, in one query."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from accounts.made_up import may_sign_in
from accounts.models import Grant, Membership, User
from accounts.roles import ROLE_CAPABILITIES, Role
from dgready.arrival import deadline_day
from dgready.prepared_queries import PreparedQuery

# Every signed-in request makes this query: only the columns every page needs; dates are compared in Python.
_MEMBERSHIPS_OF_USER = PreparedQuery(
    Membership.objects.filter(active=True)
    .select_related("user", "province", "agency")
    .only(
        "role",
        "valid_from",
        "valid_to",
        "agency__active",
        "province__code",
        *(
            f"user__{field}"
            for field in (
                "password",
                "email",
                "first_name",
                "last_name",
                "language",
                "is_active",
                "session_epoch",
                "last_login",
            )
        ),
    )
    .order_by(),
    "user_id",
)


class Backend(ModelBackend):
    """Django's model backend; the user of a session comes with their grants."""

    def authenticate(self, request: HttpRequest | None, *args: Any, **credentials: Any) -> User | None:
        """The user with that password; nobody where the account is made up and this is no demonstration."""
        user = super().authenticate(request, *args, **credentials)
        if not isinstance(user, User):
            return None
        if may_sign_in(user):
            return user
        if request is not None:
            request.META[_SAMPLE_REFUSED] = True
        return None

    def get_user(self, user_id: int) -> User | None:
        """The user with their grants, or None when the account is deactivated."""
        memberships = _MEMBERSHIPS_OF_USER.all(user_id)
        if not memberships:
            return super().get_user(user_id)
        user = memberships[0].user
        user.__dict__["grants"] = tuple(_grant_of(membership) for membership in memberships if _is_current(membership))
        return user if self.user_can_authenticate(user) else None


_SAMPLE_REFUSED = "dgready.sample_refused"


def was_sample_refused(request: HttpRequest) -> bool:
    """Whether this request gave the right password of a made-up account, which opens nothing here."""
    return _SAMPLE_REFUSED in request.META


# What login() notes in a session. A session of any backend that the settings do not list is nobody's.
BACKEND_PATH = f"{Backend.__module__}.{Backend.__qualname__}"


def _is_current(membership: Membership) -> bool:
    """The same rule in Python as MembershipQuerySet.current in SQL."""
    today = deadline_day()
    started = membership.valid_from is None or membership.valid_from <= today
    ended = membership.valid_to is not None and membership.valid_to < today
    return started and not ended and (membership.agency is None or membership.agency.active)


def _grant_of(membership: Membership) -> Grant:
    role = Role(membership.role)
    code = membership.province.code if membership.province else ""
    temporary = membership.valid_from is not None or membership.valid_to is not None
    return Grant(role, membership.province_id, membership.agency_id, ROLE_CAPABILITIES[role], code, temporary)
