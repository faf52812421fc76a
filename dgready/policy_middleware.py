"""Middleware that tells browsers what our pages may do: the content security policy, as django-csp sets it but from a
text that is put together once, and what they may use of a device.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from csp.constants import HEADER
from csp.middleware import CheckableLazyObject, CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from dgready.browser_policy import PERMISSIONS_POLICY

_NONCE: Final = "\x00"  # stands where the nonce of an answer is to stand
# What decorators of django-csp write on a response that has a policy of its own, or none.
_OWN_POLICY: Final = frozenset(
    f"_csp_{name}{end}" for name in ("config", "update", "replace", "exempt") for end in ("", "_ro")
)


@cache
def _policy(with_nonce: bool) -> list[str]:
    """The policy of the settings, in pieces with the nonce between them."""
    return build_policy(nonce=_NONCE if with_nonce else None).split(_NONCE)


def _settings_ask_for_more() -> bool:
    """Whether the settings ask for what only django-csp's own middleware does."""
    policy = settings.CONTENT_SECURITY_POLICY
    return bool(settings.DEBUG or policy.keys() - {"DIRECTIVES"})


class PolicyMiddleware(CSPMiddleware):
    """The middleware of django-csp, which builds each policy for each answer; this one only where it must."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Set the headers. A nonce that nobody has used by now is refused afterwards."""
        response["Permissions-Policy"] = PERMISSIONS_POLICY
        if not vars(response).keys().isdisjoint(_OWN_POLICY) or _settings_ask_for_more():
            return super().process_response(request, response)
        nonce: str | None = getattr(request, "_csp_nonce", None)
        if HEADER not in response:
            response[HEADER] = (nonce or "").join(_policy(nonce is not None))
        if nonce is None:
            request.csp_nonce = CheckableLazyObject(self._csp_nonce_post_response)  # type: ignore[attr-defined]
        return response
