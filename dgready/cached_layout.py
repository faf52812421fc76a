"""The frame of a much used page, kept: header, menu, trail and tabs change with the reader, not with every request.

Django renders the template once with marks in the places that do change; a request only fills them.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from dgready.context import page_variables
from dgready.lru_cache import LruCache

_SLOT_PATTERN = re.compile("\x00([a-z_]+)\x00")

_layout_cache: LruCache[list[str]] = LruCache(256)


def render_with_cached_layout(
    request: HttpRequest,
    template: str,
    *,
    key: Hashable,
    slots: Mapping[str, str],
    context: Mapping[str, Any],
    status: int = 200,
) -> HttpResponse:
    """The page, its frame from what this process keeps under `key` and the language.

    `slots`: variables of the template that differ from request to request, as HTML; a template shows them as
    they are, without tags or filters. `key` names everything else that the template shows, `context` included.
    """
    if get_messages(request):
        return HttpResponse(render_to_string(template, {**context, **_as_safe_strings(slots)}, request), status=status)
    filled = {**slots, **{name: str(value) for name, value in _request_slots(request).items()}}

    def make() -> list[str]:
        marks = {name: SafeString(f"\x00{name}\x00") for name in filled}
        return _SLOT_PATTERN.split(render_to_string(template, {**context, **marks}, request))

    parts = _layout_cache.get((template, get_language(), key), make)
    # Every second part is the name of a slot.
    return HttpResponse("".join(filled[p] if n % 2 else p for n, p in enumerate(parts)), status=status)


def _as_safe_strings(slots: Mapping[str, str]) -> dict[str, SafeString]:
    return {name: SafeString(html) for name, html in slots.items()}


def _request_slots(request: HttpRequest) -> dict[str, Any]:
    given = page_variables(request)
    return {"csrf_token": get_token(request), **{name: given[name] for name in ("csp_nonce", "here", "here_quoted")}}
