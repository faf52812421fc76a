"""Registry of the sample users that the sign-in page lists in a demonstration; the demo app registers them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings

from accounts.models import Membership


@dataclass(frozen=True, slots=True)
class SampleUsers:
    """The shared password of the sample users, and the function that reads their memberships."""

    password: str
    memberships: Callable[[], Sequence[Membership]]


_registered: list[SampleUsers] = []


def register_sample_users(password: str, memberships: Callable[[], Sequence[Membership]]) -> None:
    """Register the sample users of this installation; called once, when the apps are ready."""
    _registered[:] = [SampleUsers(password, memberships)]


def sample_sign_in_context() -> dict[str, object]:
    """Template context of the sample users: empty outside a demonstration (settings.DEMO). One query within."""
    if not settings.DEMO or not _registered:
        return {"samples": [], "sample_password": ""}
    users = _registered[0]
    return {"samples": users.memberships(), "sample_password": users.password}
