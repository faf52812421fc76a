"""Who a session belongs to, with what they may do: one query for both."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend
from django.utils import timezone

from accounts.models import Grant, Membership, User
from accounts.roles import ROLE_CAPABILITIES, Role
from dgready.prepared_queries import PreparedQuery

# Every signed-in request pays for this query: only what is asked on every page, dates compared here.
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
            f"user__{f}"
            for f in (
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
    """Django's own backend; the person of a session comes with their grants."""

    def get_user(self, user_id: int) -> User | None:
        """The person, unless the account is closed."""
        posts = _MEMBERSHIPS_OF_USER.all(user_id)
        if not posts:
            return super().get_user(user_id)
        user = posts[0].user
        user.__dict__["grants"] = tuple(_grant_of(post) for post in posts if _is_current(post))
        return user if self.user_can_authenticate(user) else None


# What login() notes in a session. A session of any backend that the settings do not list is nobody's.
BACKEND_PATH = f"{Backend.__module__}.{Backend.__qualname__}"


def _is_current(post: Membership) -> bool:
    """As MembershipQuerySet.current says it to the database."""
    today = timezone.localdate()
    begun = post.valid_from is None or post.valid_from <= today
    ended = post.valid_to is not None and post.valid_to < today
    return begun and not ended and (post.agency is None or post.agency.active)


def _grant_of(post: Membership) -> Grant:
    role = Role(post.role)
    code = post.province.code if post.province else ""
    return Grant(role, post.province_id, post.agency_id, ROLE_CAPABILITIES[role], code)
