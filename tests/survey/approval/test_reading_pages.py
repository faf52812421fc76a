"""Answers read as text, pillar by pillar; and days of a round that give way to what happened."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from survey.approval.actions import reopen_response
from survey.approval.round_days import is_approved, round_days
from survey.committee.endorsement import response_steps
from tests.flow import FULL, Flow

READERS = [Role.COMMITTEE, Role.GOVERNOR, Role.PROVINCE_ADMIN]


def read(flow: Flow, client: Client, role: Role, **query: str) -> str:
    client.force_login(flow.who(role))
    reply = client.get(reverse("survey:answers", args=[flow.response.pk]), query)
    assert reply.status_code == 200
    return unescape(reply.content.decode())


@pytest.mark.parametrize("role", READERS)
def test_readers_come_to_text_and_not_to_a_disabled_form(flow: Flow, client: Client, role: Role) -> None:
    client.force_login(flow.who(role))
    first = client.get(reverse("survey:response", args=[flow.response.pk]))
    assert first.headers["Location"] == reverse("survey:answers", args=[flow.response.pk])
    page = client.get(reverse("survey:fill", args=[flow.response.pk, "2.1"]), follow=True)
    assert page.redirect_chain[-1][0].endswith("?section=2.1")
    text = page.content.decode()
    assert "<fieldset" not in text
    assert 'id="q:T6"' in text
    assert client.get(reverse("survey:fill", args=[flow.response.pk, "zz"])).status_code == 404


def test_who_answers_keeps_the_form(flow: Flow, client: Client) -> None:
    client.force_login(flow.secretariat)
    assert client.get(reverse("survey:fill", args=[flow.response.pk, "2.1"])).status_code == 200


def test_a_pillar_opens_whole_with_answers_evidence_and_ways_on(flow: Flow, client: Client) -> None:
    flow.fill()
    flow.prove(marked=False, name="หลักสูตรปี.pdf")
    text = read(flow, client, Role.GOVERNOR, pillar="2")
    main = text.split("<main")[1].split("</main>")[0]
    assert "<details" not in main
    for words in ("หลักสูตรตัวอย่าง", "หลักสูตรปี.pdf", "ยังไม่ทำเครื่องหมาย"):
        assert words in main
    assert reverse("evidence:slot", args=[flow.response.pk, "T6"]) in main
    assert 'id="T6#r1/T6.name"' in main
    assert 'id="e:T6#r1"' in main
    assert "ยังไม่มีงบประมาณ" not in main  # an answer of pillar 1
    first = read(flow, client, Role.GOVERNOR, pillar="1")
    assert "ยังไม่มีงบประมาณ" in first
    assert "ไม่ต้องตอบข้อนี้" in first
    assert 'href="?pillar=2"' in first


def test_sections_of_no_pillar_and_strange_pillars(flow: Flow, client: Client) -> None:
    assert "office@example.org" not in read(flow, client, Role.COMMITTEE, pillar="1")
    flow.save("T0.mail", FULL["T0.mail"])
    assert "office@example.org" in read(flow, client, Role.COMMITTEE)
    assert "office@example.org" in read(flow, client, Role.COMMITTEE, pillar="zz", section="zz")


def test_reading_asks_few_queries(flow: Flow, client: Client, django_assert_max_num_queries: Any) -> None:
    flow.fill()
    read(flow, client, Role.GOVERNOR)
    with django_assert_max_num_queries(10):
        client.get(reverse("survey:answers", args=[flow.response.pk]), {"pillar": "2"})


def names(flow: Flow) -> list[str]:
    flow.response.refresh_from_db()
    return [day.name for day in round_days(flow.round, response_steps(flow.response))]


def test_facts_take_the_place_of_planned_days(flow: Flow) -> None:
    assert names(flow) == ["opens_on", "agency_due", "committee_on"]
    flow.approve()
    days = round_days(flow.round, response_steps(flow.response))
    assert [d.name for d in days if d.happened][-2:] == ["submit", "approve"]
    assert is_approved(days)


def test_a_step_that_was_taken_back_did_not_happen(flow: Flow) -> None:
    flow.approve()
    reopen_response(by=flow.governor, response=flow.response, reason="พบข้อผิดพลาด")
    assert names(flow) == ["opens_on", "agency_due", "committee_on"]


def test_a_round_that_is_not_open_yet_opens_on_its_day(flow: Flow) -> None:
    day = flow.round.opens_on - timedelta(days=1)
    assert not round_days(flow.round, [], day)[0].happened
