"""The parts that wait for the secretariat: one after the other, or several at once, as they were seen."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from survey.models import Assignment, Event, Notice
from tests.assigned import Assigned
from tests.crowd import make_crowd

S = Assignment.State


@pytest.fixture
def site(world: Assigned, client: Client) -> Client:
    client.force_login(world.secretariat)
    return client


def two(world: Assigned) -> tuple[Assignment, Assignment]:
    """Two parts of a1 that wait."""
    return world.submitted(), world.move("nothing", world.part(name="T8"), reason="ไม่มี")


def key(part: Assignment) -> str:
    assert part.state_at is not None
    return f"{part.pk}@{part.state_at.isoformat()}"


def decide(world: Assigned, site: Client, parts: Any, do: str = "accept", **more: str) -> Any:
    return site.post(f"{world.base}waiting/decide/", {"part": [key(p) for p in parts], "do": do, **more})


def test_the_list_is_read_by_agency_and_leads_to_the_parts(world: Assigned, site: Client) -> None:
    parts = two(world)
    text = site.get(f"{world.base}waiting/").content.decode()
    for part in parts:
        assert f'value="{key(part)}"' in text
        assert f"/parts/{part.pk}/" in text
    assert "ไม่มีส่วนที่รอรับ" in site.get(f"{world.base}waiting/?agency=A2").content.decode()
    assert site.get(f"{world.base}waiting/?agency=%00&page=zz").status_code == 200


def test_several_are_accepted_at_once_as_they_were_seen(world: Assigned, site: Client) -> None:
    first, second = two(world)
    world.move("withdraw", second)
    world.move("nothing", world.part(name="T8"), reason="ไม่มีจริง")
    done = decide(world, site, (first, second))
    assert done["Location"] == f"{world.base}waiting/"
    assert world.part().state == S.ACCEPTED
    assert world.part(name="T8").state == S.SUBMITTED
    assert "1 ส่วนเปลี่ยนไปหลังจากเปิดหน้านี้" in site.get(done["Location"]).content.decode()


def test_nothing_chosen_is_said_at_the_buttons(world: Assigned, site: Client) -> None:
    two(world)
    refused = decide(world, site, ())
    assert refused.status_code == 422
    assert "โปรดเลือกอย่างน้อยหนึ่งส่วน" in refused.content.decode().split('id="decide"')[1]


def test_a_common_reason_is_shown_as_such_and_an_own_one_is_not(world: Assigned, site: Client) -> None:
    first, second = two(world)
    refused = decide(world, site, (first, second), "return", **{f"reason:{first.pk}": "ขอปีงบประมาณ"})
    assert refused.status_code == 422
    said = refused.content.decode()
    assert "หรือเหตุผลร่วม" in said.split('id="decide"')[1]
    assert "ขอปีงบประมาณ</textarea>" in said
    assert said.count(" checked") == 2
    assert {world.part().state, world.part(name="T8").state} == {S.SUBMITTED}
    assert decide(world, site, (first, second), "return", reason="ขอเอกสารลงนาม").status_code == 302
    assert [(p.state, p.state_note, p.returned_with) for p in (world.part(), world.part(name="T8"))] == [
        (S.RETURNED, "ขอเอกสารลงนาม", 2)
    ] * 2
    assert {e.data["shared"] for e in Event.objects.filter(verb="part.return")} == {2}
    notice = Notice.objects.get(kind="part.return", user=world.coordinator)
    assert notice.data["what"] == "1.1, T8"
    site.force_login(world.coordinator)
    assert "เหตุผลร่วมของ 2 ส่วน" in site.get(world.base + "desk/").content.decode()


def test_of_two_reasons_each_part_gets_its_own(world: Assigned, site: Client) -> None:
    first, second = two(world)
    own = {f"reason:{first.pk}": "ขอปีงบประมาณ"}
    assert decide(world, site, (first, second), "return", reason="ขอเอกสาร", **own).status_code == 302
    one, other = world.part(), world.part(name="T8")
    assert (one.state_note, one.returned_with) == ("ขอปีงบประมาณ", 0)
    assert (other.state_note, other.returned_with) == ("ขอเอกสาร", 0)  # alone with it
    assert Notice.objects.filter(kind="part.return", user=world.coordinator).count() == 2


def test_accepting_while_reading_leads_to_the_next_that_waits(world: Assigned, site: Client) -> None:
    first, second = two(world)
    page = f"{world.base}parts/{first.pk}/"
    assert "อีก 1 ส่วนของหน่วยงานนี้" in site.get(page).content.decode()
    assert site.post(f"{page}accept/")["Location"] == f"{world.base}parts/{second.pk}/"
    last = site.post(f"{world.base}parts/{second.pk}/accept/")
    assert last["Location"] == f"{world.base}board/A1/#part-{second.pk}"
    again = site.post(f"{page}accept/")
    assert again.status_code == 409
    assert 'role="alert"' in again.content.decode()


@pytest.mark.parametrize("agencies", [1, pytest.param(30, marks=pytest.mark.slow)])
def test_the_list_is_small_and_cheap(
    db: None, client: Client, django_assert_max_num_queries: Any, agencies: int
) -> None:
    crowd = make_crowd(agencies, every=True)
    client.force_login(crowd.secretariat)
    client.get(crowd.base + "waiting/")
    with django_assert_max_num_queries(10):
        page = client.get(crowd.base + "waiting/")
    assert len(page.content) < 150_000
