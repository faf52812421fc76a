"""The board: what a cell says, what narrows it, and what it costs for thirty agencies."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from survey.assigning.part_progress import most_urgent, part_status
from survey.assigning.targets import AssignmentTarget
from survey.contributing.views.progress_board import read_board
from survey.models import Assignment
from tests.assigned import Assigned
from tests.crowd import make_crowd

S = Assignment.State


@pytest.fixture
def site(world: Assigned, client: Client) -> Client:
    client.force_login(world.secretariat)
    return client


def test_what_a_part_is_called() -> None:
    day, later = Assigned.day(0), Assigned.day(1)
    given: dict[str, Any] = {"state": "open", "filled": 0, "due": later, "if_any": False, "today": day}
    assert part_status(**given) == "none"
    assert part_status(**{**given, "filled": 1}) == "started"
    assert part_status(**{**given, "today": Assigned.day(2)}) == "overdue"
    assert part_status(**{**given, "today": Assigned.day(2), "if_any": True}) == "none"
    assert part_status(**{**given, "today": Assigned.day(2), "if_any": True, "filled": 1}) == "overdue"
    for state in ("submitted", "accepted", "returned", "declined"):
        assert part_status(**{**given, "state": state, "filled": 1, "today": Assigned.day(2)}) == state
    assert part_status(**{**given, "state": "submitted"}) == "nothing"


def test_a_cell_shows_what_needs_somebody_first() -> None:
    assert most_urgent(["accepted", "started", "submitted"]) == "started"
    assert most_urgent(["accepted", "declined", "none"]) == "declined"
    assert most_urgent(["returned", "overdue"]) == "overdue"


def test_the_board_counts_and_derives(world: Assigned) -> None:
    world.answer("T1", {"T1": "none", "T1.1": "เหตุผล"})
    whole = read_board(world.round)
    assert list(whole.columns) == ["1.1", "1.2", "2.1"]
    a1 = next(line for line in whole.rows if line.agency == world.people.a1)
    assert a1.cells["1.1"].status == "started"
    assert (a1.cells["1.1"].progress.answered, a1.cells["1.1"].progress.total) == (2, 2)
    assert "1.2" not in a1.cells  # C is told, not asked
    assert a1.cells["2.1"].status == "none"
    world.due(-1)
    whole = read_board(world.round)
    assert whole.counts == {"overdue": 3, "none": 1}  # what is only "if any" is not overdue while empty
    world.move("submit")
    assert read_board(world.round).counts["submitted"] == 1


def test_evidence_that_is_missing_is_counted(world: Assigned) -> None:
    world.answer("T1", {"T1": "done"})
    a1 = next(line for line in read_board(world.round).rows if line.agency == world.people.a1)
    assert a1.cells["1.1"].progress.missing_evidence == 1


def test_what_is_missing_in_all_is_said_above(world: Assigned, site: Client) -> None:
    assert "⚑ 1<" not in site.get(world.base + "board/").content.decode()
    world.answer("T1", {"T1": "done"})
    assert '<span class="lack">⚑ 1<' in site.get(world.base + "board/").content.decode()


def test_a_declined_part_asks_for_nothing_more(world: Assigned) -> None:
    world.move("decline", reason="ไม่ใช่")
    a1 = next(line for line in read_board(world.round).rows if line.agency == world.people.a1)
    assert a1.cells["1.1"].status == "declined"
    assert a1.cells["1.1"].progress.total == 0
    assert a1.total.parts == 1


def test_the_board_can_be_narrowed(world: Assigned, site: Client) -> None:
    world.submitted()
    url = world.base + "board/"
    everything = site.get(url).content.decode()
    assert world.people.a1.name_th in everything
    assert world.people.a2.name_th in everything
    handed_in = site.get(url + "?status=submitted").content.decode()
    assert world.people.a1.name_th in handed_in
    assert world.people.a2.name_th not in handed_in
    pillar = site.get(url + "?pillar=2").content.decode()
    assert '<th scope="col" title="หลักสูตร">2.1' in pillar
    assert '<th scope="col" title="จุดบริการ">1.1' not in pillar
    assert "ไม่มีหน่วยงานตามที่กรอง" in site.get(url + "?status=accepted").content.decode()
    assert site.get(url + "?status=%00&pillar=zz").status_code == 200


def test_a_part_with_nothing_to_report_is_seen_as_that(world: Assigned, site: Client) -> None:
    world.move("nothing", reason="ปีนี้ไม่ได้จัดบริการ")
    a1 = next(line for line in read_board(world.round).rows if line.agency == world.people.a1)
    cell = a1.cells["1.1"]
    assert (cell.status, cell.handed_in, cell.parts, cell.progress.total) == ("nothing", 1, 1, 0)
    for page in ("board/", "board/A1/", "waiting/", f"parts/{world.part().pk}/", "assignments/A1/1.1/"):
        text = site.get(world.base + page).content.decode()
        assert "ไม่มีข้อมูลจะรายงาน" in text, page
        assert "ตอบแล้ว 0 จาก" not in text.split(f'id="part-{world.part().pk}"')[-1].split("</article>")[0]
    for page in ("board/A1/", "waiting/", f"parts/{world.part().pk}/"):
        assert "ปีนี้ไม่ได้จัดบริการ" in site.get(world.base + page).content.decode(), page
    world.move("accept")
    assert "รับแล้ว: ไม่มีข้อมูลจะรายงาน" in site.get(world.base + "board/").content.decode()
    assert "รับแล้ว: ไม่มีข้อมูลจะรายงาน" in site.get(world.base + "board/A1/").content.decode()


def test_a_cell_leads_to_the_part_that_waits_first(world: Assigned, site: Client) -> None:
    world.give(world.people.a1, AssignmentTarget(question="T2"))
    part = world.submitted()
    text = site.get(world.base + "board/").content.decode()
    assert f'href="../parts/{part.pk}/"' in text


def test_a_part_is_read_accepted_and_sent_back(world: Assigned, site: Client) -> None:
    part = world.submitted()
    url = world.base + "board/A1/"
    assert f"/parts/{part.pk}/" in site.get(url).content.decode()
    text = site.get(f"{world.base}parts/{part.pk}/").content.decode()
    assert f"/parts/{part.pk}/accept/" in text
    assert "เหตุผล" in text
    back = f"{world.base}parts/{part.pk}/return/"
    refused = site.post(back, {"reason": " "})
    assert refused.status_code == 422
    assert "โปรดระบุเหตุผล" in refused.content.decode().split('id="decide"')[1]
    done = site.post(back, {"reason": "ขอฉบับลงนาม", "seen": part.state_at.isoformat()})  # type: ignore[union-attr]
    assert done["Location"] == f"{url}#part-{part.pk}"
    assert world.part().state_note == "ขอฉบับลงนาม"
    assert site.post(back, {"reason": "อีก"}).status_code == 409
    assert site.post(f"{world.base}parts/{part.pk}/nothing/").status_code == 404


def test_a_declined_part_goes_to_whom_was_suggested_in_one_click(world: Assigned, site: Client) -> None:
    part = world.move("decline", reason="ไม่มีภารกิจ", suggested=world.people.a2)
    site.post(f"{world.base}parts/{part.pk}/hand-over/")
    moved = world.part(world.people.a2, "1.1")
    assert (moved.pk, moved.state, moved.suggested) == (part.pk, S.OPEN, None)
    assert site.post(f"{world.base}parts/{part.pk}/hand-over/").status_code == 409


def test_readers_look_and_touch_nothing(world: Assigned, client: Client) -> None:
    part = world.submitted()
    client.force_login(world.people.who("committee"))  # type: ignore[arg-type]
    assert f"/parts/{part.pk}/" in client.get(world.base + "board/A1/").content.decode()
    assert f"/parts/{part.pk}/accept/" not in client.get(f"{world.base}parts/{part.pk}/").content.decode()
    assert client.post(f"{world.base}parts/{part.pk}/accept/").status_code == 404


# -- size -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("agencies", [1, pytest.param(30, marks=pytest.mark.slow)])
def test_the_board_is_small_and_cheap(
    db: None, client: Client, django_assert_max_num_queries: Any, agencies: int
) -> None:
    crowd = make_crowd(agencies, every=True)
    client.force_login(crowd.secretariat)
    client.get(crowd.base + "board/")
    with django_assert_max_num_queries(10):
        page = client.get(crowd.base + "board/")
    assert len(page.content) <= 100_000
    assert len(re.findall(rb"<tr><th scope=.row.", page.content)) == agencies + 1


@pytest.mark.parametrize("agencies", [1, pytest.param(30, marks=pytest.mark.slow)])
def test_the_matrix_is_cheap(db: None, client: Client, django_assert_max_num_queries: Any, agencies: int) -> None:
    crowd = make_crowd(agencies)
    client.force_login(crowd.secretariat)
    client.get(crowd.base + "assignments/")
    with django_assert_max_num_queries(10):
        page = client.get(crowd.base + "assignments/?open=5.2")
    assert page.status_code == 200
    assert len(page.content) <= 100_000


def test_a_target_without_a_sub_pillar_has_a_column_of_its_own(world: Assigned, site: Client) -> None:
    world.give(world.people.a1, AssignmentTarget(question="T0.mail"))
    assert list(read_board(world.round).columns)[-1] == ""
    assert site.get(world.base + "board/").status_code == 200
    assert site.get(world.base + "assignments/A1/-/").status_code == 200


def test_agency_sub_pillar_and_state_narrow_together(world: Assigned, site: Client) -> None:
    world.submitted()
    one, two = world.people.a1, world.people.a2
    url = world.base + "board/"
    for asked in (one.name_th, one.name_th[:-1], one.code.lower()):
        found = site.get(url, {"q": asked}).content.decode()
        assert f'<a href="{one.code}/">' in found
    assert f'<a href="{two.code}/">' not in site.get(url, {"q": one.code}).content.decode()
    sub = site.get(url, {"pillar": "1.1"}).content.decode()
    assert f'<a href="{one.code}/">' in sub
    assert f'<a href="{two.code}/">' not in sub
    assert len(re.findall('<th scope="col" title=', sub)) == 1
    both = site.get(url, {"pillar": "1.1", "status": "submitted", "q": "A"}).content.decode()
    assert f'<a href="{one.code}/">' in both
    assert "?status=overdue&amp;pillar=1.1&amp;q=A" in both  # the tiles keep what else is asked
    world.due(-1)
    late = site.get(url, {"status": "overdue", "q": two.code}).content.decode()
    assert f'<a href="{two.code}/">' in late
    assert "ไม่มีหน่วยงานตามที่กรอง" in site.get(url, {"status": "overdue", "pillar": "1.1"}).content.decode()
    assert site.get(url, {"q": "\x00<script>", "pillar": "9" * 300}).status_code == 200
