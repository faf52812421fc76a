"""Every form of every page with hostile values in its fields: asked back or refused, never a fault of the server."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from itertools import islice
from urllib.parse import urljoin

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dgready.page_owner import OWNER_FIELD
from tests.hostile.walk import (
    TEXTS,
    PostedForm,
    forms_of,
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

MAX_FORMS = 8  # of one page: a list may name its rows in the fields of each row's form
FILES = (b"", b"PK\x03\x04broken", b"%PDF-1.7\x00", b"\xff\xd8\xff\xe0" * 9, b"a,b\n\x00,1\n")


def filled(form: PostedForm, text: str) -> dict[str, str]:
    """The form with one text in all of its fields, with every second text except those that say what it is about.

    Whose page it is stays true: what comes from another's page is refused before the view reads anything.
    """
    keep = {name: value for name, value in form.fields.items() if name.startswith(("_", "csrf")) or value}
    owner = {name: value for name, value in form.fields.items() if name == OWNER_FIELD}
    return {**dict.fromkeys(form.fields, text), **(keep if len(text) % 2 else owner)}


_walked: set[Hashable] = set()


def new_forms(forms: Iterable[PostedForm], page: str) -> Iterator[tuple[str, PostedForm]]:
    """The forms that this process has not walked yet, each with its address.

    The frame of a page has forms that are on every page, and cards of questions are alike.
    """
    for form in forms:
        url = urljoin(page, form.action)
        kind = (form.method, view_of(url), *sorted(form.fields), *form.files)
        if kind not in _walked:
            _walked.add(kind)
            yield url, form


def faults(name: str, world: World) -> Iterator[str]:
    """What answers 500, one line each."""
    own = own_address(world, name)
    client = visitor(world, name)
    for url, form in islice(new_forms(forms_of(send(client, "get", own)), own), MAX_FORMS):
        texts = ((text, filled(form, text)) for text in TEXTS)
        for text, response in telling_texts(client, form.method, url, texts):
            if response.status_code == 500:
                yield f"{form.method} {url} with {text[:20]!r}"
        for content in FILES if form.files else ():
            data = {**form.fields, **{field: SimpleUploadedFile("a.xlsx", content) for field in form.files}}
            if send(client, form.method, url, data).status_code == 500:
                yield f"{form.method} {url} with the file {content[:8]!r}"


@pytest.mark.slow
@pytest.mark.postgres  # which is stricter about what a text may hold
@pytest.mark.parametrize("name", sorted(name for name, row in ROWS.items() if row.method == "get"))
def test_no_field_is_a_fault_of_the_server(name: str, people: People) -> None:
    with noted_names():
        assert list(faults(name, World(people))) == []


@pytest.mark.postgres
def test_no_owner_of_a_page_is_a_fault_of_the_server(people: People) -> None:
    world = World(people)
    url, client = own_address(world, "accounts:profile"), visitor(world, "accounts:profile")
    form = next(form for form in forms_of(send(client, "get", url)) if OWNER_FIELD in form.fields)
    for text in TEXTS:
        data = {**form.fields, OWNER_FIELD: text}
        assert send(client, form.method, urljoin(url, form.action), data).status_code < 500, text[:20]
