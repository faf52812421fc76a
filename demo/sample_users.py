"""The sample users by role."""

from __future__ import annotations

from collections.abc import Iterator

from accounts.models import Agency, Province, User
from accounts.roles import Role
from demo.sample_file import SampleData


def users_with_role(data: SampleData, role: Role) -> list[User]:
    """The sample users with a role, the oldest first."""
    emails = [row["email"] for row in data["users"] if row["role"] == role]
    return list(User.objects.filter(email__in=emails).order_by("pk"))


def user_with_role(data: SampleData, role: Role) -> User:
    """The first sample user with a role."""
    return users_with_role(data, role)[0]


def coordinators(data: SampleData, province: Province) -> Iterator[tuple[User, Agency]]:
    """The coordinators, each with their agency."""
    for row in data["users"]:
        if "agency" in row:
            yield User.objects.get(email=row["email"]), province.agencies.get(code=row["agency"])
