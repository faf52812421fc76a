"""The coordinator's desk: what it shows, and the steps taken from it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.roles import Role
from survey.models import Assignment, Response
from survey.threads import actions as threads
from survey.threads.actions import ThreadSubject
from tests.assigned import Assigned
from tests.crowd import make_crowd
from tests.factories import MembershipFactory

S = Assignment.State


@pytest.fixture
def site(world: Assigned, client: Client) -> Client:
    client.force_login(world.coordinator)
    return client


def step(world: Assigned, name: str, part: Assignment | None = None) -> str:
    return f"{world.base}parts/{(part or world.part()).pk}/{name}/"


def reviewed(world: Assigned, site: Client, part: Assignment | None = None) -> dict[str, str]:
    """What the review page posts along."""
    text = site.get(step(world, "review", part)).content.decode()
    return {"reviewed": text.split('name="reviewed" value="')[1].split('"')[0]}


def test_the_desk_lists_own_parts_by_what_is_to_do(world: Assigned, site: Client) -> None:
    world.answer("T1", {"T1": "done"})
    text = site.get(world.base + "desk/").content.decode()
    assert "1.1 จุดบริการ" in text
    assert "ขาดหลักฐาน 1 จุด" in text
    assert "ตอบเฉพาะเมื่อมี" in text
    assert "ให้คำปรึกษา" in text
    assert "ระบบแจ้งซ่อม" not in text  # agency a2's
    world.due(-2)
    late = site.get(world.base + "desk/").content.decode()
    assert "เลยมา 2 วัน" in late


def test_what_level_five_needs_comes_from_the_scheme(world: Assigned, site: Client) -> None:
    text = site.get(world.base + "desk/").content.decode()
    assert "ระดับ 5 ต้องมีอะไร" in text


def test_a_part_names_its_documents_and_what_is_missing(world: Assigned, site: Client) -> None:
    world.answer("T2", {"T2": ["evening", "weekend"]})
    desk = site.get(world.base + "desk/").content.decode()
    assert "เอกสารที่ใช้เป็นหลักฐาน" in desk
    assert "ประกาศเวลาให้บริการ" in desk
    assert "ตอนนี้นับได้ 0 จาก 3 ช่วง ยังขาด 3 ช่วง (ตอบแล้วแต่ขาดหลักฐาน 2)" in desk
    site.force_login(world.secretariat)
    paper = site.get(world.base + "assignments/print/").content.decode()
    assert "ระดับ 5: เวลาเปิดนอกราชการ: อย่างน้อย 3 ช่วง" in paper
    assert "หลักฐานที่ใช้ได้: แผนที่ประกาศใช้แล้ว; รายงานการประชุมที่เห็นชอบแผน" in paper


def test_a_returned_part_says_why_and_open_remarks_stand_there(world: Assigned, site: Client) -> None:
    world.submitted()
    world.move("return", reason="ขอปีงบประมาณ")
    question = world.flow.question("T1")
    threads.start_thread(
        by=world.secretariat, response=world.contribution(), text="เปิดวันใด", about=ThreadSubject(question)
    )
    for url in (world.base + "desk/", f"/r/{world.contribution().pk}/fill/1.1/"):
        text = site.get(url).content.decode()
        assert "ขอปีงบประมาณ" in text
        assert "เปิดวันใด" in text
        assert "&lt;div" not in text


def test_a_part_is_opened_submitted_taken_back_and_declined(world: Assigned, site: Client) -> None:
    assert not Response.objects.filter(agency=world.people.a1).exists()
    opened = site.post(step(world, "open"))
    assert opened["Location"] == f"/r/{world.contribution().pk}/fill/1.1/#q:T1"
    early = site.post(step(world, "submit"), reviewed(world, site))
    assert early.status_code == 422
    assert "ยังไม่ได้ตอบข้อใดเลย" in early.content.decode()
    world.answer("T1", {"T1": "none", "T1.1": "เหตุผล"})
    done = site.post(step(world, "submit"), reviewed(world, site))
    assert done["Location"] == step(world, "done")
    assert site.post(step(world, "submit")).status_code == 409
    back = site.post(step(world, "withdraw"))
    assert back["Location"] == f"{world.base}desk/?agency=A1#part-{world.part().pk}"
    typed = {"reason": "", "suggested": "A2"}
    refused = site.post(step(world, "decline"), typed)
    assert refused.status_code == 422
    assert '<option value="A2" selected>' in refused.content.decode()
    assert site.post(step(world, "decline"), {**typed, "reason": "ไม่มีภารกิจ"}).status_code == 302
    part = world.part()
    assert (part.state, part.suggested) == (S.DECLINED, world.people.a2)


def test_the_desk_hands_nothing_in_by_itself(world: Assigned, site: Client) -> None:
    world.answer("T1", {"T1": "none", "T1.1": "เหตุผล"})
    text = site.get(world.base + "desk/").content.decode()
    assert step(world, "review") in text
    for name in ("submit", "nothing", "decline"):
        assert f"/{name}/" not in text


def test_what_is_missing_is_asked_only_of_the_own_parts(world: Assigned, site: Client) -> None:
    url = f"/r/{world.contribution().pk}/check/"
    text = site.get(url).content.decode()
    assert "#T1" in text
    for question in ("T0.mail", "T4", "T5.1", "T6", "T8"):  # nobody's, told of, others', only if there is something
        assert f"#{question}" not in text
    world.answer("T8", {"T8": "yes"})
    assert "#T8.1" in site.get(url).content.decode()
    world.answer("T1", {"T1": "doing"})
    world.move("submit")
    assert 'border">ส่งแล้ว</span>' in site.get(url).content.decode()
    world.move("withdraw")
    world.move("decline", reason="ไม่ใช่")
    assert "#T1" not in site.get(url).content.decode()


def test_of_a_part_only_its_own_fields_are_missing(world: Assigned, client: Client) -> None:
    client.force_login(world.people.who(Role.COORDINATOR, "a2"))
    response = world.contribution(world.people.a2)
    row = {"T6": ["r1"], "T6#r1/T6.rounds": ["r1"], "T6#r1/T6.rounds#r1/T6.came": "3"}
    world.answer("T6", row, world.people.a2)
    text = client.get(f"/r/{response.pk}/check/").content.decode()
    assert "#T5.1" in text
    assert "T6.seats" in text
    assert "T6.name" not in text


def test_the_round_says_how_much_each_agency_has_let_go_of(
    world: Assigned, client: Client, django_assert_max_num_queries: Any
) -> None:
    world.submitted()
    client.force_login(world.secretariat)
    client.get(world.base)
    with django_assert_max_num_queries(10):
        text = client.get(world.base).content.decode()
    assert "ส่งแล้ว 1 จาก 2 ส่วน" in text


def test_other_agencies_are_not_there(world: Assigned, site: Client) -> None:
    other = world.part(world.people.a2, "T5.1")
    for name in ("submit", "decline", "open", "accept", "hand-over"):
        assert site.post(step(world, name, other)).status_code == 404
    assert site.get(world.base + "desk/?agency=A2").status_code == 404
    assert site.get(f"/p/{world.people.b.code}/{world.round.year}/desk/").status_code == 404
    assert site.post(step(world, "accept")).status_code == 404


def test_somebody_for_two_agencies_picks_one(world: Assigned, site: Client) -> None:
    MembershipFactory(user=world.coordinator, agency=world.people.a2, role=Role.COORDINATOR)
    text = site.get(world.base + "desk/?agency=A2").content.decode()
    assert "ระบบแจ้งซ่อม" in text
    assert "?agency=A1" in text


def test_once_the_round_is_closed_nothing_is_offered(world: Assigned, site: Client) -> None:
    world.flow.close()
    text = site.get(world.base + "desk/").content.decode()
    assert "ปิดรอบแล้ว" in text
    assert "/submit/" not in text


@pytest.mark.slow
@pytest.mark.parametrize("agencies", [1, 30])
def test_the_desk_costs_the_same_however_much_there_is(
    db: None, client: Client, django_assert_max_num_queries: Any, agencies: int
) -> None:
    crowd = make_crowd(agencies)
    client.force_login(crowd.coordinator)
    client.get(crowd.base + "desk/")
    with django_assert_max_num_queries(13):
        page = client.get(crowd.base + "desk/")
    assert len(page.content) < 110_000
