"""Access rules of views: each view is public or names capabilities; a view without a rule is refused.

This package knows no roles: a capability is a string, and the signed-in user is asked whether they hold it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, Protocol, TypeVar

from django.http import HttpRequest, HttpResponseBase

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
ACCESS_RULE_ATTRIBUTE: Final = "dgready_access"


class CapabilityHolder(Protocol):
    """A signed-in user, as far as an access rule asks."""

    def has(self, cap: Any) -> bool:
        """Whether the person holds the capability somewhere."""


@dataclass(frozen=True, slots=True)
class AccessRule:
    """Access rule of a view: open to everybody, or to users who hold one of the capabilities anywhere."""

    capabilities: frozenset[str]
    is_public: bool = False

    def admits(self, user: CapabilityHolder) -> bool:
        """Whether a signed-in user may enter the view at all; the object is checked when it is fetched."""
        return self.is_public or any(user.has(cap) for cap in self.capabilities)


def _with_access_rule(view: View, access: AccessRule) -> View:
    @wraps(view)
    def with_rule(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    # functools.wraps of further decorators copies __dict__, so the rule survives them.
    setattr(with_rule, ACCESS_RULE_ATTRIBUTE, access)
    return with_rule  # type: ignore[return-value]


def allow(*capabilities: str) -> Callable[[View], View]:
    """View decorator: admit users who hold any of `capabilities` anywhere. Enforced by the DenyByDefault middleware."""
    if not capabilities:
        raise ValueError("name at least one capability")
    access = AccessRule(frozenset(capabilities))

    def decorate(view: View) -> View:
        return _with_access_rule(view, access)

    return decorate


def public(view: View) -> View:
    """View decorator: admit everybody, signed in or not."""
    return _with_access_rule(view, AccessRule(frozenset(), is_public=True))


def access_rule_of(view: Callable[..., Any]) -> AccessRule | None:
    """The access rule of a view, or None."""
    return getattr(view, ACCESS_RULE_ATTRIBUTE, None)
