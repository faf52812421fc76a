"""Every address with hostile parts and parameters: a refusal each time, never a fault of the server."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.urls import NoReverseMatch, reverse
from django.urls.converters import IntConverter

from tests.hostile.walk import (
    FEW_TEXTS,
    NUMBERS,
    SEGMENTS,
    noted_names,
    own_address,
    send,
    telling_texts,
    view_of,
    visitor,
)
from tests.matrix_urls import ROWS
from tests.matrix_world import World
from tests.people import People
from tests.test_matrix import patterns
from tests.walking import short_refusals

# Parameters that pages read; each page gets all of them at once.
MARK = 987_654_321  # stands where the number goes: no other part of an address has it
PARAMETERS = (
    "page", "next", "q", "text", "year", "state", "status", "kind", "code", "at", "after", "before", "from", "to",
    "open", "part", "pillar", "agency", "role", "region", "closed", "question", "event", "language", "compare", "s",
    "place", "field", "who", "verb", "first", "last", "target", "amount", "base", "reason", "only", "sort", "id",
)  # fmt: skip


def hostile_addresses(name: str, world: World) -> Iterator[str]:
    """The address with each of its arguments replaced in turn: by numbers out of range, or by raw segments."""
    given = ROWS[name].kwargs(world)
    own = own_address(world, name)
    for key, value in given.items():
        if isinstance(value, int) and not isinstance(value, bool):
            marked = reverse(name, kwargs={**given, key: MARK})
            yield from (marked.replace(str(MARK), number) for number in NUMBERS)
        for segment in SEGMENTS:
            yield own.replace(f"/{quote(str(value))}/", f"/{segment}/", 1)
        for text in FEW_TEXTS if isinstance(value, str) else ():
            try:
                yield reverse(name, kwargs={**given, key: text})
            except (NoReverseMatch, UnicodeEncodeError):
                continue


def telling(addresses: Iterator[str]) -> Iterator[str]:
    """Each address once; of those that lead to no view, which all end alike, the first."""
    seen, is_dead_end_told = set(), False
    for url in addresses:
        if url in seen:
            continue
        seen.add(url)
        if view_of(url):
            yield url
        elif not is_dead_end_told:
            is_dead_end_told = True
            yield url


def with_parameters(method: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each text, in all parameters."""
    for text in FEW_TEXTS if method == "get" else FEW_TEXTS[:1]:  # what is posted to refuses them all alike
        sent = text.encode("utf8", "replace").decode()
        yield sent, dict.fromkeys(PARAMETERS, sent)


def faults(name: str, world: World, own: str) -> Iterator[str]:
    """What answers 500, one line each."""
    client, method = visitor(world, name), ROWS[name].method
    for url in telling(hostile_addresses(name, world)):
        if send(client, method, url).status_code == 500:
            yield url
    for text, response in telling_texts(client, "get", own, with_parameters(method)):
        if response.status_code == 500:
            yield f"{own} with {text[:20]!r}"


@pytest.mark.slow
@pytest.mark.postgres  # which is stricter about what a text may hold
@pytest.mark.parametrize("name", sorted(ROWS))
def test_no_address_is_a_fault_of_the_server(name: str, people: People) -> None:
    world = World(people)
    own = own_address(world, name)
    usual = set(own.partition("?")[0].split("/"))
    with noted_names(), short_refusals(lambda path: frozenset(path.split("/")) - usual):
        assert list(faults(name, world, own)) == []


def test_numbers_in_addresses_fit_the_database() -> None:
    unbounded = [
        name
        for name, pattern in patterns()
        if any(type(converter) is IntConverter for converter in pattern.pattern.converters.values())
        or r"\d+" in str(pattern.pattern)
    ]
    assert unbounded == [], "use <number:…> (dgready/converters.py)"
