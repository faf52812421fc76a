"""The sample people that the sign-in page names in a demonstration; the demonstration offers them itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings

from accounts.models import Membership


@dataclass(frozen=True, slots=True)
class SampleUsers:
    """The password of all sample people, and how to read their memberships."""

    password: str
    memberships: Callable[[], Sequence[Membership]]


_registered: list[SampleUsers] = []


def register_sample_users(password: str, memberships: Callable[[], Sequence[Membership]]) -> None:
    """Names the sample people of this installation; called once, when the apps are ready."""
    _registered[:] = [SampleUsers(password, memberships)]


def sample_sign_in_context() -> dict[str, object]:
    """What the sign-in page shows of them: nothing outside a demonstration (settings.DEMO). One query within."""
    if not settings.DEMO or not _registered:
        return {"samples": [], "sample_password": ""}
    people = _registered[0]
    return {"samples": people.memberships(), "sample_password": people.password}
