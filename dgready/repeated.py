"""Pieces of a page that come many times, as rows and tiles do: the template is rendered once, then filled for each.

The template stays an ordinary one. What differs in each row stands in it as plain `{{ name }}` (a slot), without tags
or filters; what only some rows have is asked by `{% if flag %}`. Every combination of flags is rendered once per
language and kept. The whole request of the centre's desk (76 tiles, 25 rows) went from 17 to 13 ms of CPU by this and
by asking for the time zone once.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from html import escape
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from dgready.lru_cache import LruCache

_MARK: Final = re.compile("\x00([a-z_]+)\x00")
NO_FLAGS: Final[Mapping[str, Hashable]] = {}
_kept: Final[LruCache[list[str]]] = LruCache(512)


class RepeatedTemplate:
    """A template for the pieces of one page, in the language of the request that makes it.

    A template that shows a slot through a filter would show the filtered mark: a test renders each both ways.
    """

    def __init__(self, template: str) -> None:
        self._template, self._language = template, get_language()

    def render(self, slots: Mapping[str, Any], flags: Mapping[str, Hashable] = NO_FLAGS) -> str:
        """One piece of the page. `slots`: texts, escaped here; `flags`: all else the template shows or asks for."""
        key = (self._template, self._language, *flags.items())
        parts = _kept.get(key, lambda: _render_with_marks(self._template, slots, flags)).copy()
        # Every second part is the name of a slot.
        parts[1::2] = [escape(str(slots[name])) for name in parts[1::2]]
        return "".join(parts)


def _render_with_marks(template: str, slots: Mapping[str, Any], flags: Mapping[str, Hashable]) -> list[str]:
    marks = {name: SafeString(f"\x00{name}\x00") for name in slots}
    return _MARK.split(render_to_string(template, {**flags, **marks}))
