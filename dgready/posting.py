"""Addresses that only take posts: a GET (reload, language switch, an address typed again) leads to their page."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
PageOf = Callable[..., str]


def post_only(page: str | PageOf, *names: str) -> Callable[[View], View]:
    """View decorator: only POST reaches the view, GET and HEAD are redirected to the page its form stands on.

    `page` is the name of a URL, with the view's arguments named in `names`; or a function of request and arguments.
    The page checks by itself who may open it.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def posted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            if request.method not in ("GET", "HEAD"):
                return HttpResponseNotAllowed(["POST"])
            if callable(page):
                return HttpResponseRedirect(page(request, **kwargs))
            return HttpResponseRedirect(reverse(page, kwargs={name: kwargs[name] for name in names}))

        return posted  # type: ignore[return-value]

    return decorate
