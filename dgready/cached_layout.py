"""Renders a frequent page from a cached layout: header, menu, breadcrumb and tabs change with the reader only.

Django renders the template once with markers in the places (slots) that change; a request only fills them.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from dgready.context import page_variables
from dgready.lru_cache import LruCache
from dgready.page_token import page_token

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
    """Render a page; its layout comes from the cache of this process, under template, language and `key`.

    `slots`: variables of the template that differ from request to request, as HTML; a template shows them as
    they are, without tags or filters. `key` names everything else that the template shows, `context` included.
    """
    if get_messages(request):
        return HttpResponse(render_to_string(template, {**context, **_as_safe_strings(slots)}, request), status=status)
    slot_values = {**slots, **{name: str(value) for name, value in _request_slots(request).items()}}

    def make() -> list[str]:
        markers = {name: SafeString(f"\x00{name}\x00") for name in slot_values}
        return _SLOT_PATTERN.split(render_to_string(template, {**context, **markers}, request))

    parts = _layout_cache.get((template, get_language(), key), make)
    # Every second part is the name of a slot.
    return HttpResponse(
        "".join(slot_values[part] if index % 2 else part for index, part in enumerate(parts)), status=status
    )


def _as_safe_strings(slots: Mapping[str, str]) -> dict[str, SafeString]:
    return {name: SafeString(html) for name, html in slots.items()}


def _request_slots(request: HttpRequest) -> dict[str, Any]:
    variables = page_variables(request)
    return {
        "csrf_token": page_token(request),
        **{name: variables[name] for name in ("csp_nonce", "here", "here_quoted")},
    }
