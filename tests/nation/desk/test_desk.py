"""The centre's desk: one table of all provinces, its filters, orders and limits, and its workbook."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import Province
from accounts.roles import Role
from nation.desk.listing import read_desk_query, select_rows
from nation.desk.queries import list_desk_years, read_desk
from nation.desk.rows import rank_totals
from nation.models import ProvinceFigures
from survey.models import Event, Response, Round
from tests.assigned import make_assigned
from tests.factories import MembershipFactory, UserFactory
from tests.nation.desk.worlds import make_nation, publish_total
from tests.people import People
from tests.trial import publish

pytestmark = pytest.mark.django_db
ROW = re.compile(r'<tr><th scope="row"><a href="([^"]+)">([^<]+)</a>')


@pytest.fixture
def centre() -> Client:
    client = Client()
    client.force_login(MembershipFactory(user=UserFactory(), role=Role.CENTRAL_ADMIN, province=None).user)
    return client


def names(html: str) -> list[str]:
    return [name for _url, name in ROW.findall(html)]


def desk(client: Client, year: int, query: str = "") -> str:
    response = client.get(f"/nation/{year}/{query}")
    assert response.status_code == 200, response
    return response.content.decode()


@pytest.mark.parametrize("number", [1, 3, 76])
@pytest.mark.parametrize("query", ["", "?size=all&rank=1&map=progress"])
def test_ten_queries_whatever_the_number_of_provinces(
    centre: Client, django_assert_max_num_queries: Any, number: int, query: str
) -> None:
    year = make_nation(number)[0].year
    desk(centre, year)  # what is kept by the process is there
    with django_assert_max_num_queries(10):
        html = desk(centre, year, query)
    assert len(html.encode()) <= 150_000


def test_all_76_are_there_with_or_without_a_round(centre: Client) -> None:
    rounds = make_nation(76)
    rounds[5].delete()
    html = desk(centre, rounds[0].year, "?size=all")
    assert len(names(html)) == 76
    assert html.count('<li class="c') == 76
    [url] = [url for url, name in ROW.findall(html) if name == rounds[5].province.name]
    assert url == f"/p/{rounds[5].province.code}/rounds/"
    assert "ยังไม่เปิดรอบ" in html


def test_a_page_has_25_and_the_next_goes_on(centre: Client) -> None:
    year = make_nation(76)[0].year
    first, last = names(desk(centre, year, "?sort=name")), names(desk(centre, year, "?sort=name&page=4"))
    assert (len(first), len(last)) == (25, 1)
    assert not set(first) & set(last)


def test_bands_come_first_and_ranks_only_when_asked(centre: Client) -> None:
    rounds = make_nation(6)
    year = rounds[0].year
    for round_, score in zip(rounds, ("70.00", "80.00", "80.00", "60.00"), strict=False):
        publish_total(round_.province, year, score)
    html = desk(centre, year)
    assert ">อันดับ</a>" not in html
    by_rank = [row.official.rank for row in read_desk(year) if row.official]
    assert sorted(by_rank) == [1, 1, 3, 4]
    # Published level 3 of the four, estimates 5 and 1 of the others: bands from the highest, letters inside a band.
    bands = re.findall(r'<span class="level-(\d)">', html)
    assert bands == ["5", "3", "1"]
    inside = [row.province.sort_key for row in select_rows(read_desk(year), read_desk_query({})) if row.band == 3]
    assert inside == sorted(inside)
    assert ">อันดับ</a>" in desk(centre, year, "?rank=1")
    assert "aria-sort" not in desk(centre, year, "?sort=rank")


def test_published_ranks_are_taken_as_they_are() -> None:
    rounds = make_nation(3)
    publish_total(rounds[0].province, rounds[0].year, "50.00", rank=60)
    publish_total(rounds[1].province, rounds[0].year, "49.00")
    ranks = {row.province.code: row.official.rank for row in read_desk(rounds[0].year) if row.official}
    assert ranks == {rounds[0].province.code: 60, rounds[1].province.code: None}
    assert rank_totals([Decimal(3), Decimal(5), Decimal(5), Decimal(4)]) == {5: 1, 4: 3, 3: 4}


@pytest.mark.parametrize(
    "key", ["name", "region", "kpi", "state", "progress", "evidence", "points", "left", "estimate", "official", "rank"]
)
def test_each_column_sorts_both_ways_and_what_is_unknown_comes_last(centre: Client, key: str) -> None:
    rounds = make_nation(8)
    year = rounds[0].year
    rounds[0].delete()
    for number, round_ in enumerate(rounds[1:4]):
        publish_total(round_.province, year, f"{50 + number}.00")
    html = desk(centre, year, f"?rank=1&sort={key}")
    assert html.count('aria-sort="ascending"') == 1
    assert f"sort=-{key}" in html
    rows = read_desk(year)
    up = select_rows(rows, read_desk_query({"rank": "1", "sort": key}))
    down = select_rows(rows, read_desk_query({"rank": "1", "sort": f"-{key}"}))
    assert len(up) == len(down) == 8
    if key in ("progress", "points", "left", "estimate", "official", "rank"):
        unknown = [row for row in rows if (row.official if key in ("official", "rank") else row.round) is None]
        assert up[-len(unknown) :] == down[-len(unknown) :] == unknown
    if key == "points":
        points = [row.counted.open_points for row in up if row.counted]
        assert points == sorted(points)
        assert [row.counted.open_points for row in down if row.counted] == points[::-1]


def test_filters_and_search_narrow_the_table(centre: Client) -> None:
    rounds = make_nation(76)
    year = rounds[0].year
    Response.objects.filter(round=rounds[3]).update(state=Response.State.SUBMITTED)
    ProvinceFigures.objects.filter(response__round=rounds[4]).update(answered=0)
    assert names(desk(centre, year, "?state=submitted")) == [rounds[3].province.name]
    assert names(desk(centre, year, "?help=not_begun")) == [rounds[4].province.name]
    assert len(names(desk(centre, year, "?region=west&size=all"))) == 5
    assert len(names(desk(centre, year, "?kpi=3&size=all"))) == 6
    assert names(desk(centre, year, "?q=TH-57")) == names(desk(centre, year, "?q=chiang+rai")) == ["เชียงราย"]
    assert "ไม่พบจังหวัดตามที่ค้น" in desk(centre, year, "?q=nowhere")
    assert len(names(desk(centre, year, "?state=foolish&sort=worse&page=x&map=y"))) == 25


def test_a_list_of_attention_says_how_many_more_there_are(centre: Client) -> None:
    year = make_nation(10)[0].year
    ProvinceFigures.objects.update(answered=0)
    html = desk(centre, year)
    assert "ยังไม่เริ่ม: อีก 4 จังหวัด" in html
    assert 'href="?help=not_begun#provinces"' in html
    assert "เปิดรอบมา 40 วัน ยังไม่ตอบข้อใด" in html


def test_an_official_result_of_the_running_year_stands_beside_the_estimate(centre: Client) -> None:
    rounds = make_nation(2)
    html = desk(centre, rounds[0].year)
    assert "≈1" in html
    publish_total(rounds[0].province, rounds[0].year, "61.25", level=4)
    html = desk(centre, rounds[0].year)
    assert "61.25 <small>ระดับ 4</small>" in html
    assert "≈ 20.00 <small>15.00–25.00 · ระดับ 1</small>" in html
    assert re.search(r'class="lv4" href="[^"]+"><b>สป</b> <i>4</i>', html)


def test_an_estimate_says_that_the_answer_changed_since(centre: Client) -> None:
    rounds = make_nation(2)
    assert "คำตอบเปลี่ยนหลังนับ" not in desk(centre, rounds[0].year)
    Response.objects.filter(round=rounds[0]).update(version=8)
    assert desk(centre, rounds[0].year).count("คำตอบเปลี่ยนหลังนับ") == 1


def test_days_in_a_state_are_counted_from_the_last_step(centre: Client) -> None:
    round_ = make_nation(1)[0]
    response = Response.objects.get(round=round_)
    [row] = read_desk(round_.year)
    assert row.round is not None
    assert row.round.days_in_state == 40  # since the round opened
    for seq, verb, days in ((1, "response.submit", 9), (2, "response.return", 4), (3, "answer.save", 1)):
        Event.objects.create(
            response=response, seq=seq, verb=verb, at=timezone.now() - timedelta(days=days), hash=f"{seq}", data={}
        )
    [row] = read_desk(round_.year)
    assert row.round is not None
    assert row.round.days_in_state == 4


def test_parts_that_are_overdue_count_near_the_end_only(people: People) -> None:
    world = make_assigned(people)
    world.due(-2)
    year = world.round.year
    [row] = [row for row in read_desk(year) if row.province.id == people.a.pk]
    assert row.round is not None
    assert row.round.overdue > 0
    Round.objects.filter(pk=world.round.pk).update(closes_at=timezone.now() + timedelta(days=3))
    [row] = [row for row in read_desk(year) if row.province.id == people.a.pk]
    assert "parts_overdue" in [concern.reason for concern in row.concerns]
    Round.objects.filter(pk=world.round.pk).update(closes_at=timezone.now() - timedelta(days=3))
    [row] = [row for row in read_desk(year) if row.province.id == people.a.pk]
    assert row.round is not None
    assert row.round.is_closed
    assert row.round.overdue == 0


def test_a_form_published_ahead_has_its_desk_before_any_round(centre: Client) -> None:
    year = publish().year
    assert list_desk_years() == [year]
    assert centre.get("/nation/")["Location"] == f"/nation/{year}/"
    assert centre.get(f"/nation/{year - 1}/").status_code == 404
    assert "ไม่พบจังหวัด" in desk(centre, year)


def test_the_workbook_has_all_pages_as_filtered_and_no_formula(centre: Client) -> None:
    rounds = make_nation(30)
    year = rounds[0].year
    Province.objects.filter(pk=rounds[0].province.pk).update(name_th="=HYPERLINK(1)")
    publish_total(rounds[0].province, year, "61.25")
    response = centre.get(f"/nation/{year}/provinces.xlsx?sort=name")
    sheet = load_workbook(BytesIO(response.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows())
    assert len(rows) == 31
    assert "อันดับ" not in [cell.value for cell in rows[0]]
    [formula] = [row for row in rows if row[1].value == "=HYPERLINK(1)"]
    assert formula[1].data_type == "s"
    assert 61.25 in [cell.value for cell in formula]
    narrowed = centre.get(f"/nation/{year}/provinces.xlsx?q=TH-11&rank=1")
    sheet = load_workbook(BytesIO(narrowed.content)).active
    assert sheet is not None
    assert sheet.max_row == 2
    assert sheet.cell(1, sheet.max_column).value == "อันดับ"
    assert sheet.cell(2, sheet.max_column).value == 1
