"""What both walks share: hostile values, the forms of a page with all their fields, requests that leave nothing."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from unittest.mock import patch
from urllib.parse import unquote, urlsplit

import django.core.handlers.wsgi
import django.http.request
from django.db import transaction
from django.http import HttpResponseBase, QueryDict
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from accounts.models import User
from tests.matrix_urls import ROWS
from tests.matrix_world import World
from tests.test_matrix import signed_in
from tests.walking import unwatched_templates

TEXTS = (
    "",
    "\x00",
    "a\x00b",
    "abc",
    "-1",
    "9" * 40,
    str(2**63),
    "1e999",
    "NaN",
    "-0.0",
    "٣",
    "31/12/9999",
    "1/1/0001",
    "29/2/2570",
    "0001-01-01",
    "๙๙๙๙-๙๙-๙๙",
    "<script>alert(1)</script>",
    "{{7*7}}{% x %}",
    "'\"; --",
    "../../etc/passwd",
    "http://[::1",
    "http://" + "a" * 3000,
    "a" * 70_000,
    "ก\u0e48\u0e48\u0e48\u202e\ufeff",
    "[1,2",
    '{"a":1}',
)
# Of every kind one, where the whole list would take too long.
FEW_TEXTS = ("a\x00b", "abc", "9" * 40, "NaN", "1/1/0001", "http://[::1", "{{7*7}}{% x %}", "ก\u0e48\u202e")
NUMBERS = ("0", str(2**63), "9" * 40)
SEGMENTS = ("%00", "a%00b", "%2e%2e", "9" * 300, "%F0%9F%92%A3", "%ED%A0%80", "ก", "'", "{{7}}")


@dataclass
class PostedForm:
    """A form of a page: where it goes, and its fields with the values a browser would send untouched."""

    method: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)


class FormFields(HTMLParser):
    """Reads the forms of a page with every field and named button."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PostedForm] = []
        self._open: PostedForm | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = PostedForm(given.get("method", "get").lower(), given.get("action", ""))
            self.forms.append(self._open)
        elif self._open is not None and tag in ("input", "select", "textarea", "button") and given.get("name"):
            if given.get("type") == "file":
                self._open.files.append(given["name"])
            else:
                self._open.fields.setdefault(given["name"], given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None


def visitor(world: World, name: str) -> Client:
    """A browser of somebody whom the table lets in."""
    user: User | None = next((user for _name, user in world.people.everyone() if ROWS[name].lets_in(world, user)), None)
    client = signed_in(user) if user else Client()
    client.raise_request_exception = False
    return client


def own_address(world: World, name: str) -> str:
    """The address of the page with its own arguments."""
    row = ROWS[name]
    return reverse(name, kwargs=row.kwargs(world)) + row.query


def view_of(url: str) -> str | None:
    """The name of the view that an address leads to, if it is one of the project's."""
    try:
        return resolve(unquote(urlsplit(url).path)).view_name
    except Resolver404:
        return None


class NotedNames(QueryDict):
    """Parameters of a request that note which of their names a view reads; "" stands for all of them."""

    def __init__(self, *args: Any, **named: Any) -> None:
        self.read: set[str] = set()
        super().__init__(*args, **named)

    def _note(self, name: str) -> None:
        if not self._mutable:  # while they are made, nobody reads them
            self.read.add(name)

    def __getitem__(self, key: str) -> Any:
        self._note(key)
        return super().__getitem__(key)

    def _getlist(self, key: str, *args: Any, **named: Any) -> Any:
        self._note(key)
        return super()._getlist(key, *args, **named)  # type: ignore[misc]

    def __contains__(self, key: object) -> bool:
        self._note(str(key))
        return super().__contains__(key)

    def __iter__(self) -> Iterator[str]:
        self._note("")
        return super().__iter__()

    def lists(self) -> Any:
        """All of them: what copies and encodings are made of."""
        self._note("")
        return super().lists()


@contextmanager
def noted_names() -> Iterator[None]:
    """Requests have parameters of that kind, wherever Django makes them; nobody keeps what templates are given."""
    with ExitStack() as stack:
        for module in (django.http, django.http.request, django.core.handlers.wsgi):
            stack.enter_context(patch.object(module, "QueryDict", NotedNames))
        stack.enter_context(unwatched_templates())
        yield


def send(client: Client, method: str, url: str, data: Any = None) -> HttpResponseBase:
    """One request whose changes are undone; what it raises comes back as a 500."""
    with transaction.atomic():
        response = getattr(client, method)(url, data or {})
        if response.streaming:
            response.getvalue()
        transaction.set_rollback(True)
    return response


def has_read(response: HttpResponseBase, method: str, names: frozenset[str]) -> bool:
    """Whether what was made of one of the names may be in the answer: its value was read, or the body as a whole."""
    request = response.wsgi_request  # type: ignore[attr-defined]
    given = vars(request).get("GET" if method == "get" else "_post")
    if given is None:
        return method != "get" and (request._read_started or hasattr(request, "_body"))
    # A library puts parameters of its own in their place.
    return not isinstance(given, NotedNames) or "" in given.read or not names.isdisjoint(given.read)


def telling_texts(
    client: Client, method: str, url: str, filled: Iterator[tuple[str, Mapping[str, str]]]
) -> Iterator[tuple[str, HttpResponseBase]]:
    """The answers to the texts, each with its text. `filled`: a text and the fields, some of which hold it.

    Where an answer came without a look at any field that held the text, another text in them would change nothing.
    """
    unread: set[Hashable] = set()
    for text, data in filled:
        holding = frozenset(name for name, value in data.items() if value == text)
        if (holding, len(data)) in unread:
            continue
        response = send(client, method, url, data)
        if not has_read(response, method, holding):
            unread.add((holding, len(data)))
        yield text, response


def forms_of(response: HttpResponseBase) -> Iterator[PostedForm]:
    """The forms of a page; none of anything else."""
    if response.status_code == 200 and response.headers.get("Content-Type", "").startswith("text/html"):
        reader = FormFields()
        reader.feed(response.content.decode())
        yield from reader.forms
