"""Middleware of Django that does only what a request asks for: languages without addresses of their own, messages."""

from __future__ import annotations

from typing import Final

from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.messages.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject, empty

_MESSAGES: Final = "_messages"  # where Django's own functions look for them


class ReaderLocale(LocaleMiddleware):
    """The reader's language by cookie or browser; no address of ours names a language, so none is searched for one."""

    def process_request(self, request: HttpRequest) -> None:
        """Speak the reader's language."""
        translation.activate(translation.get_language_from_request(request))
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Say which language the answer is in, and that it depends on the browser's."""
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language())
        return response


class LazyMessages(MessageMiddleware):
    """Messages that are looked up when a page shows them or a view adds one: a save does neither."""

    def process_request(self, request: HttpRequest) -> None:
        """Have them at hand."""
        setattr(request, _MESSAGES, SimpleLazyObject(lambda: default_storage(request)))

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Keep those that were added and not shown."""
        if getattr(getattr(request, _MESSAGES, None), "_wrapped", None) is empty:
            return response
        return super().process_response(request, response)
