"""The people of a province, to choose from in a form."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Membership, Province, User


def province_users(province: Province) -> QuerySet[User]:
    """The people with a role in a province, by name."""
    here = Membership.objects.filter(province=province, active=True, user__is_active=True)
    return User.objects.filter(pk__in=here.values("user")).order_by("first_name", "last_name", "email")


def person_label(user: User) -> str:
    """How a person is called in a list to choose from."""
    return f"{user.get_full_name()} ({user.email})"
