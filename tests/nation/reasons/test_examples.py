"""Examples: picked from what is on the path, published as the centre words them, with the original kept."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from nation.models import PickedExample
from nation.reasons.example_rows import example_items
from nation.reasons.queries import read_picked_examples
from tests.nation.many_provinces import Values, make_provinces
from tests.people import People
from tests.trial import TRIAL, form

YEAR = 2570


def course(number: int) -> Values:
    name = f"หลักสูตรที่ {number} ติดต่อ nai@example.go.th"
    return {"T6": {"T6": ["r1", "r2"], "T6#r1/T6.name": name, "T6#r1/T6.form": "room"}}


@pytest.fixture
def central(people: People, client: Client) -> Client:
    client.force_login(people.who(Role.CENTRAL_ADMIN))
    return client


def test_contacts_and_inner_fields_are_not_offered() -> None:
    items = example_items(form(TRIAL))
    assert "T6" in items
    assert "T2.1" in items
    assert not {"T0.mail", "T0.phone", "T6.name", "T1.1", "T5.2"} & items.keys()


def test_a_picked_row_is_published_as_worded_and_its_original_kept(central: Client) -> None:
    [response] = make_provinces(1, course)
    assert "หลักสูตรที่ 0" in central.get(reverse("nation:examples-of", args=[YEAR, "T6"])).content.decode()
    url = reverse("nation:example-pick", args=[YEAR, "T6", response.pk]) + "?row=T6%23r1"
    assert "nai@example.go.th" in central.get(url).content.decode()
    refused = central.post(url, {"text": "หลักสูตรที่ 0 ติดต่อ nai@example.go.th"})
    assert refused.status_code == 422
    assert central.post(url, {"text": "หลักสูตรที่ 0"}).status_code == 302
    assert {key: [t.th for t in texts] for key, texts in read_picked_examples(YEAR).items()} == {
        "repeats.T6": ["หลักสูตรที่ 0"]
    }
    assert "nai@example.go.th" in PickedExample.objects.get().original


def test_an_example_is_taken_back_and_put_back(central: Client) -> None:
    [response] = make_provinces(1, course)
    url = reverse("nation:example-pick", args=[YEAR, "T6", response.pk]) + "?row=T6%23r1"
    central.post(url, {"text": "หลักสูตร"})
    example = PickedExample.objects.get()
    dropped = central.post(reverse("nation:example-drop", args=[YEAR, "T6", example.pk]))
    assert read_picked_examples(YEAR) == {}
    restore = reverse("nation:example-restore", args=[YEAR, "T6", example.pk])
    assert restore in central.get(dropped["Location"]).content.decode()
    central.post(restore)
    assert len(read_picked_examples(YEAR)) == 1


def test_rows_that_are_not_there_cannot_be_picked(central: Client) -> None:
    [response] = make_provinces(1, course)
    for query in ("", "?row=T6%23r2", "?row=T0.mail"):  # r2 says nothing
        assert central.get(reverse("nation:example-pick", args=[YEAR, "T6", response.pk]) + query).status_code == 404


def test_pages_cost_the_same_with_one_three_and_76_provinces(central: Client) -> None:
    urls = [reverse("nation:examples", args=[YEAR]), reverse("nation:examples-of", args=[YEAR, "T6"])]
    counts = []
    for more in (1, 2, 73):
        make_provinces(more, course)
        central.get(urls[0])  # the form is compiled once
        asked = []
        for url in urls:
            with CaptureQueriesContext(connection) as queries:
                html = central.get(url).content
            asked.append(len(queries))
            assert len(html) < 150_000
        counts.append(asked)
    assert counts[0] == counts[1] == counts[2]
    assert max(counts[2]) <= 10
