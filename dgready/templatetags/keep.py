"""`{% keep rows year=round.year %} … {% endkeep %}`: HTML made once and shown as long as nothing it shows has changed.

The block sees the values it names and nothing else of the page, so these values and the reader's language are all that
its HTML depends on, and they are its key: nothing is ever stale, and nobody sees what was made for another. Values are
compared by what they hold (pickled: a changed row differs, and safe text from other text, 1 from True, 1.0 from 1.00);
one that cannot be, as a function cannot, is refused. So is a block that asks for a name of the page it does not list.
A block must not read the clock: give it the day. A value may be `LazyValues`: its state is compared, and what the block
shows is made only when the block is. What read the database while it was made is not kept. Tokens of forms and the
nonce are filled in at each request.
"""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from hashlib import blake2b
from io import BytesIO
from operator import attrgetter
from typing import Any, Final

from django import template
from django.db import connection
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, Variable, token_kwargs
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from dgready.lazy_values import LazyValues
from dgready.lru_cache import LruCache
from dgready.templatetags.page_owner import OWNED_TOKEN_SLOT, OwnedTokenNode

register = template.Library()

KEPT_PARTS: Final = 256  # of all pages and readers of a process, each some ten kilobytes
_kept: Final[LruCache[list[str]]] = LruCache(KEPT_PARTS)
_MARK: Final = re.compile("\x00([a-z_]+)\x00")


def _of_page(name: str) -> Callable[[Context], str]:
    return lambda page: str(page.get(name, ""))


# What a block may show of its request without naming it, and how it is filled in.
_SLOTS: Final[Mapping[str, Callable[[Context], str]]] = {
    **{name: _of_page(name) for name in ("csrf_token", "csp_nonce", "here", "here_quoted")},
    OWNED_TOKEN_SLOT: OwnedTokenNode().render,
}
_MARKS: Final = {name: SafeString(f"\x00{name}\x00") for name in _SLOTS}


class MadeOf:
    """A value that a block compares by what it was made of, in place of all that it holds. `digest`: of that."""

    digest: bytes

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.digest,)


def digest_of(values: object) -> bytes:
    """A digest of values, equal when they are. Raises what pickle raises."""
    written = BytesIO()
    _Pickler(written, pickle.HIGHEST_PROTOCOL).dump(values)
    return blake2b(written.getbuffer(), digest_size=32).digest()


class _Pickler(pickle.Pickler):
    """Writes frozen dataclasses with slots by one call for each: they pickle themselves by ten of Python."""

    def reducer_override(self, obj: Any) -> Any:
        """As pickle asks."""
        kind = type(obj)
        if kind not in _fields_of:
            _fields_of[kind] = _read_fields_of(kind)
        read = _fields_of[kind]
        return NotImplemented if read is None else (kind, read(obj))


_fields_of: Final[dict[type, Callable[[Any], tuple[Any, ...]] | None]] = {}


def _read_fields_of(kind: type) -> Callable[[Any], tuple[Any, ...]] | None:
    """What reads the fields of such a dataclass; None for any other class."""
    if not is_dataclass(kind) or "__slots__" not in vars(kind) or kind.__reduce__ is not object.__reduce__:
        return None
    if getattr(kind.__getstate__, "__module__", "") != "dataclasses":
        return None
    names = [field.name for field in fields(kind)]
    if len(names) == 1:
        return lambda obj: (getattr(obj, names[0]),)
    return attrgetter(*names) if names else lambda obj: ()


class UnnamedValue(Exception):
    """A kept block asks for something of its page that it does not name: a fault of the template."""


class _NotKept(Exception):
    """A block read the database while it was made: what it read is not in its key, so its HTML is shown only once."""

    def __init__(self, parts: list[str]) -> None:
        super().__init__()
        self.parts = parts


class _PartContext(Context):
    """What a block sees. Raises UnnamedValue for a name that only its page has."""

    def __init__(self, values: Mapping[str, Any], page: Context) -> None:
        self._page = page
        super().__init__({**_MARKS, **values}, autoescape=page.autoescape)
        self.template = page.template

    def __getitem__(self, key: int | str | Node) -> Any:
        try:
            return super().__getitem__(key)
        except KeyError:
            self._refuse(key)
            raise

    def get(self, key: int | str | Node, otherwise: Any = None) -> Any:
        """As of any context."""
        if key not in self:
            self._refuse(key)
        return super().get(key, otherwise)

    def _refuse(self, key: int | str | Node) -> None:
        if key in self._page:
            raise UnnamedValue(f"the kept block does not name {key!r}")


class KeepNode(Node):
    """A kept block: the values it names, and its template."""

    def __init__(self, values: Mapping[str, FilterExpression], nodelist: NodeList) -> None:
        self._values, self.nodelist = values, nodelist

    def render(self, context: Context) -> SafeString:
        """The block's HTML, kept by its values. Raises UnnamedValue, and what pickle raises."""
        values = {name: value.resolve(context) for name, value in self._values.items() if _is_known(value, context)}
        lazy = [values.pop(name) for name, value in [*values.items()] if isinstance(value, LazyValues)]
        # Pickle also tells which objects are one and the same: where that is chance, the block is made once more.
        states = [one.state for one in lazy]
        key = None if None in states else (self, get_language(), digest_of(values), *states)

        def make() -> list[str]:
            return self._make(lazy, values, context)

        try:
            parts = _kept.get(key, make)
        except _NotKept as made:
            parts = made.parts
        slots = {name: _SLOTS[name](context) for name in set(parts[1::2])}  # a list has a token in every row
        # Every second part is the name of a slot.
        return mark_safe("".join([slots[part] if index % 2 else part for index, part in enumerate(parts)]))

    def _make(self, lazy: Sequence[LazyValues], values: Mapping[str, Any], page: Context) -> list[str]:
        assert page.template is not None  # it is being rendered
        statements: list[str] = []

        def note(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
            statements.append(sql)
            return execute(sql, *more)

        with connection.execute_wrapper(note):
            part = _PartContext({**values, **{name: one for each in lazy for name, one in each.make().items()}}, page)
            with part.render_context.push_state(page.template):
                parts = _MARK.split(self.nodelist.render(part))
        if statements:
            raise _NotKept(parts)
        return parts


def _is_known(value: FilterExpression, context: Context) -> bool:
    """Whether the page has the name a value begins with; one it lacks the block lacks too, and shows as nothing."""
    lookups = value.var.lookups if isinstance(value.var, Variable) else None
    return lookups is None or lookups[0] in context


@register.tag
def keep(parser: Parser, token: Token) -> KeepNode:
    """Reads names and `name=value` up to `{% endkeep %}`."""
    values: dict[str, FilterExpression] = {}
    for word in token.split_contents()[1:]:
        named = token_kwargs([word], parser)
        values |= named or {word: parser.compile_filter(word)}
    nodelist = parser.parse(("endkeep",))
    parser.delete_first_token()
    return KeepNode(values, nodelist)
