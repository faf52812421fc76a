"""The mark every view carries: public, or the capabilities that let people in. What bears none is refused.

The frame knows no roles: a capability is a word, and who holds it is asked of the signed-in person.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, Protocol, TypeVar

from django.http import HttpRequest, HttpResponseBase

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
ACCESS_RULE_ATTRIBUTE: Final = "dgready_access"


class CapabilityHolder(Protocol):
    """A signed-in person, as far as the mark of a view asks."""

    def has(self, cap: Any) -> bool:
        """Whether the person holds the capability somewhere."""


@dataclass(frozen=True, slots=True)
class AccessRule:
    """The mark on a view: open to everybody, or to people who hold one of the capabilities somewhere."""

    capabilities: frozenset[str]
    is_public: bool = False

    def admits(self, user: CapabilityHolder) -> bool:
        """Whether a signed-in person may enter the view at all; the object decides the rest."""
        return self.is_public or any(user.has(cap) for cap in self.capabilities)


def _with_access_rule(view: View, access: AccessRule) -> View:
    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    # functools.wraps of further decorators copies __dict__, so the mark survives them.
    setattr(marked, ACCESS_RULE_ATTRIBUTE, access)
    return marked  # type: ignore[return-value]


def allow(*capabilities: str) -> Callable[[View], View]:
    """Let people in who hold any of `capabilities` somewhere; DenyByDefault does the refusing."""
    if not capabilities:
        raise ValueError("name at least one capability")
    access = AccessRule(frozenset(capabilities))

    def decorate(view: View) -> View:
        return _with_access_rule(view, access)

    return decorate


def public(view: View) -> View:
    """Let everybody in, signed in or not."""
    return _with_access_rule(view, AccessRule(frozenset(), is_public=True))


def access_rule_of(view: Callable[..., Any]) -> AccessRule | None:
    """The mark a view carries, if any."""
    return getattr(view, ACCESS_RULE_ATTRIBUTE, None)
