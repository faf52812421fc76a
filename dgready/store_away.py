"""What a page says while the store of files does not answer: come again, with nothing lost that was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from dgready.page_owner import typed_lines
from dgready.stale_page import StalePage, tell_stale_page

RETRY_SECONDS: Final = 10  # after which a page's script asks again by itself


class StoreAwayError(ConnectionError):
    """The store does not answer, or as many threads as may are waiting for it. Nothing was changed there."""


def store_away_text() -> str:
    """For a person whose file was not taken."""
    return _("คลังไฟล์ยังไม่ตอบ ไฟล์นี้จึงยังไม่ได้แนบ โปรดแนบอีกครั้งในอีกสักครู่")


def ask_to_retry(response: HttpResponse) -> HttpResponse:
    """The response as 503, with the time after which to ask again."""
    response.status_code = 503
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


class StoreAway:
    """Middleware: where a view did not say it better, a page tells that the store does not answer, and shows what was
    typed into a form.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page with 503 for StoreAwayError; with 409 for StalePage, which is told in the same way."""
        if isinstance(exception, StalePage):
            return tell_stale_page(request)
        if not isinstance(exception, StoreAwayError):
            return None
        lines = list(typed_lines(request)) if request.method == "POST" else []
        return ask_to_retry(render(request, "503.html", {"status": 503, "lines": lines}))
