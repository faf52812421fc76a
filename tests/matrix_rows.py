"""The rows of the table of tests/matrix_urls.py: who is to be let in at an address, and how it is asked for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from accounts.roles import Capability as C  # noqa: N817
from tests.matrix_world import World

Arguments = Callable[[World], dict[str, Any]]


def no_arguments(world: World) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Row:
    """What test_matrix asks for and whom it expects to be let in."""

    admits: Callable[[World, User], bool]
    kwargs: Arguments = no_arguments
    public: bool = False
    method: str = "get"
    query: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    by_token: bool = False
    unless: Callable[[World, User], bool] | None = None

    def lets_in(self, world: World, user: User) -> bool:
        """Whether the signed-in person is to be let in."""
        return self.public or (self.admits(world, user) and not (self.unless and self.unless(world, user)))


def everybody(kwargs: Arguments = no_arguments, **more: Any) -> Row:
    return Row(lambda w, u: True, kwargs, public=True, **more)


def by_token(kwargs: Arguments = no_arguments) -> Row:
    return Row(lambda w, u: False, kwargs, by_token=True)


def signed_in(kwargs: Arguments = no_arguments, **more: Any) -> Row:
    return Row(lambda w, u: True, kwargs, **more)


def anywhere(cap: C, kwargs: Arguments = no_arguments, **more: Any) -> Row:
    return Row(lambda w, u: u.has(cap), kwargs, **more)


def central(cap: C, kwargs: Arguments = no_arguments, **more: Any) -> Row:
    def admits(world: World, user: User) -> bool:
        return any(grant.province_id is None and cap in grant.capabilities for grant in user.grants)

    return Row(admits, kwargs, **more)


def province(cap: C, kwargs: Arguments = no_arguments, **more: Any) -> Row:
    return Row(lambda w, u: u.has(cap, province_id=w.people.a.pk), kwargs, **more)


def agency(cap: C, kwargs: Arguments = no_arguments, **more: Any) -> Row:
    def admits(world: World, user: User) -> bool:
        return user.has(cap, province_id=world.people.a.pk, agency_id=world.people.a1.pk)

    return Row(admits, kwargs, **more)
