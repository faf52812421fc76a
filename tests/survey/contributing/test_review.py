"""Handing in goes through a review page, which shows what is about to be handed in; then says what happens next."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.roles import Role
from survey.models import Assignment, Event, Response
from survey.threads import actions as threads
from survey.threads.actions import ThreadSubject
from tests.assigned import Assigned
from tests.crowd import make_crowd

S = Assignment.State
ANSWER = {"T1": "none", "T1.1": "ยังไม่มีงบประมาณ"}


@pytest.fixture
def site(world: Assigned, client: Client) -> Client:
    client.force_login(world.coordinator)
    return client


def url(world: Assigned, name: str = "review", part: Assignment | None = None) -> str:
    return f"{world.base}parts/{(part or world.part()).pk}/{name}/"


def seen(text: str) -> dict[str, str]:
    """What the page posts along by itself."""
    return {name: text.split(f'name="{name}" value="')[1].split('"')[0] for name in ("seen", "reviewed")}


def ask(world: Assigned, about: str = "T1", text: str = "ปีใด") -> Any:
    subject = ThreadSubject(world.flow.question(about)) if about else None
    return threads.start_thread(
        by=world.secretariat, response=world.contribution(), text=text, about=subject, must_answer=True
    )


def test_the_page_says_everything_before_it_goes(world: Assigned, site: Client) -> None:
    world.answer("T1", {"T1": "done"})
    Response.objects.get(agency=world.people.a1).answers.update(unsure=True, note="ไม่แน่ใจวันที่")
    comment = ask(world)
    text = site.get(url(world)).content.decode()
    for said in ("ตรวจก่อนส่ง", "ยังไม่มีหลักฐาน", "ยังไม่ได้ตอบ", "ไม่แน่ใจวันที่", "ปีใด", "ระดับ 5 ต้องมีอะไร"):
        assert said in text, said
    assert 'name="why:T1"' in text
    assert 'name="why:T2"' not in text
    assert f"/threads/T1/#c{comment.pk}" in text
    assert "#e%3AT1" in text  # straight to the evidence place
    assert "T5.1" not in text  # another agency's


def test_what_was_not_seen_is_not_handed_in(world: Assigned, site: Client) -> None:
    world.answer("T1", ANSWER)
    before = seen(site.get(url(world)).content.decode())
    for posted in ({}, {"reviewed": "0" * 16}):
        assert site.post(url(world, "submit"), posted).status_code == 409
    world.answer("T1", {**ANSWER, "T1.1": "เปลี่ยนหลังตรวจ"})
    refused = site.post(url(world, "submit"), before)
    assert refused.status_code == 409
    said = refused.content.decode()
    assert "เปลี่ยนหลังตรวจ" in said
    assert "โปรดตรวจสิ่งที่จะส่งอีกครั้ง" in said.split('id="hand-in"')[1]
    assert world.part().state == S.OPEN
    assert site.post(url(world, "submit"), seen(said)).status_code == 302
    assert world.part().state == S.SUBMITTED


def test_missing_evidence_asks_for_its_reason_at_its_question(world: Assigned, site: Client) -> None:
    world.answer("T1", {"T1": "done"})
    shown = seen(site.get(url(world)).content.decode())
    refused = site.post(url(world, "submit"), shown)
    assert refused.status_code == 422
    said = refused.content.decode()
    assert "โปรดระบุเหตุผลของแต่ละข้อ" in said.split('id="hand-in"')[1]
    assert 'aria-invalid="true"' in said
    assert site.post(url(world, "submit"), {**shown, "why:T1": "รอประกาศ"}).status_code == 302
    assert world.part().evidence_reasons == {"T1": "รอประกาศ"}
    site.force_login(world.secretariat)
    for page in ("board/A1/", "waiting/", f"parts/{world.part().pk}/"):
        assert "รอประกาศ" in site.get(world.base + page).content.decode(), page


def test_an_earlier_reason_is_shown_as_earlier(world: Assigned, site: Client) -> None:
    world.answer("T1", {"T1": "done"})
    world.move("submit", evidence_reasons={"T1": "รอประกาศ"})
    world.move("return", reason="ขอเร่งรัด")
    text = site.get(url(world)).content.decode()
    assert "รอประกาศ</textarea>" in text
    assert "เหตุผลที่ให้ไว้เมื่อส่งครั้งก่อน" in text
    assert "ขอเร่งรัด" in text


def test_a_refusal_stands_where_it_was_pressed_and_leads_to_the_remark(world: Assigned, site: Client) -> None:
    world.answer("T1", ANSWER)
    comment = ask(world)
    whole = ask(world, "", "ทั้งชุด")
    page = site.get(url(world)).content.decode()
    assert f'parts/{world.part().pk}/submit/#hand-in"' in page
    refused = site.post(url(world, "submit"), seen(page))
    assert refused.status_code == 422
    where = refused.content.decode().split('id="hand-in"')[1]
    assert "2 เรื่องที่ต้องตอบก่อนส่ง" in where
    response = world.contribution()
    assert f"/r/{response.pk}/threads/T1/#c{comment.pk}" in where
    assert f"/r/{response.pk}/threads/#c{whole.pk}" in where
    for thread in (comment, whole):
        threads.reply_to_thread(by=world.coordinator, response=response, thread=thread, text="ตอบแล้ว")
    page = site.get(url(world)).content.decode()
    assert 'id="demands"' not in page
    assert site.post(url(world, "submit"), seen(page)).status_code == 302


def test_what_happens_next_is_said_and_until_when_it_comes_back(world: Assigned, site: Client) -> None:
    world.answer("T1", ANSWER)
    done = site.post(url(world, "submit"), seen(site.get(url(world)).content.decode()))
    assert done["Location"] == url(world, "done")
    text = site.get(url(world, "done")).content.decode()
    assert "ต่อไปเป็นอย่างไร" in text
    assert "ถอนกลับมาแก้ไขได้ จนกว่าฝ่ายเลขานุการจะรับ" in text
    assert "เหลืออีก 1 ส่วน" in text
    assert "ทำส่วนถัดไป" in text
    assert site.get(url(world))["Location"] == url(world, "done")  # nothing to review any more
    world.move("accept")
    text = site.get(url(world, "done")).content.decode()
    assert "ถอนกลับเองไม่ได้แล้ว" in text
    world.move("return", reason="ปีใด")
    assert site.get(url(world, "done"))["Location"] == url(world)


def test_the_last_moment_is_the_committees_when_it_has_endorsed(world: Assigned, site: Client) -> None:
    world.submitted()
    closing = site.get(url(world, "done")).content.decode()
    provincial = Response.objects.filter(pk=world.flow.response.pk)
    provincial.update(state=Response.State.ENDORSED, late_until=world.day(2))
    assert site.get(url(world, "done")).content.decode() != closing


def test_nothing_to_report_and_not_ours_are_acts_of_their_own(world: Assigned, site: Client) -> None:
    part = world.part(name="T8")
    text = site.get(url(world, part=part)).content.decode()
    assert "/submit/" not in text.split('id="hand-in"')[1].split("</form>")[0]
    assert 'type="submit">ส่งส่วนนี้' not in text
    refused = site.post(url(world, "nothing", part), {"reason": " "})
    assert refused.status_code == 422
    assert "โปรดระบุเหตุผล" in refused.content.decode().split('id="other"')[1]
    done = site.post(url(world, "nothing", part), {"reason": "ไม่มีศูนย์"})
    assert done["Location"] == url(world, "done", part)
    assert "แจ้งแล้วว่าไม่มีข้อมูลจะรายงาน" in site.get(url(world, "done", part)).content.decode()
    done = site.post(url(world, "decline"), {"reason": "เป็นของอำเภอ", "suggested": "A2"})
    assert done["Location"] == url(world, "done")
    assert "แจ้งแล้วว่าไม่ใช่งานของหน่วยงาน" in site.get(url(world, "done")).content.decode()
    assert [e.verb for e in Event.objects.filter(verb__startswith="part.").order_by("seq")] == [
        "part.nothing",
        "part.decline",
    ]


def test_the_page_is_the_agencys_own(world: Assigned, client: Client) -> None:
    for who in (world.secretariat, world.people.who(Role.COORDINATOR, "a2"), world.people.who(Role.GOVERNOR)):
        client.force_login(who)
        for name in ("review", "done"):
            assert client.get(url(world, name)).status_code == 404


@pytest.mark.parametrize("agencies", [1, pytest.param(12, marks=pytest.mark.slow)])
def test_the_pages_of_a_part_are_cheap(
    db: None, client: Client, django_assert_max_num_queries: Any, agencies: int
) -> None:
    crowd = make_crowd(agencies)
    mine = Assignment.objects.filter(round=crowd.round, agency=crowd.agencies[0])
    for user, states, name in (
        (crowd.coordinator, (S.OPEN, S.RETURNED), "review/"),
        (crowd.coordinator, (S.SUBMITTED,), "done/"),
        (crowd.secretariat, (S.SUBMITTED,), ""),
    ):
        client.force_login(user)
        for part in mine.filter(state__in=states):
            client.get(f"{crowd.base}parts/{part.pk}/{name}")
            with django_assert_max_num_queries(13):
                page = client.get(f"{crowd.base}parts/{part.pk}/{name}")
            assert page.status_code == 200
            assert len(page.content) < 150_000
