"""Whoever is refused is told the right reason: by script and by plain form, for answers and for evidence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from survey.answering.edit_refusals import edit_refusal
from survey.models import Answer, Assignment, Response, Round
from tests.assigned import Assigned, make_assigned
from tests.people import People


@pytest.fixture
def world(people: People) -> Assigned:
    return make_assigned(people)


def close(world: Assigned) -> None:
    Round.objects.filter(pk=world.round.pk).update(closes_at=timezone.now() - timedelta(minutes=1))


def province_is(state: Response.State, late_until: int | None = None) -> Callable[[Assigned], None]:
    def act(world: Assigned) -> None:
        until = None if late_until is None else world.day(late_until)
        Response.objects.filter(pk=world.flow.response.pk).update(state=state, late_until=until)

    return act


def accept(world: Assigned) -> None:
    world.submitted()
    world.move("accept")


def part_is(state: Assignment.State) -> Callable[[Assigned], None]:
    return lambda world: Assignment.objects.filter(pk=world.part().pk).update(state=state) and None


# what happened, the question, what is said, what must not be said
AGENCY_CASES = [
    (close, "T1", "ปิดรอบแล้วเมื่อ", "มอบหมาย"),
    (close, "T5.1", "ปิดรอบแล้วเมื่อ", "มอบหมาย"),
    (province_is(Response.State.SUBMITTED), "T1", "เสนอผู้ว่าราชการจังหวัดแล้ว", "มอบหมาย"),
    (province_is(Response.State.APPROVED), "T1", "ผู้ว่าราชการจังหวัดอนุมัติแล้ว", "มอบหมาย"),
    (province_is(Response.State.ENDORSED), "T1", "คณะกรรมการเห็นชอบแล้ว", "มอบหมาย"),
    (province_is(Response.State.ENDORSED, -1), "T1", "พ้นวันสุดท้ายที่ให้เพิ่มเติม", "มอบหมาย"),
    (Assigned.submitted, "T1", "ส่งส่วนนี้แล้ว", "มอบหมาย"),
    (accept, "T1", "ฝ่ายเลขานุการรับส่วนนี้แล้ว", "มอบหมาย"),
    (part_is(Assignment.State.DECLINED), "T1", "แจ้งว่าไม่เกี่ยวข้อง", "มอบหมาย"),
    (lambda world: None, "T5.1", "ไม่ได้มอบหมายให้หน่วยงานของท่านตอบ", "ส่ง"),
    (lambda world: None, "T4", "มอบหมายให้อ่าน", "ส่งส่วน"),
]


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize(("act", "question", "said", "unsaid"), AGENCY_CASES)
def test_a_coordinator_is_told_why(
    world: Assigned,
    client: Client,
    act: Callable[[Assigned], object],
    question: str,
    said: str,
    unsaid: str,
    script: bool,
) -> None:
    response = world.contribution()
    act(world)
    before = Answer.objects.count()
    client.force_login(world.coordinator)
    headers = {"accept": "application/json"} if script else {}
    data = {"_revision": "0", question: "ช้าไป"}
    reply = client.post(f"/r/{response.pk}/answer/{question}/", data, headers=headers)
    assert reply.status_code == 403
    if script:
        text = reply.json()["refused"]
        assert unsaid not in text
    else:
        text = reply.content.decode()
    assert said in text
    assert Answer.objects.count() == before


PROVINCE_CASES = [
    (close, "ปิดรอบแล้วเมื่อ"),
    (province_is(Response.State.SUBMITTED), "เสนอผู้ว่าราชการจังหวัดแล้ว"),
    (province_is(Response.State.APPROVED), "ผู้ว่าราชการจังหวัดอนุมัติแล้ว"),
    (province_is(Response.State.ENDORSED, -1), "พ้นวันสุดท้ายที่ให้เพิ่มเติม"),
]


@pytest.mark.parametrize(("act", "said"), PROVINCE_CASES)
def test_the_secretariat_is_told_why(
    world: Assigned, client: Client, act: Callable[[Assigned], object], said: str
) -> None:
    act(world)
    client.force_login(world.secretariat)
    address = f"/r/{world.flow.response.pk}/answer/T1/"
    reply = client.post(address, {"_revision": "0", "T1": "none"}, headers={"accept": "application/json"})
    assert reply.status_code == 403
    assert said in reply.json()["refused"]


@pytest.mark.parametrize(("act", "said"), [(close, "ปิดรอบแล้วเมื่อ"), (Assigned.submitted, "ส่งส่วนนี้แล้ว")])
def test_evidence_is_refused_for_the_same_reason(
    world: Assigned, client: Client, act: Callable[[Assigned], object], said: str
) -> None:
    world.answer("T2", {"T2": ["evening"]})
    response = world.contribution()
    act(world)
    client.force_login(world.coordinator)
    reply = client.post(f"/r/{response.pk}/evidence/T2/?at=T2=evening", {"url": "https://example.org/"})
    assert reply.status_code == 409
    assert said in reply.content.decode()


def test_a_cause_that_has_passed_asks_to_try_again(world: Assigned) -> None:
    assert "ลองอีกครั้ง" in edit_refusal(world.contribution(), world.flow.question("T1"))
