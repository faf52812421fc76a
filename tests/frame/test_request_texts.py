"""Texts that each answer needs and that are put together more cheaply than Django and django-csp do: token, policy."""

from __future__ import annotations

from collections import Counter

import pytest
from csp.middleware import CSPMiddleware
from django.http import HttpResponse
from django.middleware.csrf import _check_token_format, _does_token_match, get_token
from django.test import RequestFactory

from dgready.page_token import page_token
from dgready.policy_middleware import PolicyMiddleware
from dgready.random_letters import random_letters

HEADER = "Content-Security-Policy"


def test_letters_are_as_likely_as_one_another() -> None:
    found = Counter(random_letters("abc", 3000))
    assert set(found) == set("abc")
    assert min(found.values()) > 800
    assert len({random_letters("abcdefghij", 6) for _ in range(50)}) > 45


def test_token_is_one_for_a_page_and_django_takes_it() -> None:
    request = RequestFactory().get("/")
    first = page_token(request)  # nobody has a secret yet: Django makes one
    assert first == page_token(request)
    assert request.META["CSRF_COOKIE_NEEDS_UPDATE"]
    tokens = set()
    for _ in range(20):
        later = RequestFactory().get("/")
        later.META["CSRF_COOKIE"] = request.META["CSRF_COOKIE"]
        tokens.add(token := page_token(later))
        _check_token_format(token)
        assert later.META["CSRF_COOKIE_NEEDS_UPDATE"]
        assert _does_token_match(token, request.META["CSRF_COOKIE"])
        assert _does_token_match(token, later.META["CSRF_COOKIE"])
        assert not _does_token_match(token, "x" * 32)
        assert len(token) == len(get_token(later))
    assert len(tokens) == 20, "masked anew for each page"


@pytest.mark.parametrize("uses_nonce", [True, False])
@pytest.mark.parametrize("own", [None, {"_csp_update": {"img-src": ["https://x.example"]}}, {"_csp_exempt": True}])
def test_policy_is_that_of_django_csp(uses_nonce: bool, own: dict[str, object] | None) -> None:
    def policy(middleware: type[CSPMiddleware]) -> set[str] | None:
        def view(request: object) -> HttpResponse:
            response = HttpResponse()
            if uses_nonce:
                request.csp_nonce = "abc"  # type: ignore[attr-defined]
                request._csp_nonce = "abc"  # type: ignore[attr-defined]
            vars(response).update(own or {})
            return response

        answer = middleware(view)(RequestFactory().get("/"))
        return set(answer[HEADER].split("; ")) if HEADER in answer else None

    ours = policy(PolicyMiddleware)
    assert ours == policy(CSPMiddleware)
    assert ours is None or ("'nonce-abc'" in " ".join(ours)) == uses_nonce


def test_nonce_is_refused_once_the_policy_is_said() -> None:
    request = RequestFactory().get("/")
    PolicyMiddleware(lambda _request: HttpResponse())(request)
    with pytest.raises(Exception, match="not available"):
        str(request.csp_nonce)  # type: ignore[attr-defined]
