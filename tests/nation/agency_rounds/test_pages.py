"""Pages of years that each agency answers: rates on the page, queries and bytes at any size, files, who may see."""

import csv
import io
import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from nation.agency_rounds.counting import count_agencies
from survey.models import Assignment, Response
from tests.factories import AgencyFactory
from tests.nation.agency_rounds.many import make_agency_nation
from tests.nation.agency_rounds.nation_2559 import ANSWERED_BY_KIND
from tests.nation.agency_rounds.world import AgencyWorld
from tests.people import People

MOST_QUERIES, MOST_BYTES = 10, 150_000
YEAR = 2559


def read(client: Client, url: str) -> tuple[str, int]:
    """The page and how many queries it took, once everything that a process keeps is kept."""
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = client.get(url).content.decode()
    return page, len(asked)


@pytest.mark.parametrize("count", [1, 3, 76])
def test_the_page_of_the_nation_asks_as_much_at_any_size(count: int, people: People, client: Client) -> None:
    make_agency_nation(count)
    client.force_login(people.who(Role.CENTRAL_ADMIN))
    page, queries = read(client, f"/nation/{YEAR}/agencies/")
    assert queries <= MOST_QUERIES
    assert len(page.encode()) <= MOST_BYTES
    _desk, queries = read(client, f"/nation/{YEAR}/")
    assert queries <= MOST_QUERIES
    code = "TX-2"
    page, queries = read(client, f"/p/{code}/{YEAR}/agencies/")
    assert queries <= MOST_QUERIES
    if count == 76:
        whole = json.loads(client.get(f"/nation/{YEAR}/agencies/data.json").content)
        assert (whole["asked"], whole["answered"], whole["uncounted"]) == (532, 466, 0)
        blocks = {block["key"]: block for block in whole["blocks"]}
        assert {row["key"]: row["count"] for row in blocks["rates.kinds"]["rows"]} == ANSWERED_BY_KIND
        assert [row["count"] for row in blocks["rates.provinces"]["rows"]] == [43, 14, 10, 4, 5, 0, 0, 0]
        shown, _queries = read(client, f"/nation/{YEAR}/agencies/")
        for block in blocks.values():
            assert block["sentence"]["th"] in shown.replace("&quot;", '"')
        rows = list(
            csv.DictReader(io.StringIO(client.get(f"/nation/{YEAR}/agencies/data.csv").content.decode("utf-8-sig")))
        )
        told = {(row["block"], row["row"]): row for row in rows}
        for key, block in blocks.items():
            for row in block["rows"]:
                line = told[key, row["key"]]
                assert line["count"] == ("" if row["count"] is None else str(row["count"]))
                assert line["percent"] == (row["percent"] or "")
                assert line["value"] == row.get("value", "")


def test_the_page_of_a_province_tells_who_answered(agency_world: AgencyWorld, client: Client) -> None:
    agency_world.answer("PO", 80)
    agency_world.answer("REVENUE", 40)
    client.force_login(agency_world.people.who(Role.SECRETARIAT))
    url = reverse("nation:agency-round", args=[agency_world.province.code, YEAR])
    page = client.get(url).content.decode()
    assert "ยังไม่ได้คิดคะแนนของอีก 2 หน่วยงาน" in page
    assert "ท่องเที่ยว" in page, "a kind without an agency is named"
    count_agencies(YEAR)
    page = client.get(url).content.decode()
    assert "ตอบแล้ว 2 จาก 6 หน่วยงาน" in page
    assert "คะแนนเฉลี่ยรวม 60.00" in page
    assert "ถาม 6 · ตอบ 2 · n = 2" in page
    rows = list(csv.DictReader(io.StringIO(client.get(url + "data.csv").content.decode("utf-8-sig"))))
    assert {row["agency"]: (row["standing"], row["total"]) for row in rows} == {
        **dict.fromkeys(agency_world.agencies, ("open", "")),
        "PO": ("answered", "80.00"),
        "REVENUE": ("answered", "40.00"),
    }
    whole = json.loads(client.get(url + "data.json").content)
    assert (whole["asked"], whole["answered"], whole["province"]) == (6, 2, agency_world.province.code)
    overview = client.get(reverse("survey:round", args=[agency_world.province.code, YEAR])).content.decode()
    assert url in overview


def test_agencies_that_came_later_are_asked_from_the_page(agency_world: AgencyWorld, client: Client) -> None:
    client.force_login(agency_world.people.who(Role.SECRETARIAT))
    url = reverse("nation:agency-round", args=[agency_world.province.code, YEAR])
    assert "มอบแบบสำรวจทั้งฉบับ" not in client.get(url).content.decode()
    AgencyFactory(province=agency_world.province, code="TOURISM")
    assert "มอบแบบสำรวจทั้งฉบับ" in client.get(url).content.decode()
    assert client.post(url + "ask/").status_code == 302
    assert Assignment.objects.filter(agency__code="TOURISM").count() == 17


def test_the_centre_is_led_from_desk_and_report(agency_world: AgencyWorld, client: Client) -> None:
    client.force_login(agency_world.people.who(Role.CENTRAL_ADMIN))
    url = f"/nation/{YEAR}/agencies/"
    desk = client.get(f"/nation/{YEAR}/").content.decode()
    assert f"{YEAR} · หน่วยงานตอบเอง" in desk
    assert url in desk
    assert client.get(f"/nation/{YEAR}/report/").headers["Location"] == url
    for page in ("", "releases/", "reasons/", "replies/", "act/", "agencies/"):
        shown = client.get(f"/nation/{YEAR}/{page}").content.decode()
        tabs = shown[shown.index('<nav class="tabs"') :]
        tabs = tabs[: tabs.index("</nav>")]
        assert url in tabs, "the page itself is listed"
        assert f"/nation/{YEAR}/report/" not in tabs, "not one that only leads to it"
    assert client.get(url.replace(str(YEAR), "2600")).status_code == 404


def test_pages_of_the_provincial_answer_lead_to_the_averages(agency_world: AgencyWorld, client: Client) -> None:
    """An empty answer is shown nowhere as a score of 0, and the menu lists the averages in its place."""
    client.force_login(agency_world.people.who(Role.SECRETARIAT))
    response = Response.objects.get(round=agency_world.round, agency=None)
    url = reverse("nation:agency-round", args=[agency_world.province.code, YEAR])
    for name in ("scoring:score", "survey:brief", "survey:check", "survey:consolidate"):
        assert client.get(reverse(name, args=[response.pk])).headers["Location"] == url
    for page in (url, reverse("survey:board", args=[agency_world.province.code, YEAR]), "/accounts/tokens/"):
        shown = client.get(page).content.decode()
        menu = re.findall(r'<a class="nav-link(?: active)?"\s+href="([^"]+)"', shown)
        assert url in menu, page
        assert not [link for link in menu if re.search(r"/(score|brief|check|consolidate)/", link)], page
    agency_world.answer("PO", 80)
    own = Response.objects.get(round=agency_world.round, agency__code="PO")
    assert "80" in client.get(reverse("scoring:score", args=[own.pk])).content.decode()


def test_a_province_sees_neither_the_nation_nor_another_province(agency_world: AgencyWorld, client: Client) -> None:
    people = agency_world.people
    client.force_login(people.who(Role.SECRETARIAT, "b"))
    for url in (f"/nation/{YEAR}/agencies/", f"/p/{people.a.code}/{YEAR}/agencies/"):
        for rest in ("", "data.csv", "data.json"):
            assert client.get(url + rest).status_code in (403, 404)
