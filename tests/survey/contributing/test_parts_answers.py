"""What an agency may answer: its own questions and parts of questions, while they are not handed in."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.roles import Role
from survey.models import Answer
from tests.assigned import Assigned


@pytest.fixture
def a2(world: Assigned, client: Client) -> Client:
    client.force_login(world.people.who(Role.COORDINATOR, "a2"))
    return client


def test_of_a_question_in_parts_only_the_own_part_is_saved(world: Assigned, a2: Client) -> None:
    response = world.contribution(world.people.a2)
    url = f"/r/{response.pk}/answer/T6/"
    row = {"T6": ["r1"], "T6#r1/T6.rounds": ["r1"]}
    inner = "T6#r1/T6.rounds#r1/T6.seats"
    posted = {**row, "T6#r1/T6.name": "ของหน่วยงานอื่น", inner: "30", "_revision": "0"}
    assert a2.post(url, posted).status_code == 303
    saved = Answer.objects.get(response=response)
    assert saved.value[inner] == "30"
    assert "T6#r1/T6.name" not in saved.value
    Answer.objects.filter(pk=saved.pk).update(value={**saved.value, "T6#r1/T6.name": "เดิม"})
    a2.post(url, {**posted, "T6#r1/T6.name": "ใหม่", inner: "40", "_revision": "1"})
    saved.refresh_from_db()
    assert (saved.value["T6#r1/T6.name"], saved.value[inner]) == ("เดิม", "40")


def test_the_page_saves_only_what_is_assigned(world: Assigned, a2: Client) -> None:
    response = world.contribution(world.people.a2)
    for question in ("T1", "T8", "T0.mail"):
        refused = a2.post(f"/r/{response.pk}/answer/{question}/", {question: "no", "_revision": "0"})
        assert refused.status_code == 403
    assert not Answer.objects.filter(response=response).exists()
    assert a2.post(f"/r/{world.contribution().pk}/answer/T1/", {"T1": "none"}).status_code == 404
