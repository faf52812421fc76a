"""What of the form an agency sees and may answer."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.roles import Role
from survey import access
from survey.answering import actions as answers
from tests.assigned import Assigned
from tests.survey.contributing.test_parts import EVERYBODY


def may(world: Assigned, role: Role, place: str, item: str) -> bool:
    user = world.people.who(role, place)
    return access.may_edit_answer(user, world.contribution(), world.flow.question(item))


def test_an_agency_answers_what_is_its_own(world: Assigned) -> None:
    own = {q: may(world, Role.COORDINATOR, "a1", q) for q in ("T1", "T2", "T3", "T8", "T4", "T5.1", "T6", "T0.mail")}
    assert [q for q, yes in own.items() if yes] == ["T1", "T2", "T3", "T8"]
    for role, place in EVERYBODY:
        if (role, place) != (Role.COORDINATOR, "a1"):
            assert not may(world, role, place, "T1"), (role, place)


def test_a_part_that_is_handed_in_stays_as_it_is(world: Assigned) -> None:
    world.submitted()
    assert not may(world, Role.COORDINATOR, "a1", "T1")
    assert may(world, Role.COORDINATOR, "a1", "T8")
    with pytest.raises(answers.NotEditable):
        world.answer("T2", {"T2": ["never"]})
    world.move("return", reason="ปีใด")
    assert may(world, Role.COORDINATOR, "a1", "T1")
    world.answer("T2", {"T2": ["never"]})
    world.move("decline", reason="ไม่ใช่")
    assert not may(world, Role.COORDINATOR, "a1", "T1")


def test_the_form_shows_what_is_assigned(world: Assigned, client: Client) -> None:
    client.force_login(world.coordinator)
    response = world.contribution()
    assert client.get(f"/r/{response.pk}/")["Location"].endswith("/fill/1.1/")
    page = client.get(f"/r/{response.pk}/fill/2.1/").content.decode()
    assert 'id="q:T8"' in page
    assert 'id="q:T6"' not in page
    assert "/fill/cover/" not in page
    told = client.get(f"/r/{response.pk}/fill/1.2.1/").content.decode()
    assert 'id="q:T4"' in told
    assert '<fieldset class="bare" disabled>' in told
    everything = client.get(f"/r/{response.pk}/fill/2.1/?all=1").content.decode()
    assert 'id="q:T6"' in everything
    assert "/fill/cover/?all=1" in everything
    assert everything.count("ข้อนี้ไม่ได้มอบหมายให้หน่วยงาน") == 1
    assert "ข้อนี้ไม่ได้มอบหมายให้หน่วยงาน" not in page
    empty = client.get(f"/r/{response.pk}/fill/cover/").content.decode()
    assert "หน้านี้ไม่มีข้อที่มอบหมาย" in empty
    assert client.get(f"/r/{response.pk}/nav/1.1/").content.decode().count("/fill/") == 4


def test_the_page_of_a_contribution_costs_few_queries(
    world: Assigned, client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(world.coordinator)
    response = world.contribution()
    client.get(f"/r/{response.pk}/fill/1.1/")
    with django_assert_max_num_queries(12):
        client.get(f"/r/{response.pk}/fill/1.1/")
