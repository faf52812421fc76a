"""The sample people that the sign-in page names in a demonstration; the demonstration offers them itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings

from accounts.models import Membership


@dataclass(frozen=True, slots=True)
class SamplePeople:
    """The password of all sample people, and how to read their memberships."""

    password: str
    memberships: Callable[[], Sequence[Membership]]


_offered: list[SamplePeople] = []


def offer_sample_people(password: str, memberships: Callable[[], Sequence[Membership]]) -> None:
    """Names the sample people of this installation; called once, when the apps are ready."""
    _offered[:] = [SamplePeople(password, memberships)]


def sample_sign_ins() -> dict[str, object]:
    """What the sign-in page shows of them: nothing outside a demonstration (settings.DEMO). One query within."""
    if not settings.DEMO or not _offered:
        return {"samples": [], "sample_password": ""}
    people = _offered[0]
    return {"samples": people.memberships(), "sample_password": people.password}
